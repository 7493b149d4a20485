"""What somebody asks the table of leads for: filters, order and columns, as an address has them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict

from passerelle.apps.accounts.models import Team
from passerelle.apps.desk.sorting import Order
from passerelle.apps.desk.stages import stage_marks
from passerelle.apps.people.models import Lead, Tag
from passerelle.apps.people.queries import leads_with_words
from passerelle.core.agreement import Agreement
from passerelle.report.naming import field_label
from passerelle.words import Language, say

SEEN_WITHIN = (1, 7, 30, 90)
NO_TEAM = "none"
_MOST_CHOICES = 300
_LONGEST = 200


class Filters(forms.Form):
    """The filters as a form that is sent by its address; nothing is required."""

    def __init__(self, data: QueryDict, *, agreement: Agreement | None, language: Language) -> None:
        super().__init__(data, auto_id="filter-%s", label_suffix="")
        for name, made in _inputs(agreement, language).items():
            made.required, made.label = False, say(f"desk.filter.{name}", language)
            self.fields[name] = made


@dataclass(frozen=True, slots=True)
class Asked:
    """What the table is asked for; `faults` are the filters that made no sense and are left out."""

    order: Order
    q: str = ""
    stage: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    grade: str = ""
    source: str = ""
    company: str = ""
    tag: str = ""
    team: str = ""
    seen: int | None = None
    field: str = ""
    value: str = ""
    faults: frozenset[str] = frozenset()

    @property
    def narrows(self) -> bool:
        """Whether any filter is set."""
        said = (self.q, self.stage, self.grade, self.source, self.company, self.tag, self.team)
        return any(said) or self.looks_at_scores or self.seen is not None or bool(self.field)

    @property
    def looks_at_scores(self) -> bool:
        """Whether a filter can hold only for leads that have a score."""
        return bool(self.stage or self.grade) or self.low is not None or self.high is not None


def read_filters(
    data: QueryDict, *, agreement: Agreement | None, language: Language
) -> tuple[Filters, Asked]:
    """The form for these filters, and what they ask for; those that make no sense are told."""
    form = Filters(data, agreement=agreement, language=language)
    form.is_valid()
    said: dict[str, Any] = {
        name: value for name, value in form.cleaned_data.items() if value not in (None, "")
    }
    seen = said.pop("seen", None)
    return form, Asked(
        **said,
        seen=int(seen) if seen else None,
        order=_order(data.get("sort", ""), scored=agreement is not None),
        faults=frozenset(form.errors),
    )


def matching(leads: QuerySet[Lead], asked: Asked, *, now: datetime) -> QuerySet[Lead]:
    """Those of the leads that the filters let through."""
    for condition in _conditions(asked, now):
        leads = leads.filter(condition)
    return leads_with_words(leads, asked.q) if asked.q else leads


def _conditions(asked: Asked, now: datetime) -> list[Q]:
    by_name: dict[str, Any] = {
        "score__stage": asked.stage,
        "score__total__gte": asked.low,
        "score__total__lte": asked.high,
        "score__grade__istartswith": asked.grade,
        "source__iexact": asked.source,
        "company__name__istartswith": asked.company,
        "tags__name": asked.tag,
        "team__isnull": True if asked.team == NO_TEAM else None,
        "team__key": "" if asked.team == NO_TEAM else asked.team,
        "last_seen_at__gte": None if asked.seen is None else now - timedelta(days=asked.seen),
    }
    found = [Q(**{name: value}) for name, value in by_name.items() if value not in (None, "")]
    if asked.field:
        found.append(_holding(asked.field, asked.value))
    return found


def _holding(name: str, value: str) -> Q:
    path = f"fields__{name}"
    if not value:
        return Q(fields__has_key=name) & ~Q(**{path: None})
    held = Q(**{f"{path}__iexact": value})
    try:
        return held | Q(**{path: float(value)})
    except ValueError:
        return held


def _order(text: str, *, scored: bool) -> Order:
    order = Order.read(text) or Order.read("-score" if scored else "-seen")
    assert order is not None
    return order


def _inputs(agreement: Agreement | None, language: Language) -> dict[str, forms.Field]:
    anything = ("", say("desk.filter.any", language))
    known = () if agreement is None else tuple(agreement.known_fields)
    sources = agreement.fields["source"].one_of if agreement and "source" in known else None
    stages = [(mark.key, mark.label) for mark in stage_marks(agreement, language)]
    teams = list(Team.objects.values_list("key", "name")[:_MOST_CHOICES])
    tags = Tag.objects.order_by("name").values_list("name", "name")[:_MOST_CHOICES]
    return {
        "q": forms.CharField(max_length=_LONGEST),
        "stage": forms.ChoiceField(choices=[anything, *stages]),
        "low": forms.DecimalField(max_digits=9, decimal_places=2),
        "high": forms.DecimalField(max_digits=9, decimal_places=2),
        "seen": forms.ChoiceField(
            choices=[anything, *((n, say("desk.filter.days", language, n=n)) for n in SEEN_WITHIN)]
        ),
        "company": forms.CharField(max_length=_LONGEST),
        "tag": forms.ChoiceField(choices=[anything, *tags]),
        "team": forms.ChoiceField(
            choices=[anything, (NO_TEAM, say("desk.filter.no_team", language)), *teams]
        ),
        "source": forms.ChoiceField(choices=[anything, *((s, s) for s in sources)])
        if sources
        else forms.CharField(max_length=60),
        "grade": forms.CharField(max_length=20),
        "field": forms.ChoiceField(
            choices=[anything, *((name, field_label(name, language)) for name in known)]
        ),
        "value": forms.CharField(max_length=_LONGEST),
    }
