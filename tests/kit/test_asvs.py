"""docs/asvs.md names what there is."""

from __future__ import annotations

import re

from shopbell.settings import ROOT

TEXT = (ROOT / "docs" / "asvs.md").read_text()


def test_every_test_that_the_table_names_is_there():
    named = set(re.findall(r"tests/[\w/.]+[\w]", TEXT))
    assert len(named) > 40
    assert {path for path in named if not (ROOT / path).exists()} == set()


def test_no_requirement_stands_there_twice():
    numbers = [one for row in re.findall(r"^\| ([\d., -]+) \|", TEXT, re.M) for one in row.split(", ")]
    assert len(numbers) == len(set(numbers))
    assert len(numbers) > 120
