"""What a company's people say of it together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Max

from passerelle.apps.people.models import Company
from passerelle.apps.scoring.agreements import current_agreement
from passerelle.apps.scoring.models import Score
from passerelle.core.standing import rank


@dataclass(frozen=True, slots=True)
class CompanyScore:
    """A company by its people: the best of them speaks for it, the others show how broad it is.

    `best` is the score of the lead that stands highest, then has most points; points of several
    people are never added up, for ten who glanced are not one who wants to buy.
    """

    best: Score
    by_stage: Mapping[str, int]

    @property
    def leads(self) -> int:
        """How many of its people are scored."""
        return sum(self.by_stage.values())

    @property
    def stage(self) -> str:
        """The highest stage at which one of its people stands."""
        return self.best.stage


def company_score(company: Company) -> CompanyScore | None:
    """The company's score by its people; None when none of them is scored."""
    current = current_agreement()
    if current is None:
        return None
    scores = Score.objects.filter(
        lead__company=company, lead__merged_into=None, lead__erased_at=None
    )
    counted = list(scores.values("stage").annotate(n=Count("pk"), most=Max("total")))
    if not counted:
        return None
    highest = max(counted, key=lambda one: (rank(current[1], one["stage"]), one["most"]))
    best = scores.filter(stage=highest["stage"]).select_related("lead").order_by("-total", "pk")[0]
    by_stage = {
        one["stage"]: one["n"]
        for one in sorted(counted, key=lambda one: -rank(current[1], one["stage"]))
    }
    return CompanyScore(best, by_stage)
