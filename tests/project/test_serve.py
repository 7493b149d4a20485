"""`passerelle serve`: real processes on the loopback, started, killed, ended."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from tests.project.serving import Service, a_service, is_running, started, until


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_it_makes_its_database_answers_and_says_where_it_is(home: Path) -> None:
    with a_service(home) as service:
        until(lambda: f"Passerelle is at {service.address}" in service.log.read_text("utf-8"))

        live, ready = service.get("/health/live"), service.get("/health/ready")

        assert (live.status, ready.status) == (200, 200)
        assert ready.json()["database"] == "ok"
        assert (home / "passerelle.db").stat().st_mode & 0o077 == 0


def test_sigterm_ends_it_in_order_and_leaves_nobody_behind(home: Path) -> None:
    with a_service(home) as service:
        until(lambda: len(_said(service, "a worker begins")) == 2)
        pids = service.pids().values()

        code = service.end(signal.SIGTERM)

        assert code == 0
        assert not any(is_running(pid) for pid in pids)
        assert len(_said(service, "a worker has ended")) == 2


def test_a_worker_that_is_killed_is_started_again(home: Path) -> None:
    with a_service(home) as service:
        until(lambda: "live-1" in service.pids())
        killed = service.pids()["live-1"]

        os.kill(killed, signal.SIGKILL)

        until(lambda: service.pids()["live-1"] != killed)
        assert service.get("/health/live").status == 200


def test_the_web_that_is_killed_answers_again(home: Path) -> None:
    with a_service(home) as service:
        killed = service.pids()["web-1"]

        os.kill(killed, signal.SIGKILL)

        until(lambda: service.pids()["web-1"] != killed)
        until(lambda: service.get("/health/ready").status == 200)


def test_the_children_of_a_killed_parent_end_too(home: Path) -> None:
    with a_service(home) as service:
        until(lambda: len(service.pids()) == 3)
        pids = service.pids().values()

        service.end(signal.SIGKILL)

        until(lambda: not any(is_running(pid) for pid in pids), within=30)


def test_a_request_under_way_is_finished_before_the_end(home: Path) -> None:
    with a_service(home) as service:
        statuses: list[int] = []
        asking = threading.Thread(target=_ask_until_refused, args=(service, statuses))
        asking.start()
        until(lambda: len(statuses) > 20)

        service.end(signal.SIGTERM)

        asking.join()
        assert set(statuses) == {200}


def test_a_taken_port_is_said_in_words(home: Path, tmp_path: Path) -> None:
    with a_service(home) as service:
        port = str(service.port)

        with started(tmp_path / "second", PASSERELLE_PORT=port) as second:
            code = second.process.wait(60)

        assert code == 1
        assert f"Something listens at 127.0.0.1:{port} already." in second.log.read_text("utf-8")


def test_two_services_begun_at_once_do_not_share_a_port(home: Path, tmp_path: Path) -> None:
    with started(home) as first:
        port = str(first.port)
        with started(tmp_path / "second", PASSERELLE_PORT=port) as second:
            until(lambda: {first.process.poll(), second.process.poll()} == {None, 1})

    said = first.log.read_text("utf-8") + second.log.read_text("utf-8")
    assert f"Something listens at 127.0.0.1:{port} already." in said


def test_a_folder_is_served_once_alone(home: Path) -> None:
    with a_service(home) as service:
        with started(home) as second:
            code = second.process.wait(60)

        assert code == 1
        assert "is served by another process already" in second.log.read_text("utf-8")
        assert service.get("/health/ready").status == 200


def test_wrong_settings_are_said_in_words_all_at_once(home: Path) -> None:
    wrong = {"PASSERELLE_WORKERS": "many", "PASSERELLE_TIMEZONE": "Mars/Olympus"}

    with started(home, **wrong) as service:
        code = service.process.wait(60)

    said = service.log.read_text("utf-8")
    assert code == 1
    assert "`PASSERELLE_WORKERS` takes a whole number, and “many” is none." in said
    assert "`PASSERELLE_TIMEZONE`: there is no time zone “Mars/Olympus”." in said
    assert "Traceback" not in said


@pytest.mark.parametrize("part", ["web", "collect", "work"])
def test_the_parts_run_apart_with_postgresql_alone(home: Path, part: str) -> None:
    with started(home, part) as service:
        code = service.process.wait(60)

    assert code == 1
    assert "SQLite is for one process group" in service.log.read_text("utf-8")


def test_metrics_are_for_this_machine_or_for_who_has_the_token(home: Path) -> None:
    with a_service(home) as service:
        service.get("/accounts/login/")

        until(lambda: b'passerelle_workers{lane="live"} 1' in service.get("/metrics").body)
        told = service.get("/metrics")
        through_a_proxy = service.get("/metrics", **{"X-Forwarded-For": "192.0.2.7"})

        assert told.status == 200
        assert b'passerelle_http_requests_total{method="GET",part="pages"' in told.body
        assert through_a_proxy.status == 403


def _said(service: Service, event: str) -> list[dict[str, object]]:
    return [line for line in service.lines() if line["event"] == event]


def _ask_until_refused(service: Service, statuses: list[int]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            statuses.append(service.get("/accounts/login/").status)
        except OSError:
            return
