"""The report as one HTML page: templates filled in, every text escaped, nothing to be fetched."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from passerelle import files
from passerelle.core.agreement import Agreement
from passerelle.core.explaining_format import event_name
from passerelle.core.sentences_names import kind, phase, reason
from passerelle.core.spoken import capital
from passerelle.report import figures, findings, naming
from passerelle.report.gathering import Numbers
from passerelle.report.palette import heat, stage_colours
from passerelle.report.pictures import Artist
from passerelle.report.plain_text import plain
from passerelle.report.rule_numbers import TOGETHER, always_together
from passerelle.report.silence import Evidence, silent_rules
from passerelle.report.stage_numbers import asides_of, won_stages
from passerelle.words import Language, say

MOST_MONTHS = 13
MOST_EVENTS = 40


@dataclass(frozen=True, slots=True)
class Basis:
    """What the page is about: who agreed, on what instant, read from which files."""

    agreement: Agreement
    as_of: datetime
    language: Language
    loaded: files.Loaded | None


def render(basis: Basis, numbers: Numbers) -> str:
    """The whole page."""
    environment = Environment(
        loader=PackageLoader("passerelle.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(_filters(basis))
    environment.globals.update(_functions(basis, numbers))
    return environment.get_template("page.html.jinja").render(_shown(basis, numbers))


def _shown(basis: Basis, numbers: Numbers) -> Mapping[str, Any]:
    agreement, language, log = basis.agreement, basis.language, numbers.log
    return {
        "language": language,
        "agreement": agreement,
        "as_of": basis.as_of,
        "loaded": basis.loaded,
        "account": files.tell_load(basis.loaded, language=language) if basis.loaded else (),
        "numbers": numbers,
        "leads": numbers.stages.leads,
        "pictures": Artist(agreement, numbers, language).pictures(),
        "ripe": findings.ripe_stage(agreement, numbers.stages),
        "tiles": list(findings.tiles(agreement, numbers.stages)),
        "half": findings.rules_of_half(numbers),
        "silent": list(
            silent_rules(agreement, numbers.rules, Evidence(numbers.fields, log), language)
        ),
        "together": always_together(numbers.rules),
        "least": TOGETHER,
        "poor": findings.poor_fields(numbers),
        "asked": findings.events_asked(log),
        "unread": findings.unread_events(agreement, log, language),
        "corner": findings.best_corner(numbers.matrix) if numbers.matrix else 0,
        "events": log.events[:MOST_EVENTS],
        "rarer": len(log.events) - MOST_EVENTS,
        "months": log.months[-MOST_MONTHS:],
        "earlier": log.months[:-MOST_MONTHS],
        "busiest": max((n for e in log.events for n in e.months.values()), default=0),
        "left_out": ", ".join(
            naming.stage_label(agreement, key, language)
            for key in (*won_stages(agreement), *asides_of(agreement))
        ),
        "most": agreement.total.range[1],
    }


def _filters(basis: Basis) -> Mapping[str, Callable[..., Any]]:
    agreement, language = basis.agreement, basis.language
    of_language: Mapping[str, Callable[..., str]] = {
        "count": figures.count,
        "points": figures.points,
        "signed": figures.signed,
        "whole": figures.whole,
        "day": figures.day,
        "month": figures.month,
        "level": naming.level_label,
        "event": naming.event_label,
        "happening": event_name,
        "field": naming.field_label,
        "kind": kind,
        "phase": phase,
    }
    return {
        **{name: partial(_last, said, language) for name, said in of_language.items()},
        "stage": lambda key: naming.stage_label(agreement, key, language),
        "rule": lambda key: naming.rule_label(agreement, key, language),
        "share": lambda part, whole: figures.share(part, whole, language),
        "instant": lambda at: figures.instant(at, agreement.zone, language),
        "plain": plain,
        "coded": coded,
    }


def _functions(basis: Basis, numbers: Numbers) -> Mapping[str, Callable[..., Any]]:
    colours = stage_colours(numbers.stages)
    return {
        "t": lambda key, /, **data: say(key, basis.language, **data),
        "colour": lambda stage: colours[stage],
        "heat": heat,
        "role": lambda role: say(f"report.fields.roles.{role}", basis.language),
        "range_of": lambda low, high: figures.range_of(low, high, basis.language),
        "trigger_name": lambda key: naming.trigger_label(basis.agreement, key, basis.language),
        "reason_name": lambda key: plain(capital(reason(key, basis.language))),
    }


def coded(text: str) -> Markup:
    """The text escaped, what stands between backticks set as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704  # escaped before


def _last(said: Callable[..., str], language: Language, value: Any) -> str:
    return said(value, language)
