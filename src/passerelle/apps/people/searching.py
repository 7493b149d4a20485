"""Leads found by the beginnings of words: of their names, addresses and companies."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from passerelle.apps.people.models import Lead, LeadWord

SHORTEST = 2
_MOST_WORDS = 6
_LAST = "\U0010ffff"


def folded(text: str) -> str:
    """The text in lower case and without accents, as it is searched for."""
    letters = unicodedata.normalize("NFKD", text.lower())
    return "".join(c for c in letters if not unicodedata.combining(c))


def words_of(lead: Lead) -> set[str]:
    """The words by which a lead is found."""
    email = folded(lead.email)
    name, _, domain = email.partition("@")
    said = f"{folded(lead.name)} {folded(lead.company.name) if lead.company else ''}"
    found = {email, domain, *re.split(r"[._+-]", name), *re.split(r"[\s,;()/’'-]+", said)}
    return {word[:100] for word in found if len(word) >= SHORTEST}


def keep_words(leads: Iterable[Lead]) -> None:
    """Write down the words of these leads where they differ."""
    wanted = {(lead.pk, word) for lead in leads for word in words_of(lead)}
    rows = {
        (row.lead_id, row.word): row.pk
        for row in LeadWord.objects.filter(lead__in={lead.pk for lead in leads})
    }
    LeadWord.objects.filter(pk__in=[pk for key, pk in rows.items() if key not in wanted]).delete()
    LeadWord.objects.bulk_create(
        (LeadWord(lead_id=lead, word=word) for lead, word in wanted - rows.keys()), batch_size=1000
    )


def leads_with_words(leads: QuerySet[Lead], text: str) -> QuerySet[Lead]:
    """Those of the leads that have a word beginning with each word of the text.

    A word shorter than two letters is passed over; a text without any other finds nobody.
    """
    asked = sorted({word for word in folded(text).split() if len(word) >= SHORTEST}, key=len)
    if not asked:
        return leads.none()
    *others, longest = asked[-_MOST_WORDS:]
    found = leads.filter(pk__in=LeadWord.objects.filter(_begins(longest)).values("lead"))
    for word in others:
        having = LeadWord.objects.filter(_begins(word), lead=OuterRef("pk"))
        found = found.filter(Exists(having))
    return found


def _begins(word: str) -> Q:
    """The word begins so, in the way that each database finds by its index."""
    word = word[:100]
    if connection.vendor == "postgresql":
        return Q(word__startswith=word)
    return Q(word__gte=word, word__lt=word + _LAST)
