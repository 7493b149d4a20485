"""One lead's score opened: the ledger, why, why not yet, what would change it, its course."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from passerelle.apps.people.models import Lead
from passerelle.apps.people.queries import logs_of
from passerelle.apps.scoring.agreements import agreement_in_force, current_agreement
from passerelle.apps.scoring.keeping import standing_of
from passerelle.apps.scoring.models import PublishedAgreement, Score, StageDecision, Transition
from passerelle.core.agreement import Agreement
from passerelle.core.explaining import Explanation, explain
from passerelle.core.explaining_format import level_name, titled
from passerelle.core.explaining_reasons import Reason, attributed
from passerelle.core.history import Lead as LeadLog
from passerelle.core.ledger import Entry
from passerelle.core.lifecycle_course import Point, course
from passerelle.core.scorer import Score as Reckoned
from passerelle.core.scorer import record_of, score_lead
from passerelle.core.sentences_rules import short_rule_name
from passerelle.core.stages import TOTAL
from passerelle.words import Language, say

LONGEST_COURSE = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """An entry of the ledger in words: `label` says what gave or took the points, and how."""

    level: str
    level_name: str
    kind: str
    of: str
    label: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class Opened:
    """A lead with its log and the agreement in force, read once for all that a page asks."""

    lead: Lead
    published: PublishedAgreement
    agreement: Agreement
    log: LeadLog
    score: Reckoned

    def ledger(self) -> Sequence[Entry]:
        """The ledger: the entries of each level add up to it exactly."""
        return self.score.levels.entries

    def reasons(self) -> Sequence[Reason]:
        """Every reason with what it really brings to the total; together they are the total."""
        return attributed(self.agreement, self.score)

    def explanation(self, language: Language) -> Explanation:
        """Why, why not yet, what would change it and until when, in sentences."""
        return explain(self.agreement, self.log, self.score, language, name_rule=short_rule_name)

    def ledger_lines(self, language: Language) -> list[LedgerLine]:
        """The ledger in words, dimension by dimension and then the total."""
        return [_in_words(self.agreement, entry, language) for entry in self.ledger()]


@dataclass(frozen=True, slots=True)
class ThenAndNow:
    """A past instant as it was decided then, and as it looks by what is known now.

    `decided` is the stage where the lead stood, `known_then` the score from what had been received
    by then under the agreement of then (none when there was none), `known_now` the score for the
    same instant from all that is known now, under the same agreement.
    """

    at: datetime
    decided: str
    transition: Transition | None
    published: PublishedAgreement | None
    known_then: Reckoned | None
    known_now: Reckoned | None

    @property
    def differs(self) -> bool:
        """Whether what came in late, or was corrected, has changed the past."""
        then, now = self.known_then, self.known_now
        if then is None or now is None:
            return False
        return (then.total, then.stage) != (now.total, now.stage)


def opened(lead: Lead, *, now: datetime) -> Opened | None:
    """The lead's score at `now` with all behind it; None before there is an agreement."""
    current = current_agreement()
    if current is None:
        return None
    published, agreement = current
    log = _log_of(agreement, lead)
    return Opened(lead, published, agreement, log, score_lead(agreement, log, as_of=now))


def score_over_time(lead: Lead, *, since: datetime | None = None, now: datetime) -> list[Point]:
    """Each change of total or stage under the agreement in force, by what is known now.

    From when the lead became known, at most a year back, unless `since` says otherwise. What was
    decided are the lead's transitions, not this.
    """
    current = current_agreement()
    if current is None:
        return []
    earliest = now - LONGEST_COURSE
    begin = max(since or lead.created_at, earliest)
    record = record_of(current[1], _log_of(current[1], lead))
    return list(course(record, since=min(begin, now), until=now))


def then_and_now(lead: Lead, *, at: datetime) -> ThenAndNow:
    """Where the lead stood at an instant, and where it would have stood as is known now."""
    moves = Transition.objects.filter(lead=lead, decided_at__lte=at).order_by("number")
    transition = moves.select_related("agreement").last()
    decided = "" if transition is None else transition.to_stage
    in_force = agreement_in_force(at)
    if in_force is None:
        return ThenAndNow(at, decided, transition, None, None, None)
    published, agreement = in_force
    log = _log_of(agreement, lead)
    return ThenAndNow(
        at=at,
        decided=decided,
        transition=transition,
        published=published,
        known_then=score_lead(agreement, log, as_of=at, known_at=at),
        known_now=score_lead(agreement, log, as_of=at),
    )


def open_decision(lead: Lead, *, now: datetime) -> StageDecision | None:
    """The decision on the lead's stage that is in force."""
    found = StageDecision.objects.filter(lead=lead, ended_at=None).select_related("by").first()
    return found if found is not None and (found.until is None or found.until > now) else None


def would_stand_at(score: Score) -> str:
    """The stage that the score alone gives, whatever a person decided."""
    return standing_of(score.standing).stage


def ledger_of(lead: Lead, language: Language, *, now: datetime) -> list[LedgerLine]:
    """The lead's ledger at `now`; the lines of each level add up to it exactly."""
    found = opened(lead, now=now)
    return [] if found is None else found.ledger_lines(language)


def why(lead: Lead, language: Language, *, now: datetime, most: int = 3) -> list[LedgerLine]:
    """The reasons that weigh most in the total, with what each really brings to it."""
    found = opened(lead, now=now)
    if found is None:
        return []
    return [
        _reason_in_words(found.agreement, one, language)
        for one in found.reasons()[:most]
        if one.points
    ]


def why_not_yet(lead: Lead, language: Language, *, now: datetime) -> tuple[str, ...]:
    """What the lead lacks to the next stage, in sentences."""
    found = opened(lead, now=now)
    return () if found is None else found.explanation(language).of("not_yet")


def what_would_change(lead: Lead, language: Language, *, now: datetime) -> tuple[str, ...]:
    """What would raise the lead, the cheapest first, in sentences."""
    found = opened(lead, now=now)
    return () if found is None else found.explanation(language).of("change")


def _in_words(agreement: Agreement, entry: Entry, language: Language) -> LedgerLine:
    match entry.kind:
        case "granted" | "faded" | "rule_line":
            of = short_rule_name(agreement.rule(entry.of), language)
        case "set" | "override":
            of = titled(agreement, entry.of)
        case "group_line":
            of = entry.of
        case _:  # a level: weight, dimension_line, unscored, total_line
            of = level_name(entry.of, language)
    return LedgerLine(
        level=entry.level,
        level_name=level_name(entry.level, language),
        kind=entry.kind,
        of=entry.of,
        label=say(f"agreements.ledger.{entry.kind}", language, of=of),
        points=entry.points,
    )


def _reason_in_words(agreement: Agreement, reason: Reason, language: Language) -> LedgerLine:
    match reason.kind:
        case "rule":
            label = short_rule_name(agreement.rule(reason.of), language)
        case "override" | "set":
            label = titled(agreement, reason.of)
        case _:  # unscored, line
            of = level_name(reason.of, language)
            label = say(f"agreements.ledger.reason_{reason.kind}", language, of=of)
    return LedgerLine(
        TOTAL, level_name(TOTAL, language), reason.kind, reason.of, label, reason.points
    )


def _log_of(agreement: Agreement, lead: Lead) -> LeadLog:
    (log,) = logs_of(agreement, [lead.pk])
    return log
