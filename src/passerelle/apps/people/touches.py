"""How somebody came: the channel of a visit, from its campaign or from where it was referred."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from passerelle.apps.people.companies import registrable_domain

DIRECT = "direct"
_PAID = frozenset(
    {
        "cpc", "ppc", "cpm", "cpv", "paid", "paidsearch", "paid_search", "paid-search", "display",
        "banner", "retargeting", "remarketing", "ads", "ad", "sea", "paidsocial", "paid_social",
        "paid-social", "sponsored",
    }
)  # fmt: skip
_MAIL = frozenset({"email", "e-mail", "mail", "newsletter", "emailing", "infolettre"})
_SOCIAL = frozenset(
    {
        "linkedin", "facebook", "fb", "instagram", "twitter", "x", "t", "youtube", "tiktok",
        "reddit", "lnkd", "pinterest", "mastodon", "bsky", "threads", "quora", "youtu", "social",
        "whatsapp", "telegram", "viadeo", "xing",
    }
)  # fmt: skip
_SEARCH = frozenset(
    {
        "google", "bing", "yahoo", "duckduckgo", "qwant", "ecosia", "baidu", "yandex", "lilo",
        "startpage", "brave", "ask", "aol", "kagi", "chatgpt", "perplexity",
    }
)  # fmt: skip
_WEBMAIL = frozenset({"mail", "outlook", "webmail", "messagerie", "zimbra", "gmail"})
_PAID_CLICKS = frozenset({"gclid", "wbraid", "gbraid", "msclkid", "dclid", "li_fat_id", "ttclid"})
_UTM = ("source", "medium", "campaign", "term", "content")


def touch_of(
    properties: Mapping[str, Any], context: Mapping[str, Any], *, at: datetime, key: str
) -> dict[str, str] | None:
    """The visit that a page call or another call with a page belongs to, if it says.

    `at` and `key` are the event's time and id; equal times are told apart by the id.
    """
    page = context.get("page")
    told = {**(page if isinstance(page, dict) else {}), **properties}
    url, referrer = _text(told.get("url")), _text(told.get("referrer"))
    asked = _query(_text(told.get("search")) or urlsplit_query(url))
    campaign = _campaign(context, asked)
    if not (url or referrer or campaign or told.get("path")):
        return None
    channel = _channel(campaign, asked, _host(referrer), _host(url))
    if channel is None:
        return None
    touch = {"at": at.isoformat(), "id": key, "channel": channel, **campaign}
    if referrer:
        touch["referrer"] = referrer[:300]
    if path := _text(told.get("path")):
        touch["path"] = path[:300]
    return touch


def _channel(
    campaign: Mapping[str, str], asked: Mapping[str, str], referrer: str, site: str
) -> str | None:
    """The channel; None for a step within one's own site, which is no new touch."""
    medium, source = campaign.get("medium", "").lower(), campaign.get("source", "").lower()
    if medium in _PAID or _PAID_CLICKS.intersection(asked):
        return "ads"
    if medium in _MAIL or source in _MAIL:
        return "email"
    if medium in {"social", "social-media", "sm"} or _SOCIAL.intersection({source}):
        return "social"
    if medium:
        return {"organic": "organic", "affiliate": "referral"}.get(medium, medium)[:60]
    if source:
        return "organic" if source in _SEARCH else source[:60]
    return _by_referrer(referrer, site)


def _by_referrer(referrer: str, site: str) -> str | None:
    if not referrer:
        return DIRECT
    domain = registrable_domain(referrer)
    if site and domain == registrable_domain(site):
        return None
    name, first = domain.partition(".")[0], referrer.partition(".")[0]
    if first in _WEBMAIL:
        return "email"
    if name in _SEARCH:
        return "organic"
    return "social" if name in _SOCIAL else "referral"


def _campaign(context: Mapping[str, Any], asked: Mapping[str, str]) -> dict[str, str]:
    given = context.get("campaign")
    said = given if isinstance(given, dict) else {}
    found = {
        name: _text(said.get("name" if name == "campaign" else name))
        or asked.get(f"utm_{name}", "")
        for name in _UTM
    }
    return {name: value[:120] for name, value in found.items() if value}


def urlsplit_query(url: str) -> str:
    """The query of a URL, or nothing if it is no URL."""
    try:
        return urlsplit(url).query
    except ValueError:
        return ""


@lru_cache(maxsize=4096)
def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _query(search: str) -> dict[str, str]:
    if "=" not in search:
        return {}
    try:
        return dict(parse_qsl(search.removeprefix("?")[:4000], max_num_fields=60))
    except ValueError:
        return {}


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
