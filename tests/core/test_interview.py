"""A dozen answers make an agreement that holds, in either language, whatever they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.core.fault_examples import SOUND
from passerelle.core.interview import (
    Question,
    Unusable,
    agreement_text,
    checked,
    from_gallery,
    questions,
)
from passerelle.core.interview_text import HAND_RAISES
from passerelle.core.reading import read_agreement
from passerelle.words import LANGUAGES, Language


def question(key: str, language: Language = "en") -> Question:
    return next(q for q in questions(language) if q.key == key)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_defaults_make_an_agreement(language: Language) -> None:
    text = agreement_text({}, language)

    agreement = read_agreement(text)

    assert agreement.language == language
    assert str(agreement.stages["mql"].when.levels["total"]) == ">=50"  # type: ignore[union-attr]
    assert str(agreement.stages["sales_ready"].when.levels["total"]) == ">80"  # type: ignore[union-attr]
    assert text.count("\n#") >= 10


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_has_words_and_a_default_that_is_an_answer(language: Language) -> None:
    for asked in questions(language):
        assert asked.text.endswith(("?", "."))
        assert checked(asked, "") == asked.default
        assert all(words for _, words in asked.choices)


TEXTS = st.lists(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters=","), max_size=8),
    max_size=3,
).map(", ".join)


@given(
    answers=st.fixed_dictionaries(
        {},
        optional={
            "key": st.from_regex(r"[a-z0-9][a-z0-9_]{0,59}", fullmatch=True),
            "language": st.sampled_from(LANGUAGES),
            "timezone": st.sampled_from(["UTC", "Europe/Paris", "America/Montreal"]),
            "roles": TEXTS | st.just("-"),
            "unwanted_roles": TEXTS | st.just("-"),
            "sizes": st.sampled_from(["-", "<10", "50..499, >=500", "10..<50, 50..249"]),
            "industries": TEXTS | st.just("-"),
            "hand_raises": st.lists(st.sampled_from(HAND_RAISES)).map(", ".join) | st.just("-"),
            "strictness": st.sampled_from(["free", "strict"]),
            "mql": st.integers(1, 79).map(str) | st.just("33.3"),
            "sql": st.integers(80, 99).map(str),
            "half_life": st.sampled_from(["1d", "6w", "2mo", "1y"]),
            "accept": st.sampled_from(["1h", "90m", "1d"]),
            "contact": st.sampled_from(["1d", "2d", "1w"]),
            "hot": st.sampled_from(["10m", "1h"]),
            "recycle": st.sampled_from(["30d", "1y"]),
        },
    ),
    language=st.sampled_from(LANGUAGES),
)
def test_any_usable_answers_make_an_agreement(answers: dict[str, str], language: Language) -> None:
    agreement = read_agreement(agreement_text(answers, language))

    assert agreement.key == (answers.get("key") or "my_company")
    assert agreement.handoff is not None
    assert set(agreement.handoff.clocks) == {"hot", "warm"}


def test_a_strict_agreement_asks_for_fit_and_bant() -> None:
    free, strict = (
        read_agreement(agreement_text({"strictness": choice}, "en"))
        for choice in ("free", "strict")
    )

    assert set(free.stages["mql"].when.levels) == {"total"}  # type: ignore[union-attr]
    assert set(strict.stages["mql"].when.levels) == {"total", "fit"}  # type: ignore[union-attr]
    assert free.qualification is not None
    assert strict.qualification is not None
    assert free.qualification.sales_qualified.bant is None
    assert str(strict.qualification.sales_qualified.bant) == ">=75"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("key", "Acme France"),
        ("language", "de"),
        ("timezone", "Paris"),
        ("sizes", "50 to 499"),
        ("sizes", "10..50, 50..90"),
        ("hand_raises", "demo_requested, waved"),
        ("strictness", "very"),
        ("mql", "half"),
        ("mql", "nan"),
        ("mql", "100"),
        ("sql", "0"),
        ("half_life", "36h"),
        ("accept", "soon"),
        ("recycle", "0d"),
    ],
)
def test_an_answer_that_cannot_be_used_says_what_to_answer(
    key: str, answer: str, language: Language
) -> None:
    with pytest.raises(Unusable) as refused:
        checked(question(key, language), answer)

    assert refused.value.question == key
    assert answer in refused.value.says(language)


@pytest.mark.parametrize(
    ("answers", "blamed"),
    [
        ({"mql": "80", "sql": "80"}, "sql"),
        ({"accept": "2d", "contact": "1d"}, "contact"),
        ({"accept": "30m", "hot": "1h"}, "hot"),
    ],
)
def test_an_answer_may_not_contradict_another(answers: dict[str, str], blamed: str) -> None:
    with pytest.raises(Unusable) as refused:
        agreement_text(answers, "en")

    assert refused.value.question == blamed
    assert refused.value.says("fr")


def test_an_agreement_of_the_gallery_gets_the_company_s_key() -> None:
    text = from_gallery(SOUND, "our_company")

    assert read_agreement(text).key == "our_company"
    assert text.replace('"our_company"', "acme") == SOUND


def test_a_gallery_agreement_gets_no_key_that_is_none() -> None:
    with pytest.raises(Unusable):
        from_gallery(SOUND, "Our company")
    with pytest.raises(ValueError, match="no line with its key"):
        from_gallery("rules: []", "ours")
