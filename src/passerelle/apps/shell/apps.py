"""How Django knows this app."""

from django.apps import AppConfig


class ShellConfig(AppConfig):
    """The frame of every page."""

    name = "passerelle.apps.shell"
    label = "shell"
    default_auto_field = "django.db.models.BigAutoField"
