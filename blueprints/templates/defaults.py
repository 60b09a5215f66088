"""The product's own texts as a chain may write them: with gaps, and nothing that only Jinja understands."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache

from blueprints.templates.rules.wordings import PIECES, WORDINGS
from blueprints.templates.texts import block, has_block

ONLY_SOMETIMES = frozenset({"more", "series", "earlier"})
"""Facts that the product's texts speak of only where there are any; a text with gaps cannot."""


@cache
def default_parts(name: str, channel: str, locale: str) -> Mapping[str, str]:
    """The product's text, its variables as gaps."""
    values = {known: "" if known in ONLY_SOMETIMES else f"{{{{ {known} }}}}" for known in WORDINGS[name].knows}
    template = f"{name}.{locale}.jinja"
    return {
        piece: block(False, template, piece, values) if has_block(template, piece) else "" for piece in PIECES[channel]
    }


def digest_of(parts: Mapping[str, str], *, plain: bool = False) -> str:
    """What stands for a text: equal for equal words."""
    words = "\x1f".join(f"{piece}\x1e{text}" for piece, text in sorted(parts.items()) if text)
    return hashlib.sha256(f"{int(plain)}\x1f{words}".encode("utf-8", "surrogatepass")).hexdigest()[:32]


@cache
def default_digest(name: str, channel: str, locale: str) -> str:
    return digest_of(default_parts(name, channel, locale))
