"""How Django knows this app."""

from django.apps import AppConfig


class RunningConfig(AppConfig):
    """The processes that run."""

    name = "passerelle.apps.running"
    label = "running"
    default_auto_field = "django.db.models.BigAutoField"
