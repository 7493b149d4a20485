"""The source asks for sentences that exist, with what they need, and no sentence lies unused."""

from tests.words.said import mentions, said
from tests.words.sentences import sentences


def test_every_key_asked_for_is_there() -> None:
    known = sentences("en")

    unknown = [(call.place, call.key) for call in said() if call.key not in known]

    assert unknown == []


def test_every_sentence_gets_what_its_placeholders_need() -> None:
    known = sentences("en")

    lacking = [
        (call.place, call.key, missing)
        for call in said()
        if call.key in known and call.data is not None
        if (missing := known[call.key].placeholders - call.data)
    ]

    assert lacking == []


def test_no_sentence_lies_unused() -> None:
    patterns = list(mentions())

    unused = [
        key for key in sentences("en") if not any(pattern.fullmatch(key) for pattern in patterns)
    ]

    assert unused == []
