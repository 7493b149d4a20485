"""What is done with sources, their keys, and the log."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from passerelle.apps.accounts.actions import record_deed
from passerelle.apps.accounts.models import User
from passerelle.apps.capture.blocking import free_of_blocked, identity_digest
from passerelle.apps.capture.drops import DropReason, Tally
from passerelle.apps.capture.limits import limits
from passerelle.apps.capture.log import append
from passerelle.apps.capture.models import BlockedIdentity, Drop, Source, WriteKey
from passerelle.apps.capture.reclassifying import reclassify
from passerelle.apps.capture.values import Name, NewEvent

__all__ = ["Name", "NewEvent", "identity_digest", "reclassify", "record_events"]


@transaction.atomic
def record_events(events: Iterable[NewEvent]) -> int:
    """Put events into the log, each message once, and tell `people`; how many were new.

    What names somebody who was erased is left out, whoever writes it.
    """
    free, _ = free_of_blocked(list(events))
    return len(append(free).events)


@transaction.atomic
def create_source(
    name: str, *, origins: Sequence[str] = (), by: User | None, now: datetime
) -> Source:
    """A new source, with its first write key."""
    source = Source.objects.create(
        key=_free_key(name), name=name.strip(), origins=_plain_origins(origins), created_at=now
    )
    _new_key(source, now=now)
    record_deed(by, "source.created", subject=f"source:{source.key}", now=now)
    return source


@transaction.atomic
def change_source(
    source: Source, *, name: str, origins: Sequence[str], by: User | None, now: datetime
) -> None:
    """Another name, other sites whose browsers may send."""
    source.name, source.origins = name.strip(), _plain_origins(origins)
    source.save(update_fields=["name", "origins"])
    record_deed(by, "source.changed", subject=f"source:{source.key}", now=now)


@transaction.atomic
def rotate_key(source: Source, *, by: User | None, now: datetime) -> WriteKey:
    """One more key; the others stay valid until they are revoked, so that clients can change."""
    key = _new_key(source, now=now)
    details = {"key": masked(key.key)}
    record_deed(by, "source.key_made", subject=f"source:{source.key}", details=details, now=now)
    return key


@transaction.atomic
def revoke_key(key: WriteKey, *, by: User | None, now: datetime) -> None:
    """Refuse what comes with this key, within seconds and from then on."""
    WriteKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now)
    subject, details = f"source:{key.source.key}", {"key": masked(key.key)}
    record_deed(by, "source.key_revoked", subject=subject, details=details, now=now)


@transaction.atomic
def archive_source(source: Source, *, by: User | None, now: datetime) -> None:
    """Take nothing more from a source; what it sent stays."""
    Source.objects.filter(pk=source.pk, archived_at=None).update(archived_at=now)
    record_deed(by, "source.archived", subject=f"source:{source.key}", now=now)


@transaction.atomic
def reopen_source(source: Source, *, by: User | None, now: datetime) -> None:
    """Take events again from a source that was archived."""
    Source.objects.filter(pk=source.pk).update(archived_at=None)
    record_deed(by, "source.reopened", subject=f"source:{source.key}", now=now)


@transaction.atomic
def record_drops(tallies: Mapping[tuple[int | None, DropReason], Tally], *, now: datetime) -> None:
    """Add what was dropped to the counts of the day."""
    most = limits().drop_samples
    for (source_id, reason), tally in sorted(
        tallies.items(), key=lambda item: (item[0][0] or 0, item[0][1])
    ):
        drop, _ = Drop.objects.select_for_update().get_or_create(
            source=Source(pk=source_id) if source_id else None, reason=reason.value, on=now.date()
        )
        drop.count += tally.count
        drop.samples = list(dict.fromkeys([*tally.samples, *drop.samples]))[:most]
        drop.save(update_fields=["count", "samples"])


def mark_used(keys: Collection[str], *, now: datetime) -> None:
    """Note that keys were used just now."""
    WriteKey.objects.filter(key__in=keys).update(used_at=now)


@transaction.atomic
def block_identities(names: Iterable[Name], *, now: datetime) -> None:
    """Refuse from now on every event that names one of these; only keyed hashes are kept."""
    BlockedIdentity.objects.bulk_create(
        (BlockedIdentity(digest=identity_digest(name), at=now) for name in names),
        ignore_conflicts=True,
    )


def unblock_identities(names: Iterable[Name]) -> None:
    """Take events of these again."""
    digests = [identity_digest(name) for name in names]
    BlockedIdentity.objects.filter(digest__in=digests).delete()


def masked(key: str) -> str:
    """A write key as it may stand in an audit trail."""
    return f"{key[:4]}…{key[-4:]}"


def _new_key(source: Source, *, now: datetime) -> WriteKey:
    return WriteKey.objects.create(source=source, key=secrets.token_hex(16), created_at=now)


def _free_key(name: str) -> str:
    plain = slugify(name)[:50] or "source"
    taken = set(Source.objects.filter(key__startswith=plain).values_list("key", flat=True))
    numbered = (f"{plain}-{n}" for n in range(2, len(taken) + 3))
    return plain if plain not in taken else next(key for key in numbered if key not in taken)


def _plain_origins(origins: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(one.strip().rstrip("/").lower() for one in origins if one.strip()))
