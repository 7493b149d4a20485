"""The image, the compose file, the unit and the page that explains them say the same."""

import re
from pathlib import Path

import yaml

from passerelle.project.app import build_app
from tests.outside import CHECKOUT


def _text(name: str) -> str:
    return (CHECKOUT / name).read_text("utf-8")


def _commands() -> set[str]:
    return set(build_app("en").commands)


def test_every_command_that_the_page_runs_exists() -> None:
    for name in ("docs/how-to/run-it.md", "docs/how-to/run-it.fr.md"):
        blocks = re.findall(r"^```sh\n(.*?)^```", _text(name), re.DOTALL | re.MULTILINE)
        run = set(re.findall(r"^passerelle ([a-z-]+)", "".join(blocks), re.MULTILINE))

        assert {"serve", "migrate", "web", "collect", "work", "doctor"} <= run
        assert run <= _commands()


def test_the_compose_file_runs_commands_that_there_are_and_waits_for_the_database() -> None:
    services = yaml.safe_load(_text("compose.yaml"))["services"]

    run = {service["command"] for service in services.values() if "command" in service}

    assert run == {"migrate", "web", "collect", "work"}
    assert run <= _commands()
    for name in ("web", "collect", "work"):
        waits = services[name]["depends_on"]["migrate"]["condition"]
        assert waits == "service_completed_successfully"


def test_the_image_runs_as_nobody_in_particular_and_looks_after_its_health() -> None:
    text = _text("Dockerfile")

    assert re.search(r"^USER passerelle$", text, re.MULTILINE)
    assert "--require-hashes" in text
    assert "/health/ready" in text
    assert 'CMD ["serve"]' in text
    for copied in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE):
        for name in copied.split():
            assert (CHECKOUT / name).exists(), name
            assert f"!{name}" in _text(".dockerignore")


def test_the_unit_serves_the_folder_that_it_keeps() -> None:
    text = _text("deploy/passerelle.service")

    command = re.search(r"^ExecStart=\S*/passerelle (\S+) (\S+)$", text, re.MULTILINE)

    assert command is not None
    assert command[1] in _commands()
    assert Path(command[2]).name == re.search(r"^StateDirectory=(\S+)$", text, re.MULTILINE)[1]  # type: ignore[index]
    assert "NoNewPrivileges=yes" in text
