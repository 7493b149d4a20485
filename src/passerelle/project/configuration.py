"""How an installation is set up: by environment variables or one TOML file, each documented."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)


class Configuration(BaseSettings):
    """What an installation may set; `PASSERELLE_<NAME>` in the environment goes before the file.

    The file is `passerelle.toml` in the working directory, or what `PASSERELLE_CONFIG` names.
    """

    model_config = SettingsConfigDict(env_prefix="PASSERELLE_", extra="ignore")

    data: Path = Path("passerelle-data")
    database_url: str = Field(
        "", validation_alias=AliasChoices("PASSERELLE_DATABASE_URL", "DATABASE_URL", "database_url")
    )
    history: str = ""
    secret_key: str = ""
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=1, le=65535)
    public_url: str = ""
    allowed_hosts: list[str] = []
    trusted_proxies: list[str] = []
    https: bool = False
    language: Literal["fr", "en"] = "en"
    timezone: str = "UTC"
    debug: bool = False

    # Who signs in, and how (apps/accounts)
    verify_email: bool = False
    two_factors: Literal["optional", "administrators", "everybody"] = "optional"
    session_days: int = Field(14, ge=1, le=90)
    hsts_days: int = Field(0, ge=0, le=730)
    upload_megabytes: int = Field(100, ge=1, le=2000)
    single_sign_on_url: str = ""
    single_sign_on_name: str = ""
    single_sign_on_id: str = ""
    single_sign_on_secret: str = ""

    @property
    def database(self) -> str:
        """The URL of the database: what was set, else SQLite in the data folder."""
        return self.database_url or f"sqlite:///{(self.data / 'passerelle.db').absolute()}"

    @property
    def history_url(self) -> str:
        """Where the history stands: a folder or any URL that fsspec knows."""
        return self.history or str((self.data / "history").absolute())

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # we read no .env
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # nor folders of secrets
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What was given in code, then the environment, then the file."""
        file = os.environ.get("PASSERELLE_CONFIG", "passerelle.toml")
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, file)


@cache
def configuration() -> Configuration:
    """The installation's configuration, read once."""
    return Configuration()
