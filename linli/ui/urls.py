"""Addresses of the parts themselves: what a person prefers, and the gallery."""

from __future__ import annotations

from django.urls import path

from linli.ui import views

app_name = "ui"

urlpatterns = [
    path("preferences/", views.preferences, name="preferences"),
    path("gallery/", views.gallery, name="gallery"),
    path("gallery/staff/", views.gallery_part, {"part": "staff"}, name="gallery_staff"),
    path("gallery/wall/", views.gallery_part, {"part": "wall"}, name="gallery_wall"),
    path("gallery/empty/", views.gallery_part, {"part": "empty"}, name="gallery_empty"),
    path("gallery/refusal/", views.gallery_refusal, name="gallery_refusal"),
]
