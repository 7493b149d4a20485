"""Whatever bytes stand in a file, it is read, or stops with a problem that says what to do."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from passerelle.files import FileProblem
from passerelle.words import LANGUAGES
from tests.files.desk import LEADS, Desk

CELLS = st.sampled_from(
    ["lead", "id", "event", "date", "a", "", "12,5", "1.234,5", "2024-05-01", "31/12/2023", "oui",
     '"', '""', '"x"', "'", "é", "=1", "null", "\t", " ", "{", "[", "\\", "x" * 50]
)  # fmt: skip
TABLES = st.builds(
    lambda rows, delimiter, end: end.join(delimiter.join(row) for row in rows),
    st.lists(st.lists(CELLS, min_size=1, max_size=5), min_size=1, max_size=8),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
ENCODED = st.builds(
    lambda text, encoding: text.encode(encoding, "replace"),
    TABLES | st.text(max_size=60),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "latin-1"]),
)


def try_to_read(content: bytes, name: str, *, as_events: bool) -> None:
    with TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        (desk.folder / name).write_bytes(content)
        leads = desk.put("good.csv", LEADS) if as_events else str(desk.folder / name)
        told = []
        try:
            desk.read(leads, str(desk.folder / name) if as_events else ())
        except FileProblem as problem:
            told = [problem.says(language) for language in LANGUAGES]
        finally:
            desk.connection.close()
        assert all(told)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(
    ENCODED | st.binary(max_size=80),
    st.sampled_from(["x.csv", "x.jsonl", "x.json", "x.parquet", "x.csv.gz"]),
    st.booleans(),
)
@example(b'lead\n"', "x.csv", False)
@example(b'{"lead": "a"}\n{"lead": {"x": 1}}', "x.jsonl", False)
@example(b'[{"lead": "a"}', "x.json", False)
@example(b"\x1f\x8b", "x.csv", False)
@example(b"PAR1PAR1", "x.csv", True)
@example(b"\xff\xfe\x00", "x.csv", False)
@example(b"lead,event,date\nzoe,page,99999999999999999", "x.csv", True)
@example(b"lead,event,date\nzoe,page,0001-01-01T00:00:00+14:00", "x.csv", True)
@example(b"lead,event,date\nzoe,page,9999-12-31T23:59:59-14:00", "x.csv", True)
@example(b'{"": 1, "lead": 2, "LEAD": 3}\n', "x.jsonl", False)
@example(b'{"lead": "\\u0000"}\n{"lead": "\\ud800"}\n{"lead": "c"}', "x.jsonl", False)
def test_any_file_is_read_or_told(content: bytes, name: str, as_events: bool) -> None:  # noqa: FBT001
    try_to_read(content, name, as_events=as_events)
