"""Texts with gaps: `Hello {{ customer }}`. Only names stand in gaps, so there is nothing to break out of."""

from __future__ import annotations

import re
from collections.abc import Mapping

from markupsafe import Markup, escape

GAP = re.compile(r"\{\{\s*([a-z][a-z_]*)\s*\}\}")


def names_in(text: str) -> list[str]:
    """The variables of a text in the order in which they first stand there."""
    return list(dict.fromkeys(GAP.findall(text)))


def is_broken(text: str) -> bool:
    """Whether something in braces is no gap: a half one, or a command of another template language."""
    rest = GAP.sub("", text)
    return any(mark in rest for mark in ("{{", "}}", "{%", "%}", "{#"))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its gaps filled; lines stay, the space that an empty value leaves in one does not."""
    filled = GAP.sub(lambda gap: values.get(gap[1], ""), text)
    return "\n".join(" ".join(line.split()) for line in filled.strip().splitlines())


def fill_markup(text: str, values: Mapping[str, str]) -> Markup:
    """The same for HTML: everything escaped, lines broken."""
    # Both sides of the replacement are escaped here; only the breaks are ours.
    return Markup("<br>").join(escape(line) for line in fill(text, values).split("\n"))
