"""How Django knows this app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People who use Passerelle."""

    name = "passerelle.apps.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the settings checked."""
        from passerelle.apps.accounts import checks  # noqa: F401, PLC0415  # registers itself
