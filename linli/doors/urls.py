from django.urls import path

from linli.doors import tiles

app_name = "doors"
urlpatterns = [
    path("tiles/<slug:name>/<int:z>/<int:x>/<int:y>.mvt", tiles.tile, name="tile"),
]
