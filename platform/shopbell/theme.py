"""A chain's colours become the colours of its pages, readable on every ground in light and in dark.

Lightness is searched in OKLCH, so the hue stays; contrast is WCAG 2's. The grounds below are those of the style
sheet's tokens. For any colour at all: text on the brand and its hover, and accent text on every ground, reach 4.5;
lines reach 3.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

Rgb = tuple[int, int, int]
Tokens = dict[str, str]

TEXT_CONTRAST = 4.5
LINE_CONTRAST = 3.0

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
# Steps of lightness; finer ones are lost in eight bits per channel.
_STEPS = 256


class BadColour(ValueError):
    """Not a colour written #rrggbb."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """The plain colours of one mode that tenant colours must stand on or beside."""

    bg: str
    surface: str
    sunken: str
    text: str
    muted: str
    soft_share: float


LIGHT = Grounds("#f6f7f9", "#ffffff", "#eef0f3", text="#1b2027", muted="#545d6a", soft_share=0.10)
DARK = Grounds("#111418", "#191d23", "#22272f", text="#eceff3", muted="#a3acb9", soft_share=0.15)


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours by custom property name, without the dashes in front: brand, on-brand, brand-hover, ..."""

    light: Tokens
    dark: Tokens


def theme(colour: str, accent: str = "") -> Theme:
    """The colours for a brand colour "#rrggbb" and, where links, lines and chosen things have one of their own, an
    accent. Raises BadColour.
    """
    brand, accent = colour.lower(), (accent or colour).lower()
    if not _COLOUR.fullmatch(brand) or not _COLOUR.fullmatch(accent):
        raise BadColour("Write the colour like #0a7d5a.")
    return Theme(light=_tokens(brand, accent, LIGHT), dark=_tokens(brand, accent, DARK))


def css(theme: Theme) -> str:
    """Custom properties for a style element: by the system's scheme, or as data-theme on the page says."""
    light, dark = _declarations(theme.light), _declarations(theme.dark)
    return (
        f":root,[data-theme=light]{{{light}}}\n"
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}\n"
        f"[data-theme=dark]{{{dark}}}\n"
    )


def contrast(one: str, other: str) -> float:
    """The WCAG contrast of two colours "#rrggbb": 1 to 21."""
    darker, lighter = sorted((_luminance(_rgb(one)), _luminance(_rgb(other))))
    return (lighter + 0.05) / (darker + 0.05)


def _tokens(brand: str, accent: str, grounds: Grounds) -> Tokens:
    soft = _mix(grounds.surface, _fit(accent, [grounds.surface], 1.6), grounds.soft_share)
    on_brand = _readable_on(brand)
    return {
        "brand": brand,
        "on-brand": on_brand,
        "brand-hover": _hover(brand, on_brand),
        "brand-line": _fit(accent, [grounds.surface, grounds.bg], LINE_CONTRAST),
        "accent-text": _fit(accent, [grounds.surface, grounds.bg, grounds.sunken, soft], TEXT_CONTRAST),
        "accent-soft": soft,
    }


def _declarations(tokens: Tokens) -> str:
    return "".join(f"--{name}:{value};" for name, value in tokens.items())


def _readable_on(ground: str) -> str:
    """White, else near-black, else black; white or black always reaches 4.5, as the square root of 21 is 4.58."""
    readable = (text for text in ("#ffffff", "#14171c") if contrast(text, ground) >= TEXT_CONTRAST)
    return next(readable, "#000000")


def _hover(brand: str, on_brand: str) -> str:
    """A little away from the text on it, so that contrast grows; at the end of the scale a little towards it."""
    lightness, chroma, hue = _oklch(_rgb(brand))
    turns_at, lighter = (0.25, 0.08) if on_brand == "#ffffff" else (0.93, 0.05)
    shift = lighter if lightness < turns_at else -0.06
    return _hex(_in_gamut(lightness + shift, chroma, hue))


def _fit(colour: str, grounds: list[str], ratio: float) -> str:
    """The colour with the least change of lightness that reaches the contrast on every ground.

    The grounds are all light or all dark; the colour moves away from them, at worst to black or white.
    """
    end, sign, limit = _goal(grounds, ratio)
    rgb = _rgb(colour)
    if sign * _luminance(rgb) >= sign * limit:
        return colour
    lightness, chroma, hue = _oklch(rgb)
    # Luminance follows lightness, so the nearest step that reaches the limit is found by halving.
    near, far, best = 0, _STEPS, "#000000" if end == 0 else "#ffffff"
    while far - near > 1:
        middle = (near + far) // 2
        candidate = _in_gamut(lightness + (end - lightness) * middle / _STEPS, chroma, hue)
        if sign * _luminance(candidate) >= sign * limit:
            far, best = middle, _hex(candidate)
        else:
            near = middle
    return best


def _goal(grounds: list[str], ratio: float) -> tuple[float, int, float]:
    """Which way to move (lightness 0 and -1, or 1 and 1) and the luminance at which the contrast is reached."""
    luminances = [_luminance(_rgb(ground)) for ground in grounds]
    if min(luminances) > 0.5:
        return 0.0, -1, (min(luminances) + 0.05) / ratio - 0.05
    return 1.0, 1, (max(luminances) + 0.05) * ratio - 0.05


def _mix(ground: str, colour: str, share: float) -> str:
    red, green, blue = (round(a * (1 - share) + b * share) for a, b in zip(_rgb(ground), _rgb(colour), strict=True))
    return _hex((red, green, blue))


def _rgb(colour: str) -> Rgb:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _hex(rgb: Rgb) -> str:
    return f"#{rgb[0]:02x}{rgb[1]:02x}{rgb[2]:02x}"


def _to_linear(channel: int) -> float:
    share = channel / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


_LINEAR = [_to_linear(channel) for channel in range(256)]


def _to_channel(linear: float) -> int:
    linear = min(max(linear, 0.0), 1.0)
    return round(255 * (linear * 12.92 if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055))


def _luminance(rgb: Rgb) -> float:
    return 0.2126 * _LINEAR[rgb[0]] + 0.7152 * _LINEAR[rgb[1]] + 0.0722 * _LINEAR[rgb[2]]


def _oklch(rgb: Rgb) -> tuple[float, float, float]:
    """Lightness 0 to 1, chroma, and hue in radians (Björn Ottosson's OKLab)."""
    red, green, blue = (_LINEAR[channel] for channel in rgb)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _linear_rgb(lightness: float, a: float, b: float) -> tuple[float, float, float]:
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _in_gamut(lightness: float, chroma: float, hue: float) -> Rgb:
    """The displayable colour of that lightness and hue with as much of the chroma as there is room for."""
    lightness = min(max(lightness, 0.0), 1.0)
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    linear = _linear_rgb(lightness, a, b)
    if not _displayable(linear):
        low, high = 0.0, 1.0
        for _ in range(10):
            share = (low + high) / 2
            if _displayable(_linear_rgb(lightness, a * share, b * share)):
                low = share
            else:
                high = share
        linear = _linear_rgb(lightness, a * low, b * low)
    return _to_channel(linear[0]), _to_channel(linear[1]), _to_channel(linear[2])


def _displayable(linear: tuple[float, float, float]) -> bool:
    return min(linear) >= -1e-4 and max(linear) <= 1.0001
