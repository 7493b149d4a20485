"""Addresses of the pages about people that are not a lead's own."""

from __future__ import annotations

from django.urls import path

from passerelle.apps.people import views

app_name = "people"

urlpatterns = [
    path("imports/", views.all_imports, name="imports"),
    path("imports/<slug:key>/", views.one_import, name="import"),
    path("imports/<slug:key>/confirm/", views.confirm, name="confirm_import"),
    path("imports/<slug:key>/undo/", views.undo, name="undo_import"),
    path("imports/<slug:key>/discard/", views.discard, name="discard_import"),
    path("imports/<slug:key>/rejects.csv", views.rejects, name="import_rejects"),
]
