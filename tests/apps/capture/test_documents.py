import re
from dataclasses import fields

import pytest

from passerelle.apps.capture.drops import DropReason
from passerelle.apps.capture.limits import Limits
from tests.outside import CHECKOUT

PAGES = ("docs/reference/collector.md", "docs/reference/collector.fr.md")


@pytest.mark.parametrize("page", PAGES)
def test_the_reference_explains_every_limit_and_every_drop_reason(page: str) -> None:
    text = (CHECKOUT / page).read_text("utf-8")
    explained = set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))

    assert explained == {reason.value for reason in DropReason} | {f.name for f in fields(Limits)}
