"""How Django knows this app."""

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    """Scores and transitions."""

    name = "passerelle.apps.scoring"
    label = "scoring"
    default_auto_field = "django.db.models.BigAutoField"
