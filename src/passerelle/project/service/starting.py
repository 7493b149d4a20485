"""Before a process of the service runs: settings, logs, Django, the database."""

from __future__ import annotations

import os
from pathlib import Path

from passerelle.project.configuration import Configuration, configuration, variable
from passerelle.project.failures import Refused
from passerelle.project.service.lifeline import hold_lifeline
from passerelle.project.service.logs import set_up_logs
from passerelle.project.setting_faults import SettingFault, WrongSettings


def live_in(folder: Path) -> None:
    """Make a folder the home of the installation: its data, and its settings if it has any."""
    os.environ[variable("data")] = str(folder.absolute())
    own = folder / "passerelle.toml"
    if own.is_file() and not os.environ.get(variable("config")):
        os.environ[variable("config")] = str(own.absolute())


def set_up(*, quiet: bool = False) -> Configuration:
    """Read the settings, begin the logs (of errors alone when `quiet`), set Django up.

    Raises:
        WrongSettings: a setting cannot be.
        Refused: the data folder cannot be made or written.
    """
    os.umask(0o077)  # what is kept holds people's data: it is for its owner alone
    how = configuration()
    make_home(how.data)
    set_up_logs(how.model_copy(update={"log_level": "error"}) if quiet else how)
    hold_lifeline()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "passerelle.project.settings")
    import django  # noqa: PLC0415  # reads the settings when it is set up

    django.setup()
    return how


def refuse_wrong_settings() -> None:
    """Say so when settings do not go together, before anything runs on them.

    Raises:
        WrongSettings: with everything that a system check calls an error.
    """
    from django.core.checks import run_checks  # noqa: PLC0415

    import passerelle.project.checks  # noqa: F401, PLC0415  # registers ours with Django's

    wrong = [message for message in run_checks() if message.is_serious()]
    if wrong:
        raise WrongSettings(
            SettingFault("check", {"says": m.msg, "hint": m.hint or "", "id": m.id or ""})
            for m in wrong
        )


def make_home(data: Path) -> None:
    """Make the data folder, for its owner alone.

    Raises:
        Refused: it cannot be made, or not be written.
    """
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as fault:
        detail = fault.strerror or str(fault)
        raise Refused("service.refused.no_home", path=data, detail=detail) from fault
    if not os.access(data, os.W_OK | os.X_OK):
        raise Refused("service.refused.home_not_ours", path=data)


def migrate_database() -> int:
    """Bring the database to what this version needs; how many migrations were applied.

    Raises:
        Refused: it cannot be reached, or not be written.
    """
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import DatabaseError  # noqa: PLC0415

    from passerelle.project.service.health import migrations_to_apply  # noqa: PLC0415

    try:
        lacking = migrations_to_apply()
        if lacking:
            call_command("migrate", interactive=False, verbosity=0)
    except DatabaseError as fault:
        raise unusable_database(fault) from fault
    return lacking


def refuse_unmigrated() -> None:
    """Say so when the database is not what this version needs.

    Raises:
        Refused: it lacks migrations, or cannot be reached.
    """
    from django.db import DatabaseError  # noqa: PLC0415

    from passerelle.project.service.health import migrations_to_apply  # noqa: PLC0415

    try:
        lacking = migrations_to_apply()
    except DatabaseError as fault:
        raise unusable_database(fault) from fault
    if lacking:
        raise Refused("service.refused.not_migrated", n=lacking)


def unusable_database(fault: Exception) -> Refused:
    """What the database said, in a sentence with what to do."""
    lines = [line for line in str(fault).splitlines() if line.strip()]
    return Refused("service.refused.database", detail=lines[0][:300] if lines else "?")
