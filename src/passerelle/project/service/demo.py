"""The made-up company settles in: its people, its source, its agreement, its year of events."""

from __future__ import annotations

import secrets
from datetime import datetime
from itertools import islice
from pathlib import Path

from passerelle.apps.accounts.models import Role, User
from passerelle.apps.capture.actions import create_source, record_events
from passerelle.apps.capture.models import Source
from passerelle.apps.people import worker as people
from passerelle.apps.scoring import worker as scoring
from passerelle.apps.scoring.actions import publish
from passerelle.project.configuration import Configuration
from passerelle.project.failures import Refused
from passerelle.project.gallery import gallery, read_text
from passerelle.project.rendering.progress import showing_steps
from passerelle.project.service.backlog import backlog
from passerelle.project.service.demo_log import demo_events
from passerelle.project.service.supervising import Role as ChildRole
from passerelle.project.terminal import Terminal
from passerelle.words import say

NAME = "Atelier Logiciel"
AT_ONCE = 5_000
"""Events put into the log in one transaction."""

_PEOPLE = (
    ("camille@demo.example", "Camille Roche", Role.ADMINISTRATOR),
    ("nadia@demo.example", "Nadia Ferrand", Role.MANAGER),
    ("lucas@demo.example", "Lucas Morel", Role.MARKETING),
    ("sofia@demo.example", "Sofia Brun", Role.SDR),
    ("yann@demo.example", "Yann Le Goff", Role.EXECUTIVE),
)


def settle_demo(terminal: Terminal, how: Configuration, *, now: datetime) -> list[ChildRole]:
    """Make the demo's installation unless it is there; the processes it needs besides.

    Raises:
        Refused: the folder holds somebody's own installation.
    """
    sign_in = how.data / "sign-in.txt"
    if not sign_in.exists():
        _refuse_over_own(how)
        _settle_people(sign_in, now=now)
    settled = how.data / "settled"
    if not settled.exists():  # the first time, or the one after somebody interrupted it
        _fill_log(terminal, Source.objects.get(name=NAME), now=now)
        _get_to_know(terminal, now=now)
        settled.touch()
    return [ChildRole("visitors", ("visit",))]


def sign_ins(data: Path) -> list[tuple[str, str, str]]:
    """Address, role and password of everybody in the demo."""
    password = (data / "sign-in.txt").read_text("utf-8").strip()
    return [(email, role, password) for email, _, role in _PEOPLE]


def _refuse_over_own(how: Configuration) -> None:
    if User.objects.exists() or Source.objects.exists():
        raise Refused("service.refused.no_demo_here", path=how.data)


def _settle_people(sign_in: Path, *, now: datetime) -> None:
    password = secrets.token_urlsafe(9)
    for email, name, role in _PEOPLE:
        User.objects.create_user(email, password, name=name, role=role, created_at=now)
    manager = User.objects.get(role=Role.MANAGER)
    publish(read_text(gallery()["demo"]), manager, now=now)
    create_source(NAME, by=manager, now=now)
    sign_in.write_text(password + "\n", "utf-8")


def _fill_log(terminal: Terminal, source: Source, *, now: datetime) -> None:
    sentence = say("service.demo.filling", terminal.language)
    with showing_steps(terminal) as steps:
        events = demo_events(
            until=now.replace(minute=0, second=0, microsecond=0), source_id=source.pk
        )
        done = 0
        steps.doing(sentence)
        while group := list(islice(events, AT_ONCE)):
            record_events(group)
            done += len(group)
            steps.doing(sentence, done=done, total=max(done, 40_000))


def _get_to_know(terminal: Terminal, *, now: datetime) -> None:
    """Work out who they are and score them, so that whoever looks first finds them there."""
    for key, work in (("knowing", people.work), ("scoring", scoring.work)):
        sentence = say(f"service.demo.{key}", terminal.language)
        with showing_steps(terminal) as steps:
            done, waiting = 0, sum(backlog().values())
            steps.doing(sentence)
            while some := work(now):
                done += some
                steps.doing(sentence, done=done, total=max(done, waiting))
