"""No file tells where it was made: no registry's host, no path of somebody's machine."""

import re

from tests.docs.pages import known_files
from tests.outside import CHECKOUT

# Put together here, so that this file does not hold what it forbids.
HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("python" + "hosted", "org"),
        ("npm" + "js", "org"),
        ("npm" + "js", "com"),
        ("deb", "debian", "org"),
        ("security", "debian", "org"),
    )
]
MACHINE_PATH = re.compile(r"(?<![\w.*)\]}>~-])/(?:work|tmp|root|home|Users|opt)/\w")


def test_no_file_names_a_registrys_host() -> None:
    named = [
        (path.relative_to(CHECKOUT).as_posix(), host)
        for path in known_files()
        for host in HOSTS
        if host.encode() in path.read_bytes()
    ]

    assert named == []


def test_no_file_names_a_path_of_one_machine() -> None:
    named = [
        (path.relative_to(CHECKOUT).as_posix(), found[0])
        for path in known_files()
        if (found := MACHINE_PATH.search(path.read_bytes().decode("utf-8", "replace")))
    ]

    assert named == []


def test_a_machine_path_is_told_from_the_path_of_a_page() -> None:
    folder = "/" + "home/"

    assert MACHINE_PATH.search(f"open {folder}someone/leads.csv")
    assert MACHINE_PATH.search(f"'{folder}someone'")
    assert not MACHINE_PATH.search(f"https://acme.example{folder}page")
