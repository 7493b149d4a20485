"""Junk in every part of every address: pages may refuse, they never break."""

import random
import string
from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from passerelle.apps.accounts.models import Role
from tests.apps.accounts.desk import a_user, signed_in
from tests.apps.accounts.every_address import every_address

JUNK = [
    *("", "0", "-1", "1" * 40, "9223372036854775808", "1e999", "NaN", "null", "true", "[]", "{}"),
    *("\x00", "é", "\u202e", "💥", "'", '"', "<script>", "%", "%00", "../../etc/passwd", " "),
    *("2026-13-45", "0001-01-01", "9999-12-31", "2026-11-23T25:61", "a" * 3000, "' OR 1=1 --"),
    "\r\nX: y",
]
NAMES = """
q page before after sort order user action subject since until email name role team
language theme scope days next key id stage source tag company score_min score_max
columns view format text value file at reason kind limit offset cursor field origins
password login channel wording
""".split()  # noqa: SIM905  # forty lines otherwise


def _junk(rng: random.Random) -> dict[str, str]:
    """Some named parts, filled with what nobody would write."""
    return {name: rng.choice(JUNK) for name in rng.sample(NAMES, k=12)}


@pytest.mark.parametrize("role", [None, *Role])
def test_junk_in_queries_and_forms_breaks_no_page(role: Role | None) -> None:
    client = signed_in(a_user(role)) if role else Client()
    client.raise_request_exception = False
    rng = random.Random(f"junk for {role}")

    broken = []
    for address in every_address():
        if address.name == "account_logout":
            continue
        for method in ("get", "post"):
            data = _junk(rng)
            status = getattr(client, method)(address.path, data).status_code
            if status >= 500:
                broken.append((method, address.path, data))

    assert broken == []


def test_junk_in_the_parts_of_an_address_breaks_no_page() -> None:
    client = signed_in(a_user(Role.ADMINISTRATOR))
    client.raise_request_exception = False

    broken = [
        path
        for address in every_address()
        for junk in ("9223372036854775808", "1" * 60, "%00", "a" * 500, "é", "💥")
        for path in [
            address.path.replace("999999", quote(junk, safe="%")).replace(
                "nothing", quote(junk, safe="%")
            )
        ]
        if path != address.path and client.get(path).status_code >= 500
    ]

    assert broken == []


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    query=st.dictionaries(
        st.sampled_from(["before", "user", "action", "subject", "since", "until"]),
        st.one_of(st.text(max_size=40), st.integers().map(str), st.dates().map(str)),
    )
)
def test_any_text_in_the_filters_of_the_trail_is_answered(query: dict[str, str]) -> None:
    clean = {k: v for k, v in query.items() if not any(0xD800 <= ord(c) < 0xE000 for c in v)}
    client = signed_in(a_user(Role.MANAGER))

    assert client.get("/settings/audit/", clean).status_code == 200


@pytest.mark.parametrize(
    "body", [b"", b"\x00" * 100, b"&" * 5000, b"a=%ZZ", b"=" * 99, b"\xff\xfe"]
)
@pytest.mark.parametrize(
    "kind",
    [
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json",
        "💥",
    ],
)
def test_any_body_of_any_kind_is_answered(body: bytes, kind: str) -> None:
    client = Client()
    client.raise_request_exception = False

    assert client.post("/accounts/login/", body, content_type=kind).status_code < 500


def test_a_form_that_is_too_large_is_refused() -> None:
    client = Client()
    body = {"login": "".join(random.Random(1).choices(string.ascii_letters, k=3_000_000))}

    response = client.post(
        "/accounts/login/",
        "&".join(f"{k}={v}" for k, v in body.items()),
        content_type="application/x-www-form-urlencoded",
    )

    assert response.status_code in {400, 413}
