"""Identifiers that are nobody's: placeholders, tests, and what too many people share."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from passerelle.core.identity_claims import Claim, ClaimKind, Subject

MOST_IDENTIFIERS = 5
"""User ids that one e-mail address may be given with, or addresses with one user id."""
MOST_PEOPLE = 20
"""Known identities that may appear on one device."""
MOST_DEVICES = 200
"""Devices on which one user id or address may appear."""

_WORDS = frozenset(
    """
    0 -1 admin anon anonymous anonyme aucun blank client customer default demo dummy empty example
    false foo guest id inconnu invite invited lead me missing n/a na nan nil no none nobody not_set
    notset null nul object [object_object] root string sample system test tester tbd true
    unavailable undefined unknown user userid user_id utilisateur value vide visitor visiteur
    """.split()  # noqa: SIM905  # a paragraph reads better than fifty quotations
)
_FILLED = re.compile(r"0+|x{3,}|-+")  # 0000, xxxxxx, ---
_BLANK_UUID = re.compile(r"[0f]{8}-?[0f]{4}-?[0f]{4}-?[0f]{4}-?[0f]{12}")
_TEMPLATE = re.compile(r"[{<%\[$].*[}>%\]]|\$\{?\w+\}?|%\w+%")  # {{ user.id }} never filled in
_ADDRESS = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_NOBODY_AT = frozenset(
    """
    test tests testing tester essai exemple example demo fake null none undefined nobody noreply
    no-reply donotreply do-not-reply ne-pas-repondre nepasrepondre anonymous anonyme unknown guest
    aaa asdf azerty qwerty xxx abc foo
    """.split()  # noqa: SIM905  # a paragraph reads better than fifty quotations
)
_NOWHERE = re.compile(
    r"(.*\.)?(example\.(com|org|net|fr)|(test|fake|exemple|example|domain)\.(com|fr)"
    r"|[^@]+\.(test|invalid|localhost)|localhost)"
)


def is_junk(subject: Subject) -> bool:
    """Whether the value is a placeholder, so that it tells nobody from anybody."""
    value = " ".join(subject.value.split()).lower()
    plain = value.replace(" ", "_").strip("\"'()")
    if plain in _WORDS or not value or _BLANK_UUID.fullmatch(plain) or _TEMPLATE.fullmatch(value):
        return True
    if subject.kind == "email":
        return _is_junk_address(value)
    return bool(_FILLED.fullmatch(plain)) or not re.search(r"\w", plain)


def shared_subjects(claims: Iterable[Claim]) -> frozenset[Subject]:
    """The subjects that too many others are claimed to be; they join nobody.

    Merges and aliases are somebody's deliberate word and count for nothing here.
    """
    partners: dict[tuple[Subject, bool], set[Subject]] = defaultdict(set)
    for first, second in _pairs(claims):
        partners[first, second.is_device].add(second)
        partners[second, first.is_device].add(first)
    return frozenset(
        subject
        for (subject, with_devices), others in partners.items()
        if len(others) > most_partners(subject, with_devices=with_devices)
    )


def most_partners(subject: Subject, *, with_devices: bool) -> int:
    """With how many others of a kind a subject may be claimed before it is shared."""
    if subject.is_device:
        return MOST_PEOPLE
    return MOST_DEVICES if with_devices else MOST_IDENTIFIERS


def _pairs(claims: Iterable[Claim]) -> Iterator[tuple[Subject, Subject]]:
    for claim in claims:
        if claim.kind in {ClaimKind.SAME, ClaimKind.ON} and claim.second:
            yield claim.first, claim.second


def _is_junk_address(value: str) -> bool:
    name, _, domain = value.rpartition("@")
    return (
        not _ADDRESS.fullmatch(value)
        or name.partition("+")[0] in _NOBODY_AT
        or bool(_FILLED.fullmatch(name))
        or bool(_NOWHERE.fullmatch(domain))
    )
