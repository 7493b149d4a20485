"""How Django knows this app."""

from django.apps import AppConfig


class CaptureConfig(AppConfig):
    """The log of events."""

    name = "passerelle.apps.capture"
    label = "capture"
    default_auto_field = "django.db.models.BigAutoField"
