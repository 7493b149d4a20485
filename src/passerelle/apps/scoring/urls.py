"""Addresses of the agreement's pages."""

from __future__ import annotations

from django.urls import path

from passerelle.apps.scoring import views

app_name = "scoring"

urlpatterns = [
    path("", views.agreement, name="agreement"),
    path("versions/", views.versions, name="versions"),
    path("versions/<int:number>/", views.version, name="version"),
    path("versions/<int:number>/text/", views.download, name="download"),
    path("publish/", views.publish, name="publish"),
]
