"""Addresses of the parts themselves: what a person prefers, and the gallery."""

from __future__ import annotations

from django.urls import path

from linli.ui import views

app_name = "ui"

urlpatterns = [
    path("preferences/", views.preferences, name="preferences"),
    path("gallery/", views.gallery, name="gallery"),
    path("gallery/<slug:part>/", views.gallery_part, name="gallery_part"),
]
