"""People who are to be known before any interest, as events of the log."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from passerelle.apps.capture.actions import Name, NewEvent
from passerelle.apps.capture.models import EventKind, SubjectKind
from passerelle.apps.people.impossible import CannotBeDone, Impossible
from passerelle.core.conditions import Value

IDENTIFIED = "identified"
LONGEST_VALUE = 2_000
MOST_FIELDS = 100


@dataclass(frozen=True, slots=True)
class Prospect:
    """Somebody to be known before any interest: by an address, or by the id of another system.

    `import_row` names the import and the row that it comes from, if it does.
    """

    email: str
    user_id: str
    fields: Mapping[str, Value]
    message_id: str = ""
    import_id: int | None = None


def prospect_event(prospect: Prospect, *, by: int | None, now: datetime) -> NewEvent:
    """What the log says of a prospect: an identify call made here.

    Raises:
        CannotBeDone: neither an address nor an id, or it is out of bounds.
    """
    email = prospect.email.strip().lower()
    if email and not is_address(email):
        raise CannotBeDone(Impossible.BAD_EMAIL)
    if not email and not prospect.user_id:
        raise CannotBeDone(Impossible.NO_NAME)
    require_bounds(prospect.fields)
    kind, value = (
        (SubjectKind.USER, prospect.user_id) if prospect.user_id else (SubjectKind.EMAIL, email)
    )
    fields = {**prospect.fields, **({"email": email} if email else {})}
    # an import may not join what the log would not: only a person who looks at one lead may
    context = {"import": prospect.import_id or 0, "user": by}
    return NewEvent(
        kind=EventKind.IDENTIFY,
        name=IDENTIFIED,
        message_id=prospect.message_id or uuid.uuid4().hex,
        subject=Name(kind=kind, value=value[:255]),
        occurred_at=now,
        received_at=now,
        properties=fields,
        context=context,
    )


def is_address(text: str) -> bool:
    """Whether the text is an e-mail address, as far as can be said without asking its domain."""
    name, sign, domain = text.rpartition("@")
    plain = sign and name and "." in domain and not domain.startswith((".", "-"))
    return bool(plain) and len(text) <= 254 and not any(c.isspace() or c in ",;<>" for c in text)


def require_bounds(fields: Mapping[str, Value]) -> None:
    """See that fields are not too many or too long.

    Raises:
        CannotBeDone: they are.
    """
    if len(fields) > MOST_FIELDS:
        raise CannotBeDone(Impossible.TOO_MANY, n=MOST_FIELDS)
    if any(isinstance(value, str) and len(value) > LONGEST_VALUE for value in fields.values()):
        raise CannotBeDone(Impossible.TOO_LONG, n=LONGEST_VALUE)
