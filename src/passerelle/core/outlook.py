"""What lies ahead of one lead: why not yet, what would change it, and until when."""

from passerelle.core.outlook_change import Step, Suggestion, what_would_change
from passerelle.core.outlook_fall import Cause, Fall, until_when
from passerelle.core.outlook_gaps import (
    CriterionGap,
    DisqualifiedGap,
    EventGap,
    FieldGap,
    Gap,
    GradeGap,
    LevelGap,
    QualifiedGap,
    RearmGap,
    RestGap,
)
from passerelle.core.outlook_next import NextStage, why_not_yet

__all__ = [
    "Cause",
    "CriterionGap",
    "DisqualifiedGap",
    "EventGap",
    "Fall",
    "FieldGap",
    "Gap",
    "GradeGap",
    "LevelGap",
    "NextStage",
    "QualifiedGap",
    "RearmGap",
    "RestGap",
    "Step",
    "Suggestion",
    "until_when",
    "what_would_change",
    "why_not_yet",
]
