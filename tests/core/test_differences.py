"""What changes from one agreement to the next is said, all of it, and nothing else."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from passerelle.core.agreement import Agreement
from passerelle.core.differences import Change, difference_sentences, differences
from passerelle.core.document import read_document
from passerelle.core.fault_examples import SOUND
from passerelle.core.faults import InvalidAgreement
from passerelle.core.reading import read_agreement
from passerelle.words import LANGUAGES, Language


def changed(instead_of: str, wrote: str) -> tuple[Agreement, Agreement]:
    assert instead_of in SOUND
    return read_agreement(SOUND), read_agreement(SOUND.replace(instead_of, wrote, 1))


def said(instead_of: str, wrote: str, language: Language) -> tuple[str, ...]:
    sentences = difference_sentences(*changed(instead_of, wrote), language)
    return tuple(sentence.replace("\u00a0", " ") for sentence in sentences)


@pytest.mark.parametrize(
    ("instead_of", "wrote", "english", "french"),
    [
        (
            "points: 15,",
            "points: 20,",
            "“Viewing the pricing page” is worth 20 points instead of 15.",
            "« Voir la page de tarifs » vaut 20 points au lieu de 15.",
        ),
        (
            '">=50"}, falls',
            '">=55"}, falls',
            "The line of the MQL goes from 50 to 55.",
            "Le seuil du MQL passe de 50 à 55.",
        ),
        (
            '">80"}}',
            '">75"}}',
            "The line of the stage “hot” goes from 80 to 75.",
            "Le seuil de l’étape « chaud » passe de 80 à 75.",
        ),
        (
            "falls_below: 40",
            "falls_below: 30",
            "The line at which a lead falls out of the MQL goes from 40 to 30.",
            "Le seuil de sortie du MQL passe de 40 à 30.",
        ),
        (
            "max: 20",
            "max: 25",
            "The rules of the group “email” give 25 together at most instead of 20.",
            "Les règles du groupe « email » donnent ensemble 25 au plus au lieu de 20.",
        ),
        (
            "hot: {accept: 30m",
            "hot: {accept: 1h",
            "On the hot clock, sales accepts within 1 hour instead of 30 minutes.",
            "Avec le délai urgent, les ventes acceptent en 1 heure au lieu de 30 minutes.",
        ),
        (
            "contact: 1d",
            "contact: 2d",
            "On the warm clock, sales makes contact within 2 days instead of 1 day.",
            "Avec le délai normal, les ventes prennent contact en 2 jours au lieu de 1 jour.",
        ),
        (
            "bad_timing: 90d",
            "bad_timing: 60d",
            "Bad timing: the lead waits 60 days instead of 90 days.",
            "Pas le bon moment : le lead attend 60 jours au lieu de 90 jours.",
        ),
        (
            "new_points: 10",
            "new_points: 20",
            "A lead comes up again once it has earned 20 points anew instead of 10 points.",
            "Un lead remonte quand il a gagné 20 points de neuf au lieu de 10 points.",
        ),
        (
            "half_life: 30d",
            "half_life: 60d",
            (
                "Before: Viewing the pricing page (decision phase): +15 points each time, "
                "half of that after 30 days. Now: Viewing the pricing page (decision phase): "
                "+15 points each time, half of that after 60 days."
            ),
            (
                "Avant : Voir la page de tarifs (phase décision) : +15 points à chaque fois, "
                "la moitié au bout de 30 jours. Désormais : Voir la page de tarifs (phase "
                "décision) : +15 points à chaque fois, la moitié au bout de 60 jours."
            ),
        ),
        (
            "  - {key: rival, field: email, domain_in: [rival.example]}",
            (
                "  - {key: rival, field: email, domain_in: [rival.example]}\n"
                "  - {key: intern, field: job_title, matches: intern}"
            ),
            "New: The job title is “intern”: disqualified, whatever the score.",
            "Nouveau : La fonction vaut « intern » : disqualifié, quel que soit le score.",
        ),
        (
            "  - {key: back, dimension: engagement, visit: {after: 7d, within: 30d}, points: 5}\n",
            "",
            "Gone: Coming back after 7 days or more, but within 30 days: +5 points each time.",
            (
                "Supprimé : Revenir après 7 jours ou plus, mais dans un délai de 30 jours : "
                "+5 points à chaque fois."
            ),
        ),
        (
            "timezone: Europe/Paris",
            "timezone: Europe/Brussels",
            (
                "Before: Days begin at midnight in Europe/Paris. "
                "Now: Days begin at midnight in Europe/Brussels."
            ),
            (
                "Avant : Les jours commencent à minuit, fuseau Europe/Paris. "
                "Désormais : Les jours commencent à minuit, fuseau Europe/Brussels."
            ),
        ),
    ],
)
def test_a_change_is_said_in_the_terms_of_the_trade(
    instead_of: str, wrote: str, english: str, french: str
) -> None:
    assert said(instead_of, wrote, "en")[0] == english
    assert said(instead_of, wrote, "fr")[0] == french


def test_weights_are_said_as_shares_of_the_total() -> None:
    new = SOUND.replace("weight: 0.4", "weight: 0.5").replace("weight: 0.6", "weight: 0.5")

    sentences = difference_sentences(read_agreement(SOUND), read_agreement(new), "en")

    assert sentences == (
        "The fit weighs 50% of the total instead of 40%.",
        "The engagement weighs 50% of the total instead of 60%.",
    )


def test_several_changes_of_one_rule_are_said_each_in_its_way() -> None:
    old, new = changed("points: 15,\n    half_life: 30d", "points: 20,\n    half_life: 60d, max: 9")

    changes = differences(old, new)

    assert [(change.kind, change.path) for change in changes] == [
        ("changed", ("rules", "prices", "points")),
        ("changed", ("rules", "prices")),
    ]
    assert (changes[0].old, changes[0].new) == (15, 20)


def test_a_rule_is_known_by_its_key_and_not_by_its_place() -> None:
    rule = (
        "  - {key: role, dimension: fit, field: job_title, matches: [ceo, head of *], points: 30}\n"
    )
    moved = SOUND.replace(rule, "").replace("total: {weighted", f"{rule}total: {{weighted")

    assert differences(read_agreement(SOUND), read_agreement(moved)) == ()


def test_an_order_that_matters_is_a_change() -> None:
    content = "  - {path: /blog/*, kind: article, phase: awareness}\n"
    moved = SOUND.replace(content, "").replace("content:\n", f"content:\n{content}")

    (change,) = differences(read_agreement(SOUND), read_agreement(moved))

    assert change.path == ("order", "content")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_difference_is_said_too(language: Language) -> None:
    agreement = read_agreement(SOUND)

    (sentence,) = difference_sentences(agreement, agreement, language)

    assert differences(agreement, read_agreement(SOUND)) == ()
    assert sentence == {"en": "Nothing changes.", "fr": "Rien ne change."}[language]


def test_another_spelling_of_the_same_is_no_difference() -> None:
    old, new = changed("half_life: 30d", "half_life: 1mo")

    assert differences(old, new) == ()
    assert difference_sentences(old, new, "en") == ("Nothing changes but the way it is written.",)


def leaves(part: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    match part:
        case dict():
            for key, inside in part.items():
                yield from leaves(inside, (*path, key))
        case list():
            for index, inside in enumerate(part):
                yield from leaves(inside, (*path, index))
        case _:
            yield path


def with_leaf(path: tuple[str | int, ...], leaf: object) -> Agreement | None:
    """The sound example with another value in one place, if that is an agreement too."""
    document = read_document(SOUND).value
    place: Any = document
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = leaf
    try:
        return read_agreement(yaml.safe_dump(document, sort_keys=False))
    except InvalidAgreement:
        return None


LEAVES = list(leaves(read_document(SOUND).value))
VALUES: list[object] = [
    *(1, 2, 45, 0.5, True, False),
    *("7d", "45m", ">=45", "<3", "2026-02-01", "09:00-12:00"),
    *("fit", "engagement", "page", "download", "awareness", "article", "other"),
    *("fr", "Europe/Rome", "text", "number", "deal_won", "warm", "mql", "marketing", "lost"),
]


@given(path=st.sampled_from(LEAVES), leaf=st.sampled_from(VALUES))
def test_every_change_of_a_leaf_is_a_change_that_says_itself(
    path: tuple[str | int, ...], leaf: object
) -> None:
    old, new = read_agreement(SOUND), with_leaf(path, leaf)
    if new is None or all(getattr(old, n) == getattr(new, n) for n in Agreement.model_fields):
        return

    changes = differences(old, new)

    assert changes
    for change, language in product(changes, LANGUAGES):
        assert change.says(language).endswith(".")
    assert sorted(map(mirrored, changes)) == sorted(
        (change.kind, change.path) for change in differences(new, old)
    )


def mirrored(change: Change) -> tuple[str, tuple[str, ...]]:
    kind = {"added": "removed", "removed": "added"}.get(change.kind, change.kind)
    return kind, change.path


def test_most_leaves_can_be_changed_by_the_values_that_are_tried() -> None:
    changeable = {path for path in LEAVES if any(with_leaf(path, leaf) for leaf in VALUES[:8])}

    assert len(changeable) > len(LEAVES) / 2
