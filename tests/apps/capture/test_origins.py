import pytest

from passerelle.apps.capture.origins import BadOrigin, TooManyOrigins, read_origins


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("https://www.firm.example", "https://www.firm.example"),
        ("firm.example", "https://firm.example"),
        ("  HTTPS://Firm.Example/path?x=1#y ", "https://firm.example"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("https://firm.example:443", "https://firm.example"),
        ("http://firm.example:80/", "http://firm.example"),
        ("https://société.example", "https://xn--socit-esab.example"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_a_site_is_read_as_browsers_name_it(typed: str, origin: str) -> None:
    origins = read_origins(f"\n{typed}\n\n{typed}\n")

    assert origins == [origin]


@pytest.mark.parametrize(
    "typed",
    [
        *("not a site", "ftp://firm.example", "https://", "*", "https://*.firm.example"),
        *("https://me:secret@firm.example", "https://firm.example:99999", "javascript:alert(1)"),
        "https://-firm.example",
    ],
)
def test_what_names_no_site_is_refused(typed: str) -> None:
    with pytest.raises(BadOrigin):
        read_origins(typed)


def test_more_than_fifty_sites_are_refused() -> None:
    with pytest.raises(TooManyOrigins):
        read_origins("\n".join(f"s{n}.example" for n in range(51)))
