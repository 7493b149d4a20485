"""Logs are structured, and nobody can be recognised in them."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from passerelle.project.configuration import Configuration
from passerelle.project.service.logs import masked, set_up_logs

PERSONAL = ["ann.lee@north.example", "192.0.2.17", "2001:db8:1:2::3f", "+33 6 39 98 01 02"]


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    kept, level = root.handlers, root.level
    stream = io.StringIO()
    set_up_logs(Configuration(log_format="json"), stream=stream)
    yield stream
    root.handlers, root.level = kept, level
    structlog.reset_defaults()


def _lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_json_with_its_time_level_and_origin(stream: io.StringIO) -> None:
    structlog.stdlib.get_logger("passerelle.worker").info("a step was done", items=3)

    (line,) = _lines(stream)

    assert {"timestamp", "level", "logger", "event", "items"} <= line.keys()
    assert (line["logger"], line["level"], line["items"]) == ("passerelle.worker", "info", 3)


@pytest.mark.parametrize("personal", PERSONAL)
def test_what_looks_personal_is_masked_wherever_it_stands(
    stream: io.StringIO, personal: str
) -> None:
    logging.getLogger("django.request").warning("Not Found: /people/%s/", personal)
    structlog.stdlib.get_logger("x").info(personal, where={"deep": [personal]})

    assert personal not in stream.getvalue()
    assert len(_lines(stream)) == 2


def test_what_is_personal_by_its_name_is_left_out(stream: io.StringIO) -> None:
    structlog.stdlib.get_logger("x").info("seen", email="?", traits={"age": 41}, lead="lead:7")

    (line,) = _lines(stream)

    assert (line["email"], line["traits"], line["lead"]) == (
        "<left out>", "<left out>", "lead:7",
    )  # fmt: skip


def test_of_an_error_its_kind_and_place_are_told_and_never_its_message(
    stream: io.StringIO,
) -> None:
    try:
        int("Ann Lee")
    except ValueError:
        structlog.stdlib.get_logger("x").exception("a step failed")

    (line,) = _lines(stream)

    assert "Ann Lee" not in stream.getvalue()
    assert isinstance(line["exception"], dict)
    assert line["exception"]["kind"] == "ValueError"
    assert "test_logs.py" in line["exception"]["at"][-1]


def test_what_a_search_asked_for_is_not_told() -> None:
    assert masked("GET /search/?q=ann+lee took long") == "GET /search/?… took long"


def test_a_time_and_a_version_are_no_addresses() -> None:
    plain = "at 12:30:05, version 3.11.7 wrote 12 files"

    assert masked(plain) == plain
