"""Rules read aloud: every kind, every option, in words a marketer understands."""

import pytest

from passerelle.core.agreement import Agreement
from passerelle.core.fault_examples import SOUND
from passerelle.core.reading import read_agreement
from passerelle.core.sentences_rules import rule_sentence, short_rule_name
from passerelle.core.sentences_stages import short_trigger_name
from passerelle.words import LANGUAGES, Language


def agreement_with(rule: str) -> Agreement:
    """The sound example with one more rule, keyed `it`, in the engagement."""
    line = f"rules:\n  - {{key: it, dimension: engagement, {rule}}}"
    return read_agreement(SOUND.replace("rules:", line, 1))


def said(rule: str, language: Language) -> str:
    agreement = agreement_with(rule)
    sentence = rule_sentence(agreement.rule("it"), language, agreement=agreement)
    return sentence.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("rule", "english", "french"),
    [
        (
            "event: page, where: {kind: pricing}, points: 15, half_life: 30d, max: 30",
            (
                "Viewing the pricing page (decision phase): +15 points each time, "
                "half of that after 30 days, 30 at most."
            ),
            (
                "Voir la page de tarifs (phase décision) : +15 points à chaque fois, "
                "la moitié au bout de 30 jours, 30 au plus."
            ),
        ),
        (
            "event: [email_opened, email_clicked], points: 1, limit: {points: 5, per: week}",
            (
                "Opening an e-mail or clicking a link in an e-mail: +1 point each time, "
                "5 points at most a week."
            ),
            (
                "Ouvrir un e-mail ou cliquer dans un e-mail : +1 point à chaque fois, "
                "5 points au plus par semaine."
            ),
        ),
        (
            "event: email_clicked, points: 3, limit: {times: 1, per: day}, expires: 90d",
            (
                "Clicking a link in an e-mail: +3 points each time, 1 time at most a day, "
                "nothing any more after 90 days."
            ),
            (
                "Cliquer dans un e-mail : +3 points à chaque fois, 1 fois au plus par jour, "
                "plus rien au bout de 90 jours."
            ),
        ),
        (
            (
                "event: download, points: 2.5, linear_decay: {percent: 50, per: 1mo}, "
                "cool_down: 7d, limit: {times: 2, per: ever}"
            ),
            (
                "Downloading content: +2.5 points each time, not again within 7 days, "
                "2 times at most in all, losing 50% of that every 30 days, a little each night."
            ),
            (
                "Télécharger un contenu : +2,5 points à chaque fois, pas de nouveau avant 7 jours, "
                "2 fois au plus en tout, 50 % de moins tous les 30 jours, un peu chaque nuit."
            ),
        ),
        (
            (
                "event: form_submitted, where: {phase: [awareness, decision], seconds: '>=10'}, "
                "points: 8, first_only: asset, window: 180d, step_decay: {percent: 50, every: 60d}"
            ),
            (
                "Filling in a form (awareness or decision phase, the number of seconds is 10 or "
                "more): +8 points each time, once for each piece of content, "
                "losing 50% of that each time 60 days are over, forgotten after 180 days."
            ),
            (
                "Remplir un formulaire (phase prise de conscience ou décision, le nombre de "
                "secondes vaut 10 ou plus) : +8 points à chaque fois, une fois par contenu, "
                "50 % de moins chaque fois que 60 jours sont passés, oublié au bout de 180 jours."
            ),
        ),
        (
            "event: email_unsubscribed, points: -20, first_only: person, min: -20",
            "Unsubscribing from e-mails: -20 points, the first time only, never below -20.",
            (
                "Se désabonner des e-mails : -20 points, la première fois seulement, "
                "jamais moins de -20."
            ),
        ),
        (
            (
                "event: salon_visit, first_only: booth, points: 5, "
                "valid: {from: 2026-03-01, until: 2026-03-31}"
            ),
            (
                "The event “salon_visit”: +5 points each time, from 1 March 2026 to 31 March 2026, "
                "once for each value (the property “booth”)."
            ),
            (
                "L’événement « salon_visit » : +5 points à chaque fois, du 1er mars 2026 au "
                "31 mars 2026, une fois par valeur (la propriété « booth »)."
            ),
        ),
        (
            "event: page, valid: {from: 2026-03-01}, points: 1",
            "Viewing a page: +1 point each time, from 1 March 2026 on.",
            "Voir une page : +1 point à chaque fois, à partir du 1er mars 2026.",
        ),
        (
            "event: page, valid: {until: 2026-03-01}, points: 1",
            "Viewing a page: +1 point each time, until 1 March 2026.",
            "Voir une page : +1 point à chaque fois, jusqu’au 1er mars 2026.",
        ),
        (
            "event: download, counts: {'1..2': 5, '>=3': 15}, window: 60d",
            (
                "Number of times, downloading content: from 1 to 2, +5 points; 3 or more, +15 "
                "points, in the last 60 days."
            ),
            (
                "Nombre de fois, télécharger un contenu : de 1 à 2, +5 points ; 3 ou plus, "
                "+15 points, sur une période de 60 jours."
            ),
        ),
        (
            (
                "event: '*', where: {met: true, form: {missing: true}, form_id: {present: true}, "
                "price: '<10', age: 5}, points: 1"
            ),
            (
                "Any event (the criterion met is yes, the form is unknown, the property “form_id” "
                "is known, the property “price” is below 10, the property “age” is exactly 5): "
                "+1 point each time."
            ),
            (
                "N’importe quel événement (le critère rempli vaut oui, on ignore le formulaire, on "
                "connaît la propriété « form_id », la propriété « price » vaut moins de 10, la "
                "propriété « age » vaut exactement 5) : +1 point à chaque fois."
            ),
        ),
        (
            "visit: {}, points: 1",
            "Visiting the site: +1 point each time.",
            "Venir sur le site : +1 point à chaque fois.",
        ),
        (
            "visit: {after: 7d}, points: 5",
            "Coming back after 7 days or more: +5 points each time.",
            "Revenir après 7 jours ou plus : +5 points à chaque fois.",
        ),
        (
            "visit: {within: 2h}, points: 5",
            "Coming back within 2 hours: +5 points each time.",
            "Revenir dans un délai de 2 heures : +5 points à chaque fois.",
        ),
        (
            "visit: {after: 7d, within: 30d}, points: 5",
            "Coming back after 7 days or more, but within 30 days: +5 points each time.",
            (
                "Revenir après 7 jours ou plus, mais dans un délai de 30 jours : "
                "+5 points à chaque fois."
            ),
        ),
        (
            "visit: {lasts: 90s}, points: 5",
            "Staying 90 seconds or longer in one visit: +5 points each time.",
            "Rester 90 secondes ou plus lors d’une visite : +5 points à chaque fois.",
        ),
        (
            "distinct: {of: visit, at_least: 3, where: {phase: decision}}, points: 15, window: 60d",
            "At least 3 different visits (decision phase): +15 points, in the last 60 days.",
            (
                "Au moins 3 visites différentes (phase décision) : +15 points, "
                "sur une période de 60 jours."
            ),
        ),
        (
            "distinct: {of: asset, events: [download], counts: {'2..<4': 5, '>4': 9}}",
            (
                "By the number of different values of the content (downloads): "
                "from 2 to just below 4, +5 points; above 4, +9 points."
            ),
            (
                "Selon le nombre de valeurs différentes pour le contenu (téléchargements) : "
                "de 2 à un peu moins de 4, +5 points ; plus de 4, +9 points."
            ),
        ),
        (
            "distinct: {of: day, at_least: 5}, points: 5",
            "At least 5 different days: +5 points.",
            "Au moins 5 jours différents : +5 points.",
        ),
        (
            (
                "velocity: {events: [form_submitted, download], at_least: 4, within: 3d}, points: "
                "20, expires: 14d"
            ),
            (
                "At least 4 forms filled in or downloads within 3 days: +20 points, "
                "nothing any more after 14 days."
            ),
            (
                "Au moins 4 formulaires remplis ou téléchargements en 3 jours : +20 points, "
                "plus rien au bout de 14 jours."
            ),
        ),
        (
            "velocity: {events: page, where: {path: /docs/*}, at_least: 9, within: 1h}, points: 5",
            "At least 9 page views (the page is “/docs/…”) within 1 hour: +5 points.",
            "Au moins 9 pages vues (la page vaut « /docs/… ») en 1 heure : +5 points.",
        ),
        (
            "inactive: {for: 30d, every: 30d}, points: -10",
            "No sign of life for 30 days: -10 points, and again every further 30 days.",
            "Aucun signe de vie depuis 30 jours : -10 points, et de nouveau tous les 30 jours.",
        ),
        (
            "inactive: {for: 1y, events: [page, download]}, points: -10",
            "No page views or downloads for 1 year: -10 points.",
            "Pas de pages vues ou téléchargements depuis 1 an : -10 points.",
        ),
        (
            "field: job_title, matches: [ceo, head of *], points: 30",
            "The job title is “ceo” or “head of …”: +30 points.",
            "La fonction vaut « ceo » ou « head of … » : +30 points.",
        ),
        (
            "field: employees, bands: {'<10': -20, '50..499': 25, '>=500': 30}",
            (
                "By the number of employees: below 10, -20 points; from 50 to 499, +25 points; "
                "500 or more, +30 points."
            ),
            (
                "Selon l’effectif : moins de 10, -20 points ; de 50 à 499, +25 points ; "
                "500 ou plus, +30 points."
            ),
        ),
        (
            "field: industry, values: {software: 10, retail: 5}, otherwise: -5",
            (
                "By the industry: “software”, +10 points; “retail”, +5 points; "
                "anything else, -5 points."
            ),
            (
                "Selon le secteur : « software », +10 points ; « retail », +5 points ; "
                "toute autre valeur, -5 points."
            ),
        ),
        (
            "field: email, domain_in: [gmail.com, free.fr], points: -5",
            "The e-mail address is at gmail.com or free.fr: -5 points.",
            "L’adresse e-mail est chez gmail.com ou free.fr : -5 points.",
        ),
        (
            "field: newsletter, is: false, points: -5",
            "The field “newsletter” is no: -5 points.",
            "Le champ « newsletter » vaut non : -5 points.",
        ),
        (
            "field: phone, present: true, points: 5",
            "The phone number is known: +5 points.",
            "On connaît le téléphone : +5 points.",
        ),
        (
            "field: employees, equals: '<=1000000', points: 5",
            "The number of employees is 1,000,000 or less: +5 points.",
            "L’effectif vaut 1 000 000 ou moins : +5 points.",
        ),
        (
            "event: page, title: Curious people, points: 1",
            "Curious people (viewing a page): +1 point each time.",
            "Curious people (voir une page) : +1 point à chaque fois.",
        ),
    ],
)
def test_a_rule_is_one_sentence(rule: str, english: str, french: str) -> None:
    assert said(rule, "en") == english
    assert said(rule, "fr") == french


OPTIONS = {
    "points: 15": "points: 16",
    "half_life: 30d": "half_life: 31d",
    "max: 30": "max: 31",
    "min: 2": "min: 1",
    "first_only: asset": "first_only: person",
    "cool_down: 7d": "cool_down: 8d",
    "times: 3": "times: 4",
    "per: week": "per: month",
    "window: 60d": "window: 61d",
    "kind: pricing": "kind: article",
    "from: 2026-01-01": "from: 2026-01-02",
    "event: page": "event: download",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("option", OPTIONS)
def test_no_option_goes_unsaid(option: str, language: Language) -> None:
    rule = (
        "event: page, where: {kind: pricing}, points: 15, half_life: 30d, max: 30, min: 2, "
        "first_only: asset, cool_down: 7d, limit: {times: 3, per: week}, window: 60d, "
        "valid: {from: 2026-01-01}"
    )

    changed = said(rule.replace(option, OPTIONS[option]), language)

    assert changed != said(rule, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rule_has_a_short_name_for_tables(language: Language) -> None:
    agreement = read_agreement(SOUND.replace("key: role,", "key: role, title: Chiefs,"))

    names = {rule.key: short_rule_name(rule, language) for rule in agreement.rules}

    assert names["role"] == "Chiefs"
    assert (
        names["prices"]
        == {
            "fr": "Voir la page de tarifs",
            "en": "Viewing the pricing page",
        }[language]
    )
    assert len(set(names.values())) == len(names)
    assert all(name[0].isupper() and len(name) <= 72 for name in names.values())


def test_a_short_name_stays_short() -> None:
    rule = agreement_with(
        "inactive: {for: 30d, events: [page, download, email_opened, email_clicked]}, points: -5"
    ).rule("it")

    assert short_rule_name(rule, "fr").endswith("…")
    assert len(short_rule_name(rule, "fr")) <= 72


def test_a_trigger_has_a_short_name_too() -> None:
    agreement = read_agreement(SOUND)

    assert short_trigger_name(agreement.fast_tracks[0], "en") == "Asking for a demo"
    assert short_trigger_name(agreement.disqualify[0], "en") == (
        "The e-mail address is at rival.example"
    )
