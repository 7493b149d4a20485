"""How Django knows this app."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Pages of leads and companies."""

    name = "passerelle.apps.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"
