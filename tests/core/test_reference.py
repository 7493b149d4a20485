"""The reference pages are what the code says: every option, every fault, in both languages."""

from pathlib import Path

import pytest
from pydantic import BaseModel

from passerelle.core.faults import FAULT_CODES
from passerelle.core.reference import pages
from passerelle.core.reference_rules import MODELS, SECTIONS
from passerelle.core.rules import FieldRule, Rule
from tests.outside import CHECKOUT

PAGES = pages()
MAKE = "PYTHONPATH=src python -m passerelle.core.reference docs"


def models_within(annotation: object) -> set[type[BaseModel]]:
    """Every model that an annotation leads to, and those within them."""
    found: set[type[BaseModel]] = set()
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        found.add(annotation)
        for info in annotation.model_fields.values():
            found |= models_within(info.annotation)
    for argument in getattr(annotation, "__args__", ()):
        found |= models_within(argument)
    return found


@pytest.mark.parametrize("name", PAGES)
def test_the_page_in_the_checkout_is_the_one_that_is_made(name: str) -> None:
    written = Path(CHECKOUT / "docs" / name).read_text("utf-8")

    assert written == PAGES[name], f"run: {MAKE}"


def test_every_model_of_a_rule_has_its_section() -> None:
    shown_otherwise = {"Band", "HalfLife", "Expiry"}  # written as ranges and as days

    models = {model for model in models_within(Rule) if model.__name__ not in shown_otherwise}

    assert models - set(MODELS) == set()


@pytest.mark.parametrize("name", ["reference/rules.md", "reference/rules.fr.md"])
def test_every_option_of_every_rule_is_there(name: str) -> None:
    for section in SECTIONS:
        inherited = {field for base in section.without for field in base.model_fields}
        for field, info in section.model.model_fields.items():
            if field not in inherited:
                assert f"| `{info.alias or field}` |" in PAGES[name]
    assert "values" in FieldRule.model_fields


@pytest.mark.parametrize("name", ["reference/faults.md", "reference/faults.fr.md"])
def test_every_fault_is_there(name: str) -> None:
    for code in FAULT_CODES:
        assert f"## `{code}`\n" in PAGES[name]
