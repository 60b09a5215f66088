"""How a text goes through a provider's approval, and what it looks like in the provider's notation. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from blueprints.templates.rules.filling import GAP

Notation = Literal["named", "positional"]
STATES = ("draft", "submitted", "approved", "rejected")
FOLLOWS = {
    "draft": ("submitted", "approved"),
    "submitted": ("approved", "rejected"),
    "approved": ("rejected",),
    "rejected": ("submitted", "approved"),
}
"""What a state may turn into: providers also take back what they approved."""
SIGN = re.compile(r"^【[^】]*】\s*")
CODE = "link_code"


@dataclass(frozen=True)
class Submission:
    """A text as a provider takes it: without the sign, which goes beside it, and with placeholders of its own.

    `variables` stand in the order of the placeholders, one more than once where the text names it again. Of a link only
    the `link_code` is one: providers refuse addresses in variables, and want to see the host.
    """

    body: str
    variables: tuple[str, ...]


def submission(text: str, notation: Notation, links: str) -> Submission:
    """`links` is what every short link of the chain begins with."""
    variables: list[str] = []

    def placeholder(gap: re.Match[str]) -> str:
        name = CODE if gap[1] == "link" else gap[1]
        variables.append(name)
        mark = f"{{{len(variables)}}}" if notation == "positional" else f"${{{placeholders(variables)[-1]}}}"
        return f"{links}{mark}" if name == CODE else mark

    body = GAP.sub(placeholder, SIGN.sub("", text.strip()))
    return Submission(body, tuple(variables))


def placeholders(variables: Sequence[str]) -> list[str]:
    """Their names in the named notation: a name may stand in a text once, so the second is another one."""
    seen: Counter[str] = Counter()
    found = []
    for name in variables:
        seen[name] += 1
        found.append(name if seen[name] == 1 else f"{name}{seen[name]}")
    return found


def parameters(variables: Sequence[str], values: Mapping[str, str], links: str) -> tuple[tuple[str, str], ...] | None:
    """What is handed over with the provider's code, in order; None where a link is none of the chain's short ones."""
    link = values.get("link", "")
    known = {**values, CODE: link.removeprefix(links)} if link.startswith(links) else dict(values)
    if CODE in variables and CODE not in known:
        return None
    return tuple(
        (name, known.get(variable, "")) for name, variable in zip(placeholders(variables), variables, strict=True)
    )
