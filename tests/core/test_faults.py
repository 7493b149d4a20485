"""Every kind of fault is found where it is, and said in both languages with its remedy."""

import re

import pytest

from passerelle.core.fault_examples import SLIPS, SOUND, Slip
from passerelle.core.faults import FAULT_CODES, Fault, InvalidAgreement, written
from passerelle.core.reading import read_agreement
from passerelle.words import LANGUAGES, Language

NET = "not_understood"
"""No document is known that provokes it; see `fault_examples`."""


def faults_in(text: str) -> tuple[Fault, ...]:
    with pytest.raises(InvalidAgreement) as refused:
        read_agreement(text)
    return refused.value.faults


def line_of(slip: Slip) -> int:
    """The line on which the slip begins."""
    return SOUND.count("\n", 0, SOUND.index(slip.instead_of)) + 1


ELSEWHERE = {
    "too_long": 1,  # the whole document
    "quote_left_open": 54,  # its end
    "duplicate_key": 3,  # the second of the two
    "unknown_key": 3,  # in the line below the one that was kept
    "not_a_text": 3,
    "counts_do_not_fade": 25,  # the head of the rule
    "several_decays": 22,
    "min_above_max": 22,
    "weights": 29,  # the total that does not add up
    "weight_unused": 14,  # the weight that the total forgets
    "stage_never_seen": 32,  # the stage above
    "nothing_qualifies": 34,  # what asks for the part that is gone
}
"""Lines of faults that are found beside the slip."""


def test_the_sound_example_is_an_agreement() -> None:
    assert read_agreement(SOUND).key == "acme"


def test_every_kind_of_fault_has_an_example() -> None:
    assert set(FAULT_CODES) - SLIPS.keys() == {NET}
    assert SLIPS.keys() <= set(FAULT_CODES)
    assert len(set(FAULT_CODES)) == len(FAULT_CODES)


@pytest.mark.parametrize("code", SLIPS)
def test_a_slip_gives_that_fault_and_no_other_at_its_place(code: str) -> None:
    slip = SLIPS[code]

    faults = faults_in(slip.text)

    assert {fault.code for fault in faults} == {code}
    assert written(faults[0].path) == slip.path
    assert faults[0].line == ELSEWHERE.get(code, line_of(slip))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", SLIPS)
def test_a_fault_says_what_is_wrong_and_what_to_write(code: str, language: Language) -> None:
    for fault in faults_in(SLIPS[code].text):
        wrong, remedy = fault.wrong(language), fault.remedy(language)

        assert wrong.endswith((".", "?", "…"))
        assert len(remedy) > 10
        assert "None" not in wrong + remedy
        assert not re.search(r"['«]\s*['»]", wrong), "it quotes nothing"
        assert fault.says(language).startswith("" if not fault.path else written(fault.path))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_net_has_its_words_too(language: Language) -> None:
    fault = Fault(NET, ("rules", 0), 1, "odd", {"key": "points"})

    assert "odd" in fault.says(language)
    assert "points" in fault.says(language)


def test_a_duration_that_is_none_is_named_with_its_place_and_a_remedy() -> None:
    (fault,) = faults_in(SOUND.replace("half_life: 30d", "half_life: 30 dayz"))

    assert fault.line == 23
    assert fault.says("en") == (
        "rules[3].half_life: '30 dayz' is not a duration. "
        "Write a number and a unit: `30m`, `2h`, `30d`, `2w`, `1mo` or `1y`."
    )
    assert "« 30 dayz » n’est pas une durée." in fault.says("fr").replace("\u00a0", " ")


def test_a_long_value_is_quoted_by_its_beginning() -> None:
    (fault,) = faults_in(SOUND.replace("half_life: 30d", f"half_life: {'x' * 500}"))

    assert fault.found == "x" * 500
    assert "x" * 79 + "…" in fault.says("en")
    assert "x" * 80 not in fault.says("en")


def test_ten_faults_are_said_at_once() -> None:
    slips = (
        "not_a_span",
        "unknown_field",
        "points_missing",
        "not_one_of",
        "limit_measure",
        "overlapping_bands",
        "field_or_event",
        "one_effect",
        "not_a_date",
        "otherwise_alone",
    )
    text = SOUND
    for code in slips:
        assert SLIPS[code].instead_of in text
        text = text.replace(SLIPS[code].instead_of, SLIPS[code].wrote, 1)
    text += "stages: {}\n"

    faults = faults_in(text)

    assert "duplicate_key" in {fault.code for fault in faults}
    assert len(faults) >= 10
    assert [fault.line for fault in faults] == sorted(fault.line for fault in faults)


def test_faults_of_sense_are_said_beside_faults_of_shape() -> None:
    text = (
        SOUND.replace("[ceo, head of *], points: 30", "[ceo, head of *], points: lots")
        .replace("key: opened, group: email", "key: opened, group: mail")
        .replace('total: ">80"', 'total: ">800"')
    )

    found = [(fault.code, written(fault.path)) for fault in faults_in(text)]

    assert found == [
        ("not_a_number", "rules[0].points"),
        ("unknown_group", "rules[4].group"),
        ("line_out_of_range", "stages.hot.when.total"),
    ]


def test_what_follows_from_a_fault_of_shape_is_no_fault_of_its_own() -> None:
    text = SOUND.replace("phase: decision", "phase: desire")

    assert [fault.code for fault in faults_in(text)] == ["not_one_of"]


def test_the_error_reads_as_a_list_of_lines() -> None:
    with pytest.raises(InvalidAgreement) as refused:
        read_agreement(SOUND.replace("key: acme", "kee: acme"))

    assert str(refused.value).splitlines() == [
        "line 1: key: `key` is missing. Add it: `key: …`.",
        "line 2: kee: 'kee' is not known here. Did you mean `key`?",
    ]


@pytest.mark.parametrize("band", ["499..50", "fifty"])
def test_a_band_that_is_no_range_is_told_as_it_was_written(band: str) -> None:
    (fault,) = faults_in(SOUND.replace("50..499", band))

    assert fault.found == band
    assert f"'{band}'" in fault.says("en")
