"""The trail of what people do, anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from passerelle.apps.accounts.models import AuditEntry, User


def record_deed(
    user: User | None,
    action: str,
    *,
    subject: str = "",
    details: Mapping[str, Any] | None = None,
    now: datetime,
) -> None:
    """Write into the audit trail; call it in the transaction that does the deed.

    `action` is area.verb (`lead.merged`); `subject` a key (`lead:…`), never personal data.
    """
    AuditEntry.objects.create(
        at=now, user=user, action=action, subject=subject, details=dict(details or {})
    )
