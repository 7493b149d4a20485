"""How a run ends when it is stopped, killed, no longer read, or when we have made a mistake."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from passerelle.project import scoring
from passerelle.project.failures import ExitCode
from tests.project.desk import Desk, entry, environment, passerelle, started


def test_an_interruption_is_answered_and_ends_with_130(tmp_path: Path) -> None:
    run = started("demo-data", "made", "--leads", "300000", folder=tmp_path)
    _wait_until((tmp_path / "made" / "events").exists)

    run.send_signal(signal.SIGINT)
    _, said = run.communicate(timeout=60)

    assert run.returncode == ExitCode.INTERRUPTED
    assert "Interrupted" in said
    assert "Traceback" not in said
    assert not [path for path in (tmp_path / "made").rglob("*") if path.is_file()]


def test_a_killed_process_leaves_no_half_file(desk: Desk) -> None:
    target = desk.folder / "scores.csv"
    run = started(
        "score", *desk.inputs, "--as-of", "2026-06-30", "--out", target, folder=desk.folder
    )
    time.sleep(1.5)

    run.kill()
    run.communicate(timeout=60)

    assert not target.exists() or len(target.read_text("utf-8").splitlines()) == 5


def test_a_reader_that_goes_away_is_no_mistake(desk: Desk) -> None:
    read, write = os.pipe()
    os.close(read)

    with os.fdopen(write, "w") as gone:
        ended = subprocess.run(
            entry(["agreement", "show", desk.agreement]),
            env=environment(), stdout=gone, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip

    assert ended.returncode == ExitCode.BROKEN_PIPE
    assert ended.stderr == ""


def test_our_own_mistake_is_short_and_says_how_to_report_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a bug of ours")

    monkeypatch.setattr(scoring, "score_into", broken)

    plain, debugged = desk.score("--quiet"), desk.score("--quiet", "--debug")

    assert (plain.code, debugged.code) == (70, 70)
    assert "ZeroDivisionError: a bug of ours" in plain.said
    assert "--debug" in plain.said
    assert "Traceback" not in plain.said
    assert "Traceback" in debugged.said


def test_the_process_ends_with_the_number_of_the_run(desk: Desk) -> None:
    numbers = {
        ("agreement", "check", str(desk.agreement)): 0,
        ("agreement", "check", str(desk.leads)): 1,
        ("agreement", "chekc"): 2,
    }
    for arguments, code in numbers.items():
        run = started(*arguments, folder=desk.folder)
        run.communicate(timeout=60)

        assert run.returncode == code


def test_no_progress_is_drawn_where_nobody_watches(desk: Desk) -> None:
    ended = desk.score()

    assert "\x1b" not in ended.out + ended.err
    assert "Scoring" not in ended.err


def test_a_run_leaves_nothing_beside_the_files(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(desk.folder)
    before = sorted(desk.folder.rglob("*"))

    passerelle("score", *desk.inputs, "--memory", "200MB")

    assert sorted(desk.folder.rglob("*")) == before


def _wait_until(happened: object, *, seconds: float = 60) -> None:
    assert callable(happened)
    give_up = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < give_up
        time.sleep(0.05)
