"""An installation's settings: where they come from, that each is documented, each fault said."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from passerelle.project.checks import CODES, found_in
from passerelle.project.configuration import Configuration, configuration, variable
from passerelle.project.installation import answered_hosts, database_settings, mail_settings
from passerelle.project.setting_faults import WrongSettings
from passerelle.project.settings_reference import GROUPS, settings_pages
from passerelle.words import LANGUAGES
from tests.outside import CHECKOUT

PACKAGING = ["Dockerfile", "compose.yaml", "deploy/passerelle.service", "docs/how-to/run-it.md"]


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """No setting of the machine, and the file that the test writes."""
    for name in (*map(variable, Configuration.model_fields), "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    file = tmp_path / "passerelle.toml"
    monkeypatch.setenv("PASSERELLE_CONFIG", str(file))
    monkeypatch.setenv("PASSERELLE_DATA", str(tmp_path))
    configuration.cache_clear()
    yield file
    configuration.cache_clear()


def test_the_environment_goes_before_the_file(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone.write_text('port = 9001\nlanguage = "fr"\nallowed_hosts = ["a.example", "b.example"]\n')
    monkeypatch.setenv("PASSERELLE_PORT", "9002")

    how = configuration()

    assert (how.port, how.language) == (9002, "fr")
    assert how.allowed_hosts == ("a.example", "b.example")


def test_several_values_stand_between_commas_in_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PASSERELLE_TRUSTED_PROXIES", "10.0.0.0/8, 192.0.2.1")

    assert configuration().trusted_proxies == ("10.0.0.0/8", "192.0.2.1")


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("port", "eighty", "`PASSERELLE_PORT` takes a whole number, and “eighty” is none."),
        ("port", "70000", "`PASSERELLE_PORT` cannot be 70000"),
        ("language", "de", "“de” is not among the choices: `fr`, `en`."),
        ("https", "perhaps", "`PASSERELLE_HTTPS` takes `true` or `false`, not “perhaps”."),
        ("timezone", "Mars", "there is no time zone “Mars”"),
        ("database_url", "mysql://x:secret@y/z", "names no database that Passerelle knows"),
        ("trusted_proxies", "10.0.0.0/8,nearby", "holds something else"),
        ("public_url", "leads", "“leads” is no address of the web"),
    ],
)
def test_a_wrong_value_is_answered_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, name: str, given: str, said: str
) -> None:
    monkeypatch.setenv(variable(name), given)

    with pytest.raises(WrongSettings) as wrong:
        configuration()

    assert said in str(wrong.value)
    assert "secret" not in str(wrong.value)
    assert all(fault.says(language) for fault in wrong.value.faults for language in LANGUAGES)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("prot = 9000", "there is no setting “prot”. Did you mean “port”?"),
        ("colour = 1", "there is no setting “colour”."),
        ("port = = 9000", "is no TOML"),
        ("port = 'eighty'", "`PASSERELLE_PORT` takes a whole number"),
    ],
)
def test_a_wrong_file_is_answered_in_words(alone: Path, text: str, said: str) -> None:
    alone.write_text(text)

    with pytest.raises(WrongSettings, match=re.escape(said)):
        configuration()


def test_settings_that_do_not_go_together_are_found() -> None:
    how = Configuration(
        workers=4, host="0.0.0.0", allowed_hosts=(), https=True, data=Path("/nowhere/at/all")
    )
    open_to_all = Configuration(allowed_hosts=("*",))

    found = {m.id for m in found_in(how, ["PASSERELLE_PROT"])} | {
        m.id for m in found_in(open_to_all, ["PASSERELLE_LANGUAGE", "HOME"])
    }

    assert found == {f"passerelle.{code}" for code in CODES}
    assert all(message.hint for message in found_in(how, []))


def test_the_defaults_go_together() -> None:
    assert list(found_in(configuration(), ["PASSERELLE_LANGUAGE", "PASSERELLE_CONFIG"])) == []


def test_hosts_are_those_of_the_public_address_and_of_this_machine() -> None:
    how = Configuration(public_url="https://leads.example.org/", host="0.0.0.0")

    assert answered_hosts(how) == ["localhost", "127.0.0.1", "[::1]", "leads.example.org"]


def test_sqlite_survives_a_power_cut_and_postgresql_is_not_waited_for() -> None:
    file = database_settings(Configuration())
    server = database_settings(Configuration(database_url="postgresql://h/x?sslmode=require"))

    assert "synchronous=FULL" in file["OPTIONS"]["init_command"]
    assert file["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert server["OPTIONS"]["connect_timeout"] == 5
    assert server["OPTIONS"]["sslmode"] == "require"


def test_mail_goes_to_files_until_a_server_is_named() -> None:
    alone, named = Configuration(), Configuration(mail_host="smtp.example.org", mail_security="tls")

    assert mail_settings(alone)["EMAIL_FILE_PATH"].endswith("mail")
    assert mail_settings(named)["EMAIL_USE_SSL"]
    assert not mail_settings(named)["EMAIL_USE_TLS"]


def test_every_setting_is_documented_once() -> None:
    documented = [name for names in GROUPS.values() for name in names]

    assert sorted(documented) == sorted(Configuration.model_fields)


@pytest.mark.parametrize("name", settings_pages())
def test_the_page_of_settings_is_the_one_that_is_made(name: str) -> None:
    written = (CHECKOUT / "docs" / name).read_text("utf-8")

    assert written == settings_pages()[name], (
        "run: PYTHONPATH=src python -m passerelle.project.reference docs"
    )


@pytest.mark.parametrize("file", [*PACKAGING, "docs/how-to/run-it.fr.md"])
def test_packaging_and_its_page_name_settings_that_there_are(file: str) -> None:
    text = (CHECKOUT / file).read_text("utf-8")
    known = {*map(variable, Configuration.model_fields), "PASSERELLE_CONFIG"}

    named = set(re.findall(r"PASSERELLE_[A-Z_]+[A-Z]", text))

    assert named - known == set()
    for block in re.findall(r"^```toml\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        assert tomllib.loads(block).keys() <= set(Configuration.model_fields)
