"""Numbers, dates, durations and small marks as the reader's language writes them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from django import template
from django.http import QueryDict
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from passerelle.apps.shell import formats
from passerelle.apps.shell.language import current_language

register = template.Library()

_NOTICES = {"success": "good", "error": "bad", "warning": "warn"}


@register.filter
def number(value: Decimal | float | None) -> str:
    """A number, to the tenth where it has one."""
    return "" if value in {None, ""} else formats.number(value, current_language())


@register.filter
def signed(value: Decimal | float) -> str:
    """A number with its sign, in the colour of good or bad."""
    return _coloured(value, formats.signed(value, current_language()))


@register.filter
def exact(value: Decimal | None) -> str:
    """A number to the hundredth, for columns that add up."""
    return "" if value in {None, ""} else formats.number(value, current_language(), digits=2)


@register.filter
def signed_exact(value: Decimal) -> str:
    """A number to the hundredth with its sign, in the colour of good or bad."""
    return _coloured(value, formats.signed(value, current_language(), digits=2))


@register.filter
def day(value: date | datetime | None) -> str:
    """The date, in the zone of the page: `3 Nov 2026`."""
    return "" if not value else formats.day(value, current_language())


@register.filter
def weekday(value: date | datetime) -> str:
    """The day of the week and the date, as a heading."""
    return formats.weekday(value, current_language())


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """The date and the time, as a `<time>`."""
    if not value:
        return ""
    said = formats.moment(value, current_language())
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), said)


@register.filter
def clock(value: datetime) -> SafeString:
    """The time of day, as a `<time>` whose title gives the date."""
    language = current_language()
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        value.isoformat(),
        formats.moment(value, language),
        formats.clock(value, language),
    )


@register.simple_tag(takes_context=True)
def ago(context: template.Context, value: datetime | None) -> SafeString | str:
    """How long ago it was, seen from the page's `now`; the title gives the moment."""
    if not value:
        return ""
    language = current_language()
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        value.isoformat(),
        formats.moment(value, language),
        formats.ago(value, language, now=context["now"]),
    )


@register.filter
def span(value: timedelta) -> str:
    """A duration in its two largest units."""
    return formats.span(value, current_language())


@register.simple_tag
def icon(name: str) -> SafeString:
    """A small drawing that says nothing by itself."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>',
        static("shell/icons.svg"),
        name,
    )


@register.simple_tag
def bar(value: Decimal | float, most: Decimal | float) -> SafeString:
    """A bar as full as the value is of the most."""
    share = 0.0 if not most else max(0.0, min(100.0, 100 * float(value) / float(most)))
    return format_html(
        '<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect width="{}" height="10"></rect></svg>',
        f"{math.floor(share * 10) / 10:g}",
    )


@register.filter
def initials(user: object) -> str:
    """Two letters for a face."""
    words = str(user).split("@")[0].replace(".", " ").replace("-", " ").split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@register.filter
def notice(tags: str) -> str:
    """The class of a notice for the tags of a message."""
    return next((_NOTICES[tag] for tag in tags.split() if tag in _NOTICES), "")


@register.simple_tag(takes_context=True)
def sortable(context: template.Context, column: str, title: str) -> SafeString:
    """A table's head that sorts by its column; once more turns the order round.

    The page's context says how it is sorted now: `sort`, a column with a minus when falling.
    """
    now = str(context.get("sort", ""))
    falling = now == f"-{column}"
    order = {column: "ascending", f"-{column}": "descending"}.get(now)
    first = f"-{column}" if column in (context.get("falling_first") or ()) else column
    new = (column if falling else f"-{column}") if order else first
    asked: QueryDict = context["request"].GET.copy()
    for stale in ("after", "before"):
        asked.pop(stale, None)
    asked["sort"] = new
    return format_html(
        '<th scope="col"{}><a class="sort" href="?{}">{}</a></th>',
        format_html(' aria-sort="{}"', order) if order else "",
        asked.urlencode(),
        title,
    )


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: object) -> str:
    """The page's query with some parts changed; a part set to nothing is left out."""
    asked: QueryDict = context["request"].GET.copy()
    return changed(asked, changes).urlencode()


def changed(asked: QueryDict, changes: Mapping[str, object]) -> QueryDict:
    """A query with some parts changed, or left out where they are nothing."""
    for name, value in changes.items():
        asked.pop(name, None)
        if value not in (None, ""):
            asked[name] = str(value)
    return asked


def _coloured(value: Decimal | float, said: str) -> SafeString:
    kind = "gain" if value > 0 else "loss" if value < 0 else "muted"
    return format_html('<span class="{}">{}</span>', kind, said)
