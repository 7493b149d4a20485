"""How Django knows this app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Leads and companies."""

    name = "passerelle.apps.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
