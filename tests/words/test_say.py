"""`say`: the right sentence, in the right language, in the right number."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from passerelle import words
from passerelle.words import Language, preferred_language, say

ENGLISH = """
title = "Scores of {company}"
[table]
total = "Total"
[table.leads]
one = "{n} lead"
other = "{n} leads"
"""
FRENCH = """
title = "Scores de {company}"
[table]
total = "Total"
[table.leads]
one = "{n} lead"
other = "{n} leads"
"""


@pytest.fixture
def catalogues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A small area named `trial`, read from disk like the real ones."""
    for language, text in (("en", ENGLISH), ("fr", FRENCH)):
        (tmp_path / language).mkdir()
        (tmp_path / language / "trial.toml").write_text(text, "utf-8")
    monkeypatch.setattr("passerelle.words.files", lambda _package: tmp_path)
    words.catalogue.cache_clear()
    yield
    words.catalogue.cache_clear()


@pytest.mark.usefixtures("catalogues")
def test_a_sentence_is_filled_in_in_its_language() -> None:
    assert say("trial.title", "fr", company="Acme") == "Scores de Acme"
    assert say("trial.title", "en", company="Acme") == "Scores of Acme"
    assert say("trial.table.total", "fr") == "Total"


@pytest.mark.usefixtures("catalogues")
@pytest.mark.parametrize(
    ("language", "n", "sentence"),
    [
        ("en", 0, "0 leads"),
        ("en", 1, "1 lead"),
        ("en", -1, "-1 lead"),
        ("en", 1.5, "1.5 leads"),
        ("en", 2, "2 leads"),
        ("fr", 0, "0 lead"),
        ("fr", 1, "1 lead"),
        ("fr", 1.5, "1.5 lead"),
        ("fr", -1.5, "-1.5 lead"),
        ("fr", 2, "2 leads"),
    ],
)
def test_french_counts_everything_below_two_as_one_and_english_one_alone(
    language: Language, n: float, sentence: str
) -> None:
    assert say("trial.table.leads", language, n=n) == sentence


@pytest.mark.usefixtures("catalogues")
@pytest.mark.parametrize("key", ["trial.nothing", "trial.table.nothing"])
def test_an_unknown_key_is_an_error(key: str) -> None:
    with pytest.raises(KeyError):
        say(key, "en")


@pytest.mark.usefixtures("catalogues")
@pytest.mark.parametrize("key", ["trial.title", "trial.table.leads"])
def test_a_missing_placeholder_is_an_error(key: str) -> None:
    with pytest.raises(KeyError):
        say(key, "en")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_GB.UTF-8", "PASSERELLE_LANGUAGE": "FR"}, "fr"),
        ({"LANG": "fr_CA", "PASSERELLE_LANGUAGE": ""}, "fr"),
    ],
)
def test_the_first_setting_that_says_something_decides_the_language(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], language: Language
) -> None:
    for name in ("PASSERELLE_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert preferred_language() == language
