"""A whole agreement read aloud: its levels, stages, shortcuts, duties and signatures."""

import pytest

from passerelle.core.fault_examples import SOUND
from passerelle.core.reading import read_agreement
from passerelle.core.sentences import describe
from passerelle.words import LANGUAGES, Language


def sections(text: str, language: Language) -> dict[str, tuple[str, ...]]:
    described = describe(read_agreement(text), language)
    return {
        section.title: tuple(s.replace("\u00a0", " ") for s in section.sentences)
        for section in described.sections
    }


def test_the_whole_agreement_is_described_in_english() -> None:
    said = sections(SOUND, "en")

    assert said["How the score is made"] == (
        "The fit goes from 0 to 100.",
        "The engagement goes from 0 to 100.",
        "The rules of the group “email” count together in the engagement: 20 at most.",
        "The total score goes from 0 to 100: 40% for the fit and 60% for the engagement.",
        "Grades for the fit: A from 75, otherwise B.",
        "Grades for the engagement: 1 from 50, otherwise 2.",
    )
    assert said["Stages"] == (
        "MQL: when the total score is 50 or more; then until the total score falls below 40.",
        "Hot: when the total score is above 80.",
        "Ready: when the grade is A1 and the qualification by sales is complete.",
    )
    assert said["Fast tracks"] == (
        "Asking for a demo: straight to “handed over to sales”, on the hot clock.",
    )
    assert said["Who is out"] == (
        "The e-mail address is at rival.example: disqualified, whatever the score.",
    )
    assert said["Overrides"] == ("Asking for a free trial: the total score does not go below 50.",)
    assert said["From MQL to SQL"][0] == (
        "To become an SQL, a lead takes accepting the lead, reaching the lead "
        "and a BANT score that is above 80."
    )
    assert said["Hand-off to sales"] == (
        "Clocks run from Monday to Friday, from 09:00 to 18:00.",
        "On the hot clock, sales accepts within 30 minutes and makes contact within 1 hour.",
        "On the warm clock, sales accepts within 4 hours and makes contact within 1 day.",
        "Sales may give a lead back for one of these reasons: no budget or bad timing.",
    )
    assert said["When a lead comes up again"] == (
        "Bad timing: the lead does not come up again before 90 days.",
        "Lost sale: the lead does not come up again before 180 days.",
        "It comes up again once it has earned 10 points anew; old points do not count twice.",
    )
    assert said["Signatures"] == ("Signed for sales by Ada, 31 January 2026.",)


def test_the_whole_agreement_is_described_in_french() -> None:
    said = sections(SOUND, "fr")

    assert said["De quoi le score est fait"][3] == (
        "Le score total va de 0 à 100 : 40 % pour l’adéquation et 60 % pour l’engagement."
    )
    assert said["Étapes"][0] == (
        "MQL : quand le score total vaut 50 ou plus ; "
        "ensuite jusqu’à ce que le score total passe sous 40."
    )
    assert said["Voies rapides"] == (
        "Demander une démonstration : directement à « transmis aux ventes », avec le délai urgent.",
    )
    assert said["Signatures"] == ("Signé par Ada pour l’équipe ventes, le 31 janvier 2026.",)


@pytest.mark.parametrize("language", LANGUAGES)
def test_parts_that_are_not_there_are_not_described(language: Language) -> None:
    bare = """
        passerelle: 1
        key: bare
        dimensions: {score: {unscored: 10}}
        rules: [{key: pages, dimension: score, event: page, points: 1}]
        total: {sum: [score]}
        stages: {lead: {}, mql: {label: "Chaud", when: {score: ">=20"}}}
    """

    described = describe(read_agreement(bare), language)

    assert len(described.sections) == 4
    assert all(sentence for section in described.sections for sentence in section.sentences)
    assert any("10 points" in s for s in described.sections[0].sentences)
    assert any("Chaud" in s for s in described.sections[2].sentences)


@pytest.mark.parametrize(
    ("override", "english"),
    [
        ("force: 90", "the total score is 90, whatever the rules give"),
        ("force: {fit: 90}", "the fit is 90, whatever the rules give"),
        ("set: {engagement: 0}", "the engagement starts again from 0"),
        ("freeze: true", "the score stands still"),
        ("freeze: true, until: deal_lost", "the score stands still until this: losing the sale"),
    ],
)
def test_an_override_says_what_it_does(override: str, english: str) -> None:
    said = sections(SOUND.replace("floor: {total: 50}", override), "en")

    assert said["Overrides"] == (f"Asking for a free trial: {english}.",)


def test_days_with_the_same_hours_are_said_together() -> None:
    week = '{mon-wed: ["09:00-12:00", "14:00-18:00"], thu: ["09:00-12:00"], sat: ["10:00-12:00"]}'
    said = sections(SOUND.replace('{mon-fri: ["09:00-18:00"]}', week), "fr")

    assert said["Passation aux ventes"][:3] == (
        "Les délais courent du lundi au mercredi, de 09:00 à 12:00 et de 14:00 à 18:00.",
        "Les délais courent le jeudi, de 09:00 à 12:00.",
        "Les délais courent le samedi, de 10:00 à 12:00.",
    )
