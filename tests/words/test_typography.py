"""The checker of French typography: it marks what a printer would mark, and leaves code alone."""

import pytest

from tests.typography import french_faults


@pytest.mark.parametrize(
    "sentence",
    [
        "Le seuil\u00a0: 50 points\u202f; le reste attend\u202f!",
        "Un «\u00a0prospect\u00a0» est-il un lead\u00a0?",
        "À 09:00, 13\u00a0% des leads sont là.",
        "Écrivez `half_life: 30d` plutôt que `{value}`\u00a0: {remedy}",
        "Voyez https://example.org/?a=b et [la page](page.md?x=1).",
        "{path}:{line}\u00a0: {fault}",
        "**Seuil\u00a0:** le nombre de points.",
        "Vraiment&nbsp;!",
        'Un <a href="x">lien</a>.',
        "| terme | sens |\n|:---|---:|\n",
    ],
)
def test_a_well_set_sentence_has_no_fault(sentence: str) -> None:
    assert french_faults(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        ('Un "prospect"', "a straight quotation mark"),
        ("Un «prospect\u00a0»", "« without"),
        ("Un «\u00a0prospect»", "» without"),
        ("Un « prospect\u00a0»", "« without"),
        ("Le seuil : 50", "an ordinary space"),
        ("Le seuil: 50", "no space"),
        ("Le seuil est de {seuil}: bien", "no space"),
        ("**Seuil:** 50", "no space"),
        ("13 % des leads", "an ordinary space"),
        ("Vraiment?", "no space"),
        ("Vraiment ?", "an ordinary space"),
        ("Le premier; le second", "no space"),
    ],
)
def test_a_badly_set_sentence_is_marked(sentence: str, fault: str) -> None:
    found = french_faults(sentence)

    assert found
    assert found[0].startswith(fault)
