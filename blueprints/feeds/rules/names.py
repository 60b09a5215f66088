"""How little of a customer's name is enough for the person who serves them."""

from __future__ import annotations

import re

_HAN = re.compile(r"[\u3400-\u9fff]")


def short_name(name: str, locale: str) -> str:
    """The given name of a name in words (the last one in Vietnamese), the family name alone of one in Han characters.

    A calendar is read on screens and servers that are not the chain's.
    """
    plain = name.strip()
    if _HAN.match(plain):
        return plain[0] + "**"
    words = plain.split()
    if not words:
        return ""
    return words[-1] if locale == "vi" else words[0]
