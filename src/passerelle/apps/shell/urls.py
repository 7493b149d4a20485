"""Addresses of the shell: what a reader chooses for all pages."""

from django.urls import path

from passerelle.apps.shell import choices

app_name = "shell"
urlpatterns = [
    path("language/", choices.choose_language, name="language"),
    path("theme/", choices.choose_theme, name="theme"),
]
