"""`passerelle backup` and `passerelle restore`: what they say while they do it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from passerelle.project.backup.making import back_up
from passerelle.project.backup.restoring import restore
from passerelle.project.configuration import configuration
from passerelle.project.failures import Refused
from passerelle.project.rendering.progress import Steps, showing_steps
from passerelle.project.service.starting import refuse_unmigrated
from passerelle.project.terminal import Terminal
from passerelle.words import say

EVENTS = "capture_event"
LEADS = "people_lead"


def make_backup(terminal: Terminal, path: Path, *, now: datetime) -> None:
    """Back the installation up into a file, and say what is in it.

    Raises:
        Refused: there is such a file already, or no folder for it, or the history is unsound.
    """
    if path.exists():
        raise Refused("history.backup.exists", path=str(path))
    if not path.absolute().parent.is_dir():
        raise Refused("history.backup.no_folder", path=str(path.absolute().parent))
    refuse_unmigrated()
    with showing_steps(terminal) as steps:
        manifest = back_up(path, now=now, secret=_secret(), on_progress=_told(steps))
    _tell(terminal, "made", path, manifest)
    if "secret" not in manifest["members"]:
        terminal.tell(say("history.backup.no_secret", terminal.language))


def put_backup_back(terminal: Terminal, path: Path, *, force: bool) -> None:
    """Have the installation hold what a backup holds, and say what that is.

    Raises:
        Refused: the backup cannot be used, or there is something here and not `force`.
    """
    with showing_steps(terminal) as steps:
        manifest = restore(path, secret=_secret(), force=force, on_progress=_told(steps))
    _tell(terminal, "restored", path, manifest)


def _secret() -> Path:
    return configuration().data / "secret"


def _told(steps: Steps) -> Callable[[str, int, int], None]:
    def tell(what: str, done: int, total: int) -> None:
        steps.doing(say(f"history.backup.doing.{what}", steps.language), done=done, total=total)

    return tell


def _tell(terminal: Terminal, what: str, path: Path, manifest: Mapping[str, Any]) -> None:
    rows = manifest["tables"]
    sentence = say(
        f"history.backup.{what}",
        terminal.language,
        path=str(path),
        at=f"{datetime.fromisoformat(manifest['made_at']):%Y-%m-%d %H:%M:%S} UTC",
        leads=rows.get(LEADS, 0),
        events=rows.get(EVENTS, 0),
        files=sum(1 for name in manifest["members"] if name.startswith("history/")),
    )
    terminal.show(sentence)
