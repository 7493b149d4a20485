"""How Django knows this app."""

from django.apps import AppConfig


class HistoryConfig(AppConfig):
    """The columnar copy of the log."""

    name = "passerelle.apps.history"
    label = "history"
    default_auto_field = "django.db.models.BigAutoField"
