"""What people write by hand is read as they mean it, or refused in words; nothing else happens."""

import contextlib

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from passerelle.core.conditions import Is, Patterns
from passerelle.core.fault_examples import SOUND
from passerelle.core.faults import Fault, InvalidAgreement
from passerelle.core.reading import read_agreement
from passerelle.core.rules import EventRule, FieldRule


def codes_in(text: str) -> list[str]:
    with pytest.raises(InvalidAgreement) as refused:
        read_agreement(text)
    assert str(refused.value)
    for fault in refused.value.faults:
        assert fault.says("fr")
    return [fault.code for fault in refused.value.faults]


def where_of(written: str) -> object:
    agreement = read_agreement(SOUND.replace("{kind: pricing}", f"{{source: {written}}}"))
    rule = agreement.rule("prices")
    assert isinstance(rule, EventRule)
    return rule.where["source"]


@pytest.mark.parametrize("word", ["no", "NO", "yes", "on", "off", "y", "n"])
def test_norway_is_a_text(word: str) -> None:
    assert where_of(word) == Patterns((word,))


@pytest.mark.parametrize("word", ["true", "False"])
def test_only_true_and_false_are_truths(word: str) -> None:
    assert where_of(word) == Is(word == "true")


def test_a_time_of_day_is_a_text_and_no_number() -> None:
    assert where_of("9:30") == Patterns(("9:30",))


def test_a_date_in_a_test_is_a_text() -> None:
    assert where_of("2026-01-31") == Patterns(("2026-01-31",))


def test_a_number_with_a_zero_in_front_is_decimal() -> None:
    agreement = read_agreement(SOUND.replace("points: 30", "points: 010"))

    rule = agreement.rule("role")

    assert isinstance(rule, FieldRule)
    assert rule.points == 10


def test_a_grade_may_be_a_number_without_quotes() -> None:
    text = SOUND.replace('{"1": 50, "2": 0}', "{1: 50, 2: 0}")

    assert list(read_agreement(text).grades["engagement"]) == ["1", "2"]


def test_an_anchor_nobody_refers_to_does_no_harm() -> None:
    assert read_agreement(SOUND.replace("[ceo, head", "&chiefs [ceo, head")).key == "acme"


def test_the_mark_at_the_beginning_of_a_file_does_no_harm() -> None:
    assert read_agreement("\ufeff" + SOUND).key == "acme"


def test_windows_line_ends_do_no_harm() -> None:
    assert read_agreement(SOUND.replace("\n", "\r\n")).version == read_agreement(SOUND).version


@pytest.mark.parametrize(
    ("wrote", "instead_of", "codes"),
    [
        ("points: .nan", "points: 30", ["not_a_number"]),
        ("points: .inf", "points: 30", ["not_a_number"]),
        ("points: 1e400", "points: 30", ["not_a_number"]),
        (f"points: {'9' * 6000}", "points: 30", ["number_too_fine"]),
        ("points: 1e300", "points: 30", ["number_too_fine"]),
        ("points: [1]", "points: 30", ["not_a_number"]),
        ("points: true", "points: 30", ["not_a_number"]),
        ("matches: [*]", "matches: [ceo, head of *]", ["alias"]),
        ("matches: [a: b]", "matches: [ceo, head of *]", ["not_a_text"]),
        ("window: 99999999999999d", "window: 60d", ["span_too_long"]),
        (f"window: {'9' * 6000}d", "window: 60d", ["span_too_long"]),
        ("window: 0d", "window: 60d", ["not_a_span"]),
        ("window: -5d", "window: 60d", ["not_a_span"]),
        ("window: 60", "window: 60d", ["not_a_span"]),
        (f'total: ">{"9" * 2000}"', 'total: ">80"', ["not_a_range"]),
        ("levels: 5", 'total: ">80"', ["not_a_table"]),
        ("key: &a [1]\nxyz: *a", "key: acme", ["alias"]),
        ("range: [0]", "range: [0, 100]", ["missing_key"]),
        ("range: {0: 100}", "range: [0, 100]", ["not_a_list"]),
        ("rules: {role: 1}\nxyz:", "rules:", ["not_a_list", "unknown_key"]),
        ("!!python/object:os.system x: 1\nkey: acme", "key: acme", ["tag"]),
        ('title: "\\ud800"\nkey: acme', "key: acme", ["quote_left_open"]),
    ],
)
def test_a_trap_is_refused_in_words(wrote: str, instead_of: str, codes: list[str]) -> None:
    assert codes_in(SOUND.replace(instead_of, wrote, 1)) == codes


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "5", "[]", "~", "null"])
def test_what_holds_no_table_is_no_agreement(text: str) -> None:
    assert codes_in(text) == ["not_a_document"]


def test_an_empty_table_lacks_all_that_must_be_there() -> None:
    assert set(codes_in("{}")) == {"missing_key"}
    assert len(codes_in("{}")) == 6


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_a_bottomless_document_is_refused_at_once(opening: str) -> None:
    assert codes_in(opening * 100_000) == ["too_deep"]


def test_bands_may_leave_gaps() -> None:
    text = SOUND.replace('{"<10": -20, "50..499": 25}', '{"<10": -20, ">=5000": 25}')

    assert read_agreement(text).rule("size").key == "size"


def test_the_version_does_not_depend_on_signatures_or_layout() -> None:
    signed = SOUND.replace("name: Ada", "name: Grace")
    laid_out = SOUND.replace("{range: [0, 100], weight: 0.4}", "{weight: 0.4, range: [0,  100]}")
    changed = SOUND.replace("points: 15,", "points: 16,")

    versions = [read_agreement(text).version for text in (SOUND, signed, laid_out, changed)]

    assert versions[0] == versions[1] == versions[2] != versions[3]


LINES = SOUND.splitlines()
SCRAPS = st.one_of(
    st.sampled_from(
        ["", "~", "{}", "[]", "true", "-1", "0", "1e9", "30d", ">=5", "*", '"', "a: b", "\t", "🤝"]
    ),
    st.text(max_size=12),
    st.integers().map(str),
    st.floats().map(str),
)


def is_read_or_refused(text: str) -> None:
    """Whatever the text is, either an agreement comes of it or faults with words in them."""
    faults: tuple[Fault, ...] = ()
    try:
        assert read_agreement(text).version
    except InvalidAgreement as refused:
        faults = refused.faults or pytest.fail("refused without a fault")
    for fault in faults:
        assert fault.says("en")
        assert fault.says("fr")
        assert 1 <= fault.line <= text.count("\n") + 2
        assert fault.code != "not_understood", fault


@given(line=st.sampled_from(range(len(LINES))), scrap=SCRAPS, again=st.booleans())
def test_a_line_lost_doubled_or_replaced_is_read_or_refused(
    line: int, scrap: str, *, again: bool
) -> None:
    replaced = [LINES[line], LINES[line]] if again else [scrap] if scrap else []

    is_read_or_refused("\n".join([*LINES[:line], *replaced, *LINES[line + 1 :]]))


@given(start=st.integers(0, len(SOUND)), length=st.integers(0, 12), scrap=SCRAPS)
def test_a_scrap_in_any_place_is_read_or_refused(start: int, length: int, scrap: str) -> None:
    is_read_or_refused(SOUND[:start] + scrap + SOUND[start + length :])


@given(data=st.data())
def test_any_value_in_any_place_is_read_or_refused(data: st.DataObject) -> None:
    document = yaml.safe_load(SOUND)
    place: object = document
    while isinstance(place, (dict, list)) and place:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        inside = place[key]
        if not isinstance(inside, (dict, list)) or not inside or data.draw(st.booleans()):
            place[key] = data.draw(PLAIN)
            if isinstance(place, dict) and data.draw(st.booleans()):
                del place[key]
            break
        place = inside

    is_read_or_refused(yaml.safe_dump(document, sort_keys=False, allow_unicode=True))


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.dates()
    | st.sampled_from(["30d", ">=50", "fit", "page", "*", "", "mql", "total", "budget", "2mo"])
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["total", "kind", "of", "levels", "missing", "points", "1", "lasts"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)


@given(st.text())
def test_any_text_is_refused(text: str) -> None:
    with contextlib.suppress(UnicodeEncodeError):
        text.encode()
        is_read_or_refused(text)


def test_a_list_whose_only_item_is_faulty_is_not_called_empty() -> None:
    text = """
passerelle: 1
key: x
dimensions: {fit: {}}
rules: [{key: a, event: page, points: 5, half_life: 30 dayz, dimension: fit}]
total: {sum: [fit]}
stages: {mql: {when: {total: ">=50"}}}
"""

    with pytest.raises(InvalidAgreement) as refused:
        read_agreement(text)

    assert [fault.code for fault in refused.value.faults] == ["not_a_span"]


def test_the_version_depends_on_the_order_in_which_values_are_tried() -> None:
    rule = "{key: r, dimension: fit, field: industry, values: {%s}}"
    text = """
passerelle: 1
key: x
fields: {industry: text}
dimensions: {fit: {}}
rules: [RULE]
total: {sum: [fit]}
stages: {mql: {when: {total: ">=50"}}}
"""
    orders = ('"soft*": 5, software: 9', 'software: 9, "soft*": 5')

    versions = [read_agreement(text.replace("RULE", rule % order)).version for order in orders]

    assert versions[0] != versions[1]
