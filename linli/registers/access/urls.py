from django.contrib.auth.views import LogoutView
from django.urls import path

from linli.registers.access import views

app_name = "access"
urlpatterns = [
    path("login", views.Login.as_view(), name="login"),
    path("logout", LogoutView.as_view(), name="logout"),
    path("live/token", views.live_token, name="live_token"),
]
