"""Every agreement of the gallery is valid, listed, and used from end to end by its scenario."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from passerelle.core.history import Lead
from passerelle.core.standing import ladder
from tests.gallery import (
    test_1min30,
    test_acme,
    test_bant100,
    test_demo,
    test_hubspot,
    test_instapage,
    test_madkudu,
    test_magileads,
    test_marketo,
    test_mautic,
    test_pardot,
    test_plezi,
)
from tests.gallery.story import GALLERY, Used, gallery, gallery_files, used_by

LEADS: Mapping[str, Sequence[Lead]] = {
    "1min30": test_1min30.LEADS,
    "acme": test_acme.LEADS,
    "bant100": test_bant100.LEADS,
    "demo": test_demo.LEADS,
    "hubspot": test_hubspot.LEADS,
    "instapage": test_instapage.LEADS,
    "madkudu": test_madkudu.LEADS,
    "magileads": test_magileads.LEADS,
    "marketo": test_marketo.LEADS,
    "mautic": test_mautic.LEADS,
    "pardot": test_pardot.LEADS,
    "plezi": test_plezi.LEADS,
}
KEYS = [path.stem for path in gallery_files()]
ARTICLES = ("instapage", "bant100", "plezi", "magileads", "1min30")
PEERS = ("hubspot", "pardot", "marketo", "mautic", "madkudu")


@pytest.fixture(scope="module", params=KEYS)
def used(request: pytest.FixtureRequest) -> tuple[str, Used]:
    key = str(request.param)
    return key, used_by(gallery(key), LEADS[key])


def test_the_gallery_holds_the_five_articles_the_peers_and_the_examples() -> None:
    assert sorted(KEYS) == sorted([*ARTICLES, *PEERS, "acme", "demo"])


@pytest.mark.parametrize("key", KEYS)
def test_every_file_is_an_agreement_named_after_its_key(key: str) -> None:
    agreement = gallery(key)

    assert agreement.key == key


@pytest.mark.parametrize("key", KEYS)
def test_every_file_explains_itself_in_its_first_lines(key: str) -> None:
    text = (GALLERY / f"{key}.yaml").read_text("utf-8")

    assert text.startswith("# ") or key == "acme"
    assert "\t" not in text


def test_every_rule_fires_for_somebody(used: tuple[str, Used]) -> None:
    key, found = used

    silent = {rule.key for rule in gallery(key).rules} - found.rules

    assert not silent


def test_every_stage_is_reached_by_somebody(used: tuple[str, Used]) -> None:
    key, found = used
    agreement = gallery(key)

    special = {"disqualified"} if agreement.disqualify else set()
    empty = {*ladder(agreement), *special} - found.stages

    assert not empty


def test_every_shortcut_is_taken_by_somebody(used: tuple[str, Used]) -> None:
    key, found = used
    agreement = gallery(key)
    shortcuts = (*agreement.fast_tracks, *agreement.disqualify, *agreement.overrides)

    unused = {shortcut.key for shortcut in shortcuts} - found.triggers

    assert not unused


def test_the_nurturing_of_every_agreement_that_recycles_is_reached(used: tuple[str, Used]) -> None:
    key, found = used

    assert "nurturing" in found.stages
    assert gallery(key).recycle is not None


@pytest.mark.parametrize("readme", ["README.md", "README.fr.md"])
def test_the_readme_lists_every_agreement_once_and_nothing_else(readme: str) -> None:
    text = (GALLERY / readme).read_text("utf-8")

    listed = re.findall(r"^\| \[`([a-z0-9]+)`\]\(([a-z0-9]+\.yaml)\)", text, flags=re.MULTILINE)

    assert sorted(listed) == [(Path(file).stem, file) for file in sorted(f"{k}.yaml" for k in KEYS)]
