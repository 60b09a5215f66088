"""What a customer or somebody of the staff wrote, made fit to store and show."""

from __future__ import annotations

import re
import unicodedata

_UNWANTED = frozenset({"Cc", "Cs", "Zl", "Zp"})
_GAPS = re.compile(r"\n{3,}")


def clean_words(text: str) -> str:
    """Lines without controls and without space at their ends, at most one empty line between two."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    plain = ["".join(" " if unicodedata.category(sign) in _UNWANTED else sign for sign in line) for line in lines]
    return _GAPS.sub("\n\n", "\n".join(line.strip() for line in plain)).strip()
