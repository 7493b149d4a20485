"""A user's mistake gets the place and the remedy, in their language, and never a traceback."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.project.desk import Desk, Ended, passerelle

Mistake = Callable[[Desk], Sequence[str | Path]]


def _score(*more: str | Path) -> Mistake:
    return lambda desk: ("score", *desk.inputs, *more)


def _spoilt(name: str, content: bytes) -> Mistake:
    def spoil(desk: Desk) -> Sequence[str | Path]:
        (desk.folder / name).write_bytes(content)
        return ("score", *desk.inputs)

    return spoil


def _out(name: str) -> Mistake:
    return lambda desk: ("score", *desk.inputs, "--out", desk.folder / name)


MISTAKES: dict[str, tuple[int, Mistake, str]] = {
    "no such leads": (1, lambda d: ("score", "nothing.csv", "-a", d.agreement), "nothing.csv"),
    "no such events": (
        1, lambda d: ("score", d.leads, d.folder / "event.csv", "-a", d.agreement), "events.csv",
    ),
    "a folder of leads": (1, lambda d: ("score", d.folder, "-a", d.agreement), "*.csv"),
    "no such agreement": (1, lambda d: ("score", d.leads, "-a", "nobody"), "plezi"),
    "a misspelt agreement": (1, lambda d: ("score", d.leads, "-a", "hubspott"), "hubspot"),
    "an agreement that is a table": (1, lambda d: ("score", d.leads, "-a", d.leads), "leads.csv"),
    "an agreement of bytes": (1, _spoilt("desk.yaml", b"\xff\xfe\x00\xd8"), "UTF-8"),
    "an empty agreement": (1, _spoilt("desk.yaml", b""), "1"),
    "empty leads": (1, _spoilt("leads.csv", b""), "leads.csv"),
    "leads without a key": (1, _spoilt("leads.csv", b"a,b\n1,2\n"), "lead"),
    "leads in a spreadsheet": (1, _spoilt("leads.csv", b"PK\x03\x04" + b"\0" * 40), "leads.csv"),
    "an unreadable date": (1, _score("--as-of", "the day after"), "2026-06-30"),
    "a date that does not exist": (1, _score("--as-of", "2026-02-30"), "2026-02-30"),
    "a date of long ago": (1, _score("--as-of", "1026-06-30"), "2000"),
    "an unreadable time of knowing": (1, _score("--known-at", "31/12/2026"), "--known-at"),
    "no such mapping": (1, _score("--map", "map.yaml"), "map.yaml"),
    "an unknown stage": (1, _score("--stage", "sqll"), "mql"),
    "an unknown suffix": (1, _out("scores.xlsx"), ".parquet"),
    "a folder that is not there": (1, _out("no/scores.csv"), "no"),
    "results over the leads": (1, _out("leads.csv"), "leads.csv"),
    "a report that is no page": (1, _score("--report", "report.pdf"), ".html"),
    "an unknown lead": (1, lambda d: ("explain", "zoe", *d.inputs), "zoe"),
    "no agreement": (2, lambda d: ("score", d.leads), "--agreement"),
    "no leads": (2, lambda d: ("score", "-a", d.agreement), "LEADS"),
    "no such command": (2, lambda _: ("scores",), "scores"),
    "no such option": (2, _score("--tops", "3"), "--top"),
    "a number in letters": (2, _score("--top", "three"), "--top"),
    "a number below the limits": (2, _score("--top", "-1"), "10000"),
    "a memory of words": (2, _score("--memory", "plenty"), "3GB"),
    "a language that is not spoken": (2, _score("--language", "de"), "fr"),
    "a dialect nobody speaks": (
        2, lambda d: ("agreement", "compile", d.agreement, "--dialect", "oracle"), "duckdb",
    ),
    "an option without its value": (2, _score("--out"), "--out"),
    "one argument too many": (
        2, lambda d: ("agreement", "show", d.agreement, "and", "more"), "and more",
    ),
    "a demo of no lead": (1, lambda d: ("demo-data", d.folder / "x", "--leads", "0"), "99999999"),
    "a demo in a file": (1, lambda d: ("demo-data", d.leads), "leads.csv"),
    "events to check without leads": (
        1, lambda d: ("agreement", "check", d.agreement, "--events", d.events), "--leads",
    ),
    "a replay the wrong way round": (
        1, lambda d: ("replay", *d.inputs, "--since", "2026-06-30", "--until", "2026-06-01"),
        "--until",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_answered_in_words(desk: Desk, name: str) -> None:
    code, mistake, word = MISTAKES[name]
    arguments = mistake(desk)
    before = _contents(desk.folder)

    english = passerelle(*arguments)
    french = passerelle("--language", "fr", *arguments)

    for ended in (english, french):
        assert ended.code == code, ended
        assert word in ended.said
        assert ended.out == "" or name == "an empty agreement"
        assert "Traceback" not in ended.said
    assert _contents(desk.folder) == before
    assert english.said != french.said


def test_what_cannot_be_written_is_told_and_nothing_is_left(desk: Desk) -> None:
    place = desk.folder / "closed"
    place.mkdir()
    (place / "scores.csv").mkdir()

    ended = desk.score("--out", place / "scores.csv", "--quiet")

    assert ended.code == 1
    assert "scores.csv" in ended.said
    assert sorted(path.name for path in place.iterdir()) == ["scores.csv"]


def test_a_demo_is_never_written_over_another(tmp_path: Path) -> None:
    made = passerelle("demo-data", tmp_path, "--leads", "20", "--format", "csv", "--quiet")
    before = _contents(tmp_path)

    again = passerelle("demo-data", tmp_path, "--leads", "30", "--format", "csv", "--quiet")

    assert (made.code, again.code) == (0, 1)
    assert _contents(tmp_path) == before


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_quiet_does_not_hush_a_mistake(desk: Desk) -> None:
    ended: Ended = passerelle("score", "nothing.csv", "-a", desk.agreement, "--quiet", "--json")

    assert ended.code == 1
    assert ended.out == ""
    assert "nothing.csv" in ended.err
