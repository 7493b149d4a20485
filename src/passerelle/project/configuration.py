"""How an installation is set up: by environment variables or one TOML file, each documented."""

from __future__ import annotations

import os
import tomllib
from functools import cache
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import AliasChoices, AnyHttpUrl, Field, TypeAdapter, ValidationError, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from passerelle.project.setting_faults import WrongSettings, faults_of, unreadable

PREFIX = "PASSERELLE_"
DATABASES = ("sqlite", "postgres", "postgresql", "pgsql")

Words = Annotated[tuple[str, ...], NoDecode]
"""Several values; in the environment between commas."""


class Configuration(BaseSettings):
    """What an installation may set; `PASSERELLE_<NAME>` in the environment goes before the file.

    The file is `passerelle.toml` in the working directory, or what `PASSERELLE_CONFIG` names.
    What each setting means is said in the catalogue, `settings.of.<name>`.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    data: Path = Path("passerelle-data")
    database_url: str = Field(
        "", validation_alias=AliasChoices("PASSERELLE_DATABASE_URL", "DATABASE_URL", "database_url")
    )
    history: str = ""
    secret_key: str = ""
    language: Literal["fr", "en"] = "en"
    timezone: str = "UTC"
    debug: bool = False

    host: str = "127.0.0.1"
    port: int = Field(8000, ge=1, le=65535)
    public_url: str = ""
    allowed_hosts: Words = ()
    trusted_proxies: Words = ()
    https: bool = False
    web_processes: int = Field(1, ge=1, le=64)
    workers: int = Field(1, ge=1, le=64)

    mail_host: str = ""
    mail_port: int = Field(587, ge=1, le=65535)
    mail_security: Literal["starttls", "tls", "none"] = "starttls"
    mail_user: str = ""
    mail_password: str = ""
    mail_from: str = "Passerelle <passerelle@localhost>"

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["auto", "console", "json"] = "auto"
    metrics_token: str = ""

    collector_url: str = ""
    ip_addresses: Literal["shortened", "whole", "none"] = "shortened"
    events_per_second: int = Field(20_000, ge=1, le=10_000_000)
    event_kilobytes: int = Field(32, ge=1, le=1024)

    verify_email: bool = False
    two_factors: Literal["optional", "administrators", "everybody"] = "optional"
    session_days: int = Field(14, ge=1, le=90)
    hsts_days: int = Field(0, ge=0, le=730)
    upload_megabytes: int = Field(100, ge=1, le=2000)
    single_sign_on_url: str = ""
    single_sign_on_name: str = ""
    single_sign_on_id: str = ""
    single_sign_on_secret: str = ""

    retention_days: int = Field(0, ge=0, le=36_500)
    anonymous_days: int = Field(395, ge=0, le=36_500)
    consent_needed: Literal["everywhere", "electronic", "nowhere"] = "electronic"

    @property
    def database(self) -> str:
        """The URL of the database: what was set, else SQLite in the data folder."""
        return self.database_url or f"sqlite:///{(self.data / 'passerelle.db').absolute()}"

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file of this machine."""
        return self.database.startswith("sqlite")

    @property
    def history_url(self) -> str:
        """Where the history stands: a folder or any URL that fsspec knows."""
        return self.history or str((self.data / "history").absolute())

    @field_validator("allowed_hosts", "trusted_proxies", mode="before")
    @classmethod
    def _between_commas(cls, given: object) -> object:
        if isinstance(given, str):
            return tuple(part.strip() for part in given.split(",") if part.strip())
        return given

    @field_validator("language", mode="before")
    @classmethod
    def _as_locales_say_it(cls, given: object) -> object:
        return given.strip().lower()[:2] if isinstance(given, str) else given

    @field_validator("database_url")
    @classmethod
    def _a_database_we_know(cls, given: str) -> str:
        if given and given.partition(":")[0] not in DATABASES:
            raise PydanticCustomError("no_database", "no such database")
        return given

    @field_validator("timezone")
    @classmethod
    def _a_zone_there_is(cls, given: str) -> str:
        if given not in available_timezones():
            raise PydanticCustomError("no_zone", "no such zone")
        return given

    @field_validator("trusted_proxies")
    @classmethod
    def _addresses(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for one in given:
            try:
                ip_network(one, strict=False)
            except ValueError:
                raise PydanticCustomError("no_address", "no address") from None
        return given

    @field_validator("public_url", "collector_url")
    @classmethod
    def _an_address_of_the_web(cls, given: str) -> str:
        if not given:
            return given
        try:
            TypeAdapter(AnyHttpUrl).validate_python(given)
        except ValidationError:
            raise PydanticCustomError("no_url", "no URL") from None
        return given.rstrip("/")

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
        file = TomlConfigSettingsSource(settings_cls, configuration_file())
        return init_settings, env_settings, file


def configuration_file() -> Path:
    """The file that may hold settings; it need not be there unless it was named."""
    return Path(os.environ.get(f"{PREFIX}CONFIG") or "passerelle.toml")


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return f"{PREFIX}{name.upper()}"


@cache
def configuration() -> Configuration:
    """The installation's configuration, read once.

    Raises:
        WrongSettings: a setting has a value that cannot be, with every fault at once.
    """
    file = configuration_file()
    given = _contents(file)
    try:
        read = Configuration()
    except ValidationError as invalid:
        raise WrongSettings(faults_of(invalid, variable)) from invalid
    known = set(Configuration.model_fields)
    if unknown := sorted(set(given) - known):
        raise WrongSettings(unreadable("unknown", str(file), name, known) for name in unknown)
    return read


def _contents(file: Path) -> dict[str, Any]:
    if not file.exists() and f"{PREFIX}CONFIG" not in os.environ:
        return {}
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return {}  # tests and containers name a file that need not be there
    except (OSError, UnicodeDecodeError) as fault:
        raise WrongSettings([unreadable("unreadable", str(file), str(fault))]) from fault
    except tomllib.TOMLDecodeError as fault:
        raise WrongSettings([unreadable("no_toml", str(file), str(fault))]) from fault
