"""The agreement: one document that both teams sign and that alone decides."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    model_validator,
)
from pydantic_core import PydanticCustomError

from passerelle.core.duties import Handoff, Qualification, Recycling, Signature
from passerelle.core.parts import Key, Names, Part, Points, Where
from passerelle.core.rules import AnyRule, Rule, RuleBase
from passerelle.core.spans import Span
from passerelle.core.stages import Disqualifier, FastTrack, Override, Stage

T = TypeVar("T")

Phase = Literal["awareness", "consideration", "decision"]
CONTENT_PROPERTIES = ("kind", "phase")

FieldType = Literal["text", "number", "boolean", "date"]


class FieldDeclaration(Part):
    """What a field holds: a type, and for a text perhaps the only values it may take."""

    type: FieldType = "text"
    one_of: Names | None = None


CONTACT_FIELDS = ("email", "first_name", "last_name", "name", "company", "phone", "website")
"""Fields that every lead may have without being declared; texts all of them."""


def _declared(value: Any) -> Any:
    return {"type": value} if isinstance(value, str) else value


class Content(Part):
    """A piece of content, known by the properties of the events that touch it."""

    where: Where
    kind: str | None = None
    phase: Phase | None = None

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, value: Any) -> Any:
        if not isinstance(value, Mapping) or "where" in value:
            return value
        given = {k: v for k, v in value.items() if k in CONTENT_PROPERTIES}
        return given | {"where": {k: v for k, v in value.items() if k not in CONTENT_PROPERTIES}}


class VisitDefinition(Part):
    """What a visit is: such events, with less than `gap` between one and the next."""

    gap: Span = timedelta(minutes=30)
    events: Names = ("page",)


class Dimension(Part):
    """One side of the score, such as fit or engagement."""

    range: tuple[Points, Points] = (Decimal(0), Decimal(100))
    weight: Annotated[Decimal, Field(ge=0, le=1)] | None = None
    unscored: Points = Decimal(0)


class Group(Part):
    """Rules of one dimension that share a line."""

    dimension: Key
    max: Points | None = None
    min: Points | None = None


class Total(Part):
    """How dimensions make the total: a weighted mean, a sum, or one of them."""

    weighted: tuple[Key, ...] | None = None
    sum: tuple[Key, ...] | None = None
    range: tuple[Points, Points] = (Decimal(0), Decimal(100))

    @model_validator(mode="after")
    def _one_way(self) -> Total:
        if (self.weighted is None) == (self.sum is None):
            raise PydanticCustomError("total_way", "weighted or sum, one of them")
        return self

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions that enter the total."""
        return self.weighted or self.sum or ()


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise PydanticCustomError("unknown_zone", "'{found}' is no time zone", {"found": name})
    return name


class Agreement(Part):
    """The whole document, as read and checked for shape; `checks` looks at its sense."""

    passerelle: Literal[1]
    key: Key
    title: str | None = None
    language: Literal["fr", "en"] = "en"
    timezone: Annotated[str, AfterValidator(_known_zone)] = "UTC"
    fields: dict[str, Annotated[FieldDeclaration, BeforeValidator(_declared)]] = Field(
        default_factory=dict
    )
    content: tuple[Content, ...] = ()
    visits: VisitDefinition = VisitDefinition()
    dimensions: Annotated[dict[Key, Dimension], Field(min_length=1)]
    groups: dict[Key, Group] = Field(default_factory=dict)
    rules: Annotated[tuple[AnyRule, ...], Field(min_length=1)]
    total: Total
    grades: dict[Key, dict[str, Decimal]] = Field(default_factory=dict)
    stages: Annotated[dict[Key, Stage], Field(min_length=1)]
    fast_tracks: tuple[FastTrack, ...] = ()
    disqualify: tuple[Disqualifier, ...] = ()
    overrides: tuple[Override, ...] = ()
    qualification: Qualification | None = None
    handoff: Handoff | None = None
    recycle: Recycling | None = None
    signatures: tuple[Signature, ...] = ()
    _document: Mapping[str, Any] = PrivateAttr(default_factory=dict)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone whose midnights count."""
        return ZoneInfo(self.timezone)

    @cached_property
    def known_fields(self) -> dict[str, FieldDeclaration]:
        """What may be scored: the declared fields and those of every contact."""
        return {name: FieldDeclaration() for name in CONTACT_FIELDS} | self.fields

    def dimension_of(self, rule: RuleBase) -> str:
        """The dimension in which a rule counts, its own or its group's."""
        return rule.dimension or self.groups[rule.group or ""].dimension

    def weight_of(self, dimension: str) -> Decimal:
        """What one point of the dimension is worth in the total."""
        if self.total.weighted is None:
            return Decimal(1)
        return self.dimensions[dimension].weight or Decimal(0)

    def rules_in(self, dimension: str) -> tuple[Rule, ...]:
        """The rules that count in one dimension."""
        return tuple(rule for rule in self.rules if self.dimension_of(rule) == dimension)

    def rule(self, key: str) -> Rule:
        """The rule of that key.

        Raises:
            KeyError: there is no such rule.
        """
        for rule in self.rules:
            if rule.key == key:
                return rule
        raise KeyError(key)

    def day(self, instant: datetime) -> date:
        """The local date of an instant."""
        return instant.astimezone(self.zone).date()

    def midnight(self, day: date) -> datetime:
        """The instant, in UTC, at which a local date begins."""
        return _first_instant(day, self.zone)

    @cached_property
    def version(self) -> str:
        """The first twelve hexadecimal digits of the hash of what is written, signatures aside."""
        said = {key: part for key, part in self._document.items() if key != "signatures"}
        text = json.dumps(_in_order(said), ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def once(self, make: Callable[[Agreement], T]) -> T:
        """What `make` makes of this very agreement, made once and kept; a copy makes its own."""
        kept: _Kept | None = self.__dict__.get("_kept")
        if kept is None or kept.agreement is not self:
            kept = self.__dict__["_kept"] = _Kept(self)
        if make not in kept:
            kept[make] = make(self)
        made: T = kept[make]
        return made

    @model_validator(mode="wrap")
    @classmethod
    def _keep_document(cls, value: Any, handler: ModelWrapValidatorHandler[Agreement]) -> Agreement:
        agreement = handler(value)
        if isinstance(value, Mapping):
            agreement._document = value  # noqa: SLF001  # its own class
        return agreement


class _Kept(dict[Callable[[Agreement], Any], Any]):
    """What was made of one agreement; it stays behind when that is copied."""

    def __init__(self, agreement: Agreement) -> None:
        super().__init__()
        self.agreement = agreement

    def __reduce__(self) -> tuple[type[None], tuple[()]]:
        return type(None), ()


def _first_instant(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


ORDERED = ("stages", "grades", "values")
"""Tables whose first line wins or stands lowest; elsewhere the order of lines means nothing."""


def _in_order(part: Any, *, ordered: bool = False) -> Any:
    """The part with its lines sorted wherever their order means nothing."""
    if isinstance(part, list):
        return [_in_order(item) for item in part]
    if not isinstance(part, Mapping):
        return part
    lines = [[key, _in_order(value, ordered=key in ORDERED)] for key, value in part.items()]
    return lines if ordered else sorted(lines, key=lambda line: str(line[0]))
