"""Both languages say the same things: the same keys, the same placeholders, nothing left empty."""

from passerelle.words import LANGUAGES
from tests.typography import french_faults
from tests.words.sentences import PLURAL, areas, in_every_language, sentences


def test_there_is_something_to_say() -> None:
    assert all(sentences(language) for language in LANGUAGES)


def test_both_languages_have_the_same_areas() -> None:
    assert areas("en") == areas("fr")


def test_both_languages_have_the_same_keys() -> None:
    assert sentences("en").keys() ^ sentences("fr").keys() == set()


def test_both_languages_have_the_same_placeholders() -> None:
    english, french = sentences("en"), sentences("fr")

    differing = {
        key: (english[key].placeholders, french[key].placeholders)
        for key in english.keys() & french.keys()
        if english[key].placeholders != french[key].placeholders
    }

    assert differing == {}


def test_a_placeholder_has_a_name_that_can_be_handed_over() -> None:
    faulty = [
        (language, sentence.key, name)
        for language, sentence in in_every_language()
        for name in sentence.placeholders
        if not name.isidentifier()
    ]

    assert faulty == []


def test_no_sentence_is_empty_or_hangs_in_white_space() -> None:
    faulty = [
        (language, sentence.key)
        for language, sentence in in_every_language()
        for text in sentence.forms.values()
        if not text or text != text.strip()
    ]

    assert faulty == []


def test_a_plural_has_exactly_the_forms_one_and_other() -> None:
    faulty = [
        (language, sentence.key, set(sentence.forms))
        for language, sentence in in_every_language()
        if sentence.forms.keys() & PLURAL and sentence.forms.keys() != PLURAL
    ]

    assert faulty == []


def test_french_is_set_as_a_french_printer_would() -> None:
    faults = {
        sentence.key: found
        for sentence in sentences("fr").values()
        for text in sentence.forms.values()
        if (found := french_faults(text))
    }

    assert faults == {}
