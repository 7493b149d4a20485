"""The ledger in words: nothing left out, nothing made up, in French and in English."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings

from passerelle.core.agreement import Agreement
from passerelle.core.conditions import DomainIn, Is, Missing, Patterns, parse_test
from passerelle.core.explaining import Explanation, Reason, attributed, explain, reasons
from passerelle.core.explaining_format import day, number, signed, test_in_words, value_in_words
from passerelle.core.history import Lead
from passerelle.core.scorer import score_lead
from passerelle.words import LANGUAGES, Language
from tests.core.rich import NOW, RICH, a_lead, an_agreement, an_event, leads
from tests.typography import french_faults

DAY = timedelta(days=1)
test_in_words.__test__ = False  # type: ignore[attr-defined]  # it describes a test, it is none


def explained(lead: Lead, language: Language = "fr", agreement: Agreement = RICH) -> Explanation:
    score = score_lead(agreement, lead, as_of=NOW)
    return explain(agreement, lead, score, language)


def plain(sentences: tuple[str, ...]) -> list[str]:
    return [text.replace("\u00a0", " ").replace("\u202f", " ") for text in sentences]


# Reasons


def test_reasons_are_what_really_reaches_the_total() -> None:
    lead = a_lead(
        an_event("page", path="/pricing"),
        an_event("email_bounced"),
        employees=1000,
    )

    found = reasons(RICH, score_lead(RICH, lead, as_of=NOW))

    assert found == (
        Reason("rule", "size", Decimal(16)),
        Reason("rule", "pricing", Decimal(9)),
        Reason("rule", "bounced", Decimal(-9)),
    )


def test_a_limit_is_borne_in_proportion_by_those_it_held_back() -> None:
    agreement = an_agreement(
        lambda text: text.replace(
            "email: {dimension: engagement, max: 10", "email: {dimension: engagement, max: 3"
        )
    )
    lead = a_lead(an_event("email_clicked"), an_event("email_clicked"), an_event("email_opened"))

    score = score_lead(agreement, lead, as_of=NOW)

    parts = {one.of: one.points / Decimal("0.6") for one in reasons(agreement, score)}
    assert {of: part.quantize(Decimal("0.001")) for of, part in parts.items()} == {
        "clicked": Decimal("2.571"),
        "opened": Decimal("0.429"),
    }


def test_what_a_line_gives_to_nothing_is_its_own_reason() -> None:
    agreement = an_agreement(lambda text: text.replace("max: 10, min: -20", "max: 10, min: 5"))

    score = score_lead(agreement, a_lead(), as_of=NOW)

    assert reasons(agreement, score) == (Reason("line", "email", Decimal(3)),)


def test_an_override_keeps_what_it_changed() -> None:
    lead = a_lead(an_event("vip_named"), job_title="CEO")

    found = reasons(RICH, score_lead(RICH, lead, as_of=NOW))

    assert found == (Reason("override", "vip", Decimal(49)), Reason("rule", "role", Decimal(16)))


@given(leads())
def test_the_reasons_together_are_the_total(lead: Lead) -> None:
    score = score_lead(RICH, lead, as_of=NOW)

    whole = attributed(RICH, score)

    assert sum((one.points for one in whole), Decimal(0)) == score.total
    assert [abs(one.points) for one in whole] == sorted(
        (abs(o.points) for o in whole), reverse=True
    )
    worths = {worth.rule: worth.points for worth in score.levels.worths}
    for one in whole:
        if one.kind == "rule":
            assert one.points * worths[one.of] >= 0
            assert abs(one.points) <= abs(worths[one.of])


# Why


def test_why_tells_the_weightiest_rule_first_with_what_time_took() -> None:
    lead = a_lead(
        an_event("page", path="/pricing", ago=2 * DAY),
        an_event("page", path="/pricing", ago=30 * DAY),
        employees=60,
        job_title="CEO",
    )

    french, english = (plain(explained(lead, language).of("why")) for language in LANGUAGES)

    assert french[:3] == [
        "Décideur (CEO) : +40 points en fit, soit +16 au total",
        (
            "Page tarifs vue, 2 fois, dernière fois il y a 2 jours : +21,82 points en engagement "
            "(30 au départ, 8,18 perdus avec le temps), soit +13,09 au total"
        ),
        "size (60) : +25 points en fit, soit +10 au total",
    ]
    assert english[1] == (
        "Page tarifs vue, 2 times, last 2 days ago: "
        "+21.82 points in engagement (30 at first, 8.18 lost with time), +13.09 of the total"
    )


def test_a_rule_may_be_named_by_whoever_knows_better() -> None:
    lead = a_lead(employees=60)
    score = score_lead(RICH, lead, as_of=NOW)

    told = explain(
        RICH, lead, score, "en", name_rule=lambda rule, language: f"{rule.key} in {language}"
    )

    assert told.of("why") == ("size in en (60): +25 points in fit, +10 of the total",)


@pytest.mark.parametrize(("ago", "words"), [(0, "aujourd’hui"), (1, "hier"), (2, "il y a 2 jours")])
def test_the_last_time_is_told_in_local_days(ago: int, words: str) -> None:
    lead = a_lead(an_event("email_clicked", ago=ago * DAY))

    (sentence, *_) = explained(lead).of("why")

    assert f"dernière fois {words}" in sentence


def test_limits_overrides_and_silence_are_told() -> None:
    lead = a_lead(
        an_event("vip_named", ago=2 * DAY),
        *[an_event("email_clicked", ago=DAY) for _ in range(6)],
    )

    told = explained(lead, "en")

    assert told.of("lines") == ("Limit of the group “email”: −7.76 in engagement",)
    assert told.of("overrides") == ("“Compte clé”: +59 (total)",)
    silent = explained(a_lead(an_event("page", ago=40 * DAY)), "en")
    assert silent.of("why") == (
        "silent, since February 4, 2026: −10 points in engagement, +0 of the total",
    )


def test_a_late_event_is_told_once_with_its_delay() -> None:
    event = an_event("form_submitted", asset="ebook-seo", ago=12 * DAY)
    lead = a_lead(replace(event, received_at=NOW - 9 * DAY))

    assert explained(lead, "en").of("late") == (
        "“ebook” of March 4, 2026 arrived 3 days late; it counts on its own date.",
    )
    assert explained(a_lead(event)).of("late") == ()


def test_many_late_events_are_counted() -> None:
    late = [replace(an_event("email_clicked", ago=n * DAY), received_at=NOW) for n in range(1, 9)]

    told = explained(a_lead(*late), "en").of("late")

    assert len(told) == 6
    assert told[-1] == "3 more events arrived late."


def test_bant_is_told_with_its_evidence_and_its_end() -> None:
    lead = a_lead(
        an_event("bant_assessed", criterion="need", met=True, source="appel", evidence="devis"),
        an_event("bant_assessed", criterion="budget", met=False),
        an_event("bant_assessed", criterion="timing", met=True, ago=200 * DAY),
    )

    assert plain(explained(lead).of("bant")) == [
        "25 points sur 100.",
        "Budget : non confirmé le 16 mars 2026, valable jusqu’au 12 septembre 2026",
        "Pouvoir de décision : pas encore évalué",
        (
            "Besoin : confirmé le 16 mars 2026 (+25), valable jusqu’au 12 septembre 2026 ; "
            "preuve : devis, source : appel"
        ),
        "Échéance : l’évaluation du 28 août 2025 a expiré",
    ]


# What lies ahead


def test_what_is_missing_is_told_with_the_way_around() -> None:
    lead = a_lead(an_event("page", path="/pricing"), employees=60, job_title="CEO")

    assert plain(explained(lead).of("not_yet")) == [
        "Prochaine étape : hot.",
        "Total : il manque plus de 25 points (35, il faut dépasser 60).",
        "Raccourci : hand_raise ou recommended.",
    ]


def test_a_lead_given_back_is_told_when_it_comes_up_again() -> None:
    lead = a_lead(an_event("returned", reason="bad_timing", ago=10 * DAY))

    told = explained(lead, "en")

    assert told.of("not_yet") == (
        "Would otherwise stand at: lead.",
        "Given back for the reason “bad_timing”: rests until June 4, 2026.",
        "10 new points missing to come up again.",
        "Shortcut: hand_raise.",
    )
    assert told.of("until") == ("Nothing stands lower than this stage.",)


def test_suggestions_say_what_happens_and_what_it_brings() -> None:
    lead = a_lead(an_event("accepted"), an_event("vip_named"), employees=60, job_title="CEO")

    told = plain(explained(lead).of("change"))

    assert told[0] == (
        "Voie rapide « hand_raise » : demande de démo → étape transmis aux ventes, "
        "total inchangé (65)"
    )
    assert told[1].startswith("Rendez-vous pris, budget confirmé, pouvoir de décision confirmé, ")


def test_suggestions_tell_repetitions_fields_and_days_to_wait_for() -> None:
    lead = a_lead(an_event("page", path="/", ago=DAY), employees=1000, source="ads")
    score = score_lead(RICH, lead, as_of=NOW)

    told = plain(explain(RICH, lead, score, "fr", most=30).of("change"))

    assert "Décideur : job_title = ceo → étape MQL, 32 au total (+16)" in told
    assert "fast : 3 × formulaire rempli → étape Engagé, 28 au total (+12)" in told
    assert "back : page vue, à partir du 22 mars 2026 → étape Engagé, 18,4 au total (+2,4)" in told


def test_the_end_is_told_with_its_cause() -> None:
    told = explained(a_lead(an_event("demo_requested")), "en").of("until")

    assert told == (
        "If nothing more happens, falls to lead on April 30, 2026 at 0:00, with 0 points.",
        "The fast track “hand_raise” closes.",
    )


def test_a_disqualified_lead_is_told_so_everywhere() -> None:
    told = explained(a_lead(an_event("complained", ago=DAY)), "en")

    assert told.of("summary")[-1] == "Disqualified by “S’est plaint”."
    assert told.of("not_yet")[-1] == "Disqualified by “S’est plaint”, until April 14, 2026."
    assert told.of("change") == ("Nothing, as long as the lead is disqualified.",)


# Any lead


@given(leads())
@settings(max_examples=40)
def test_any_lead_can_be_explained_alike_in_both_languages(lead: Lead) -> None:
    french, english = explained(lead, "fr"), explained(lead, "en")

    told = [
        {section.key: len(section.sentences) for section in explanation.sections}
        for explanation in (french, english)
    ]
    assert told[0] == told[1]
    assert {"summary", "why", "not_yet", "change", "until"} <= set(told[0])
    for explanation in (french, english):
        for section in explanation.sections:
            assert section.title
            assert all(
                s == s.strip() and "{" not in s and "None" not in s for s in section.sentences
            )
    assert not [
        f for section in french.sections for s in section.sentences for f in french_faults(s)
    ]


# Numbers and values


@pytest.mark.parametrize(
    ("points", "french", "english"),
    [
        ("1234.567", "1\u202f234,57", "1,234.57"),
        ("0.000001", "0,000001", "0.000001"),
        ("0", "0", "0"),
        ("-2.50", "−2,5", "−2.5"),
    ],
)
def test_points_are_spelt_as_the_language_does(points: str, french: str, english: str) -> None:
    assert (number(Decimal(points), "fr"), number(Decimal(points), "en")) == (french, english)


def test_the_first_of_the_month_is_told_as_one_says_it() -> None:
    told = [day(date(2026, 6, n), language) for n in (1, 11) for language in ("fr", "en")]

    assert told == ["1er juin 2026", "June 1, 2026", "11 juin 2026", "June 11, 2026"]


def test_a_sign_is_a_real_minus() -> None:
    assert (signed(Decimal(-3), "fr"), signed(Decimal(3), "fr")) == ("−3", "+3")


def test_values_and_tests_are_told_in_words() -> None:
    assert [value_in_words(v, "fr") for v in (True, None, "", 1200, NOW.date())] == [
        "oui",
        "rien",
        "rien",
        "1\u202f200",
        "16 mars 2026",
    ]
    asked = (
        Patterns(("a", "b*", "c")),
        DomainIn(("acme.example",)),
        Is(expected=False),
        Missing(),
        Missing(missing=False),
        *(parse_test(text) for text in (">=5", "<5", "<=5", ">5", "5..9", 7)),
    )
    assert [test_in_words(one, "en") for one in asked] == [
        "a, b* or c",
        "@acme.example",
        "no",
        "nothing",
        "something",
        *("≥ 5", "< 5", "≤ 5", "> 5", "5–9", "7"),
    ]
