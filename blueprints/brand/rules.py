"""Pure rules on logos and colours."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shopbell.theme import DARK, LIGHT, Grounds, Theme, Tokens, contrast

MAX_LOGO = 200 * 1024
DEFAULT_COLOUR = "#1f5fd0"
MOST_ORIGINS = 20
PACK_COLOURS = {"optical": "#1f5fd0", "salon": "#8a3b5e"}


def image_type(content: bytes) -> str | None:
    """The media type by the first bytes: PNG, JPEG or WebP; None for anything else, whatever its name says."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return None


@dataclass(frozen=True)
class Reading:
    """How well one pair of colours reads: contrast 1 to 21, and what the pair needs."""

    what: str
    ratio: float
    needed: float

    @property
    def enough(self) -> bool:
        return self.ratio >= self.needed


def readings(theme: Theme) -> dict[str, list[Reading]]:
    """The contrasts of a theme in "light" and "dark": of the main button ("button"), links ("link"), lines ("line")."""
    return {"light": _readings(theme.light, LIGHT), "dark": _readings(theme.dark, DARK)}


def _readings(tokens: Tokens, grounds: Grounds) -> list[Reading]:
    return [
        Reading("button", contrast(tokens["on-brand"], tokens["brand"]), 4.5),
        Reading("link", contrast(tokens["accent-text"], grounds.surface), 4.5),
        Reading("line", contrast(tokens["brand-line"], grounds.surface), 3.0),
    ]


LINES = {"light": "#dfe3e8", "dark": "#323943"}


def preview_css(theme: Theme) -> str:
    """The theme for the two previews, whatever the page around them looks like: grounds and texts come along."""
    modes = (("light", theme.light, LIGHT), ("dark", theme.dark, DARK))
    return "".join(_preview_rule(mode, tokens, grounds) for mode, tokens, grounds in modes)


def _preview_rule(mode: str, tokens: Tokens, grounds: Grounds) -> str:
    plain = {
        "bg": grounds.bg,
        "surface": grounds.surface,
        "sunken": grounds.sunken,
        "text": grounds.text,
        "muted": grounds.muted,
        "line": LINES[mode],
    }
    properties = "".join(f"--{name}:{value};" for name, value in (plain | tokens).items())
    return (
        f".preview[data-mode={mode}]{{{properties}color-scheme:{mode};background:var(--surface);color:var(--text)}}\n"
    )


_ORIGIN = re.compile(
    r"(?P<scheme>https?)://(?P<host>(?:\*\.)?[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*)"
    r"(?P<port>:\d{1,5})?(?:[/?#].*)?"
)


def origin_of(text: str) -> str | None:
    """The site of an address: "https://www.example.com" of any page there; a first "*." stands for all its names.

    None for what is no such address. Without encryption only a site on one's own machine will do: on the way anybody
    could put anything around the frame.
    """
    found = _ORIGIN.fullmatch(text.strip().lower())
    if found is None or len(found["host"]) > 253:
        return None
    local = found["host"] in {"localhost", "127.0.0.1"} or found["host"].endswith(".localhost")
    if found["scheme"] == "http" and not local:
        return None
    if found["host"].count(".") < (2 if found["host"].startswith("*.") else 1) and not local:
        return None
    return f"{found['scheme']}://{found['host']}{found['port'] or ''}"
