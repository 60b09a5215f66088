"""The colours of a mail in light and in dark: those of the pages, with the chain's own among them."""

from __future__ import annotations

from functools import lru_cache

from shopbell.theme import DARK, LIGHT, Grounds, Tokens, theme

LINES = {LIGHT: "#dde1e7", DARK: "#343b46"}
"""Of the style sheet's tokens, which no contrast hangs on."""


@lru_cache(maxsize=64)
def colours(brand: str) -> dict[str, str | dict[str, str]]:
    """What the HTML of a message is drawn with, for a brand colour "#rrggbb". Raises shopbell.theme.BadColour."""
    made = theme(brand)
    return {
        "brand": made.light["brand"],
        "on_brand": made.light["on-brand"],
        "light": _mode(LIGHT, made.light),
        "dark": _mode(DARK, made.dark),
    }


def _mode(grounds: Grounds, tokens: Tokens) -> dict[str, str]:
    return {
        "bg": grounds.bg,
        "surface": grounds.surface,
        "text": grounds.text,
        "muted": grounds.muted,
        "line": LINES[grounds],
        "brand_line": tokens["brand-line"],
        "link": tokens["accent-text"],
    }
