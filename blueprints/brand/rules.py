"""Pure rules on looks, logos, colours and the sites that may show the pages."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from shopbell.i18n import LOCALES
from shopbell.pictures import Picture
from shopbell.text import N_
from shopbell.theme import DARK, LIGHT, Grounds, Theme, Tokens, contrast, theme

MAX_LOGO = 200 * 1024
SMALLEST_LOGO, LARGEST_LOGO = 16, 2000
"""Pixels along a side: a picture of a few bytes may unpack to one that fills a phone's memory."""
DEFAULT_COLOUR = "#1f5fd0"
MOST_ORIGINS = 20
PACK_COLOURS = {"optical": "#1f5fd0", "salon": "#8a3b5e"}

TEXTS = {"welcome": 160, "thanks": 400, "footer": 400}
"""A chain's own sentences and how long they may be: above the first step, after booking, at the foot of every page."""
LEGAL = {"terms": N_("Terms"), "privacy": N_("Privacy"), "imprint": N_("Imprint")}
"""Legal pages by what is in their address, each with a msgid."""
LONGEST_LEGAL = 20_000

Words = Mapping[str, str]
"""A text by language."""


@dataclass(frozen=True)
class Look:
    """All that a chain decides about how it looks. Without an `accent` links have the colour of the band; without
    `languages` all are spoken, in the product's order."""

    display_name: str
    colour: str
    accent: str = ""
    languages: tuple[str, ...] = ()
    texts: Mapping[str, Words] = field(default_factory=dict)
    logo_id: UUID | None = None

    @property
    def json(self) -> dict[str, Any]:
        """What is kept, the logo aside."""
        return {**asdict(self), "languages": list(self.languages), "logo_id": None}

    @property
    def seal(self) -> str:
        """Stands for the look, so that nobody publishes what they have not seen."""
        text = json.dumps({**self.json, "logo_id": str(self.logo_id)}, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def look_from(kept: Mapping[str, Any], logo_id: UUID | None) -> Look:
    """The look that `Look.json` wrote down."""
    return Look(kept["display_name"], kept["colour"], kept["accent"], tuple(kept["languages"]), kept["texts"], logo_id)


def spoken(languages: Sequence[str]) -> tuple[str, ...]:
    """The languages that customers may choose, in their order; all of them when none is named."""
    return tuple(one for one in languages if one in LOCALES) or tuple(LOCALES)


def logo_fits(picture: Picture) -> bool:
    sides = (picture.width, picture.height)
    return min(sides) >= SMALLEST_LOGO and max(sides) <= LARGEST_LOGO


@dataclass(frozen=True)
class Reading:
    """How well a pair of colours reads, contrast 1 to 21: the one that was `asked` for and the one that is `used`."""

    what: str
    asked: str
    used: str
    asked_ratio: float
    ratio: float
    needed: float

    @property
    def adjusted(self) -> bool:
        return self.asked != self.used


def readings(colour: str, accent: str = "") -> dict[str, list[Reading]]:
    """In "light" and "dark": the text on the main button ("button"), links ("link"), lines ("line").

    Raises shopbell.theme.BadColour.
    """
    made: Theme = theme(colour, accent)
    wanted = (accent or colour).lower()
    return {"light": _readings(wanted, made.light, LIGHT), "dark": _readings(wanted, made.dark, DARK)}


def _readings(wanted: str, tokens: Tokens, grounds: Grounds) -> list[Reading]:
    brand, text = tokens["brand"], tokens["on-brand"]
    button = contrast(text, brand)
    return [
        Reading("button", "#ffffff", text, contrast("#ffffff", brand), button, 4.5),
        _reading("link", wanted, tokens["accent-text"], (grounds.sunken, tokens["accent-soft"]), 4.5),
        _reading("line", wanted, tokens["brand-line"], (grounds.surface, grounds.bg), 3.0),
    ]


def _reading(what: str, asked: str, used: str, on: Sequence[str], needed: float) -> Reading:
    """On the ground on which it is the hardest to read."""
    before, after = (min(contrast(one, ground) for ground in on) for one in (asked, used))
    return Reading(what, asked, used, before, after, needed)


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
