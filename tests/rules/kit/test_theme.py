"""Whatever colour a chain picks, its pages can be read."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopbell.theme import DARK, LIGHT, BadColour, Grounds, Theme, Tokens, contrast, css, theme

CHANNELS = range(0, 256, 17)
COLOURS = st.tuples(*[st.integers(0, 255)] * 3).map(lambda rgb: "#{:02x}{:02x}{:02x}".format(*rgb))


def pairs(tokens: Tokens, grounds: Grounds) -> list[tuple[str, str, float]]:
    """Every two colours that meet on a page, with the contrast they need."""
    soft, accent, line = tokens["accent-soft"], tokens["accent-text"], tokens["brand-line"]
    return [
        (tokens["on-brand"], tokens["brand"], 4.5),
        (tokens["on-brand"], tokens["brand-hover"], 4.5),
        (accent, grounds.surface, 4.5),
        (accent, grounds.bg, 4.5),
        (accent, grounds.sunken, 4.5),
        (accent, soft, 4.5),
        (grounds.text, soft, 4.5),
        (grounds.muted, soft, 4.5),
        (line, grounds.surface, 3.0),
        (line, grounds.bg, 3.0),
    ]


def unreadable(made: Theme) -> list[tuple[str, str, float]]:
    both = pairs(made.light, LIGHT) + pairs(made.dark, DARK)
    return [(front, ground, need) for front, ground, need in both if contrast(front, ground) < need]


def test_4096_colours_are_readable_in_light_and_in_dark() -> None:
    colours = [f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in product(CHANNELS, repeat=3)]
    assert len(colours) == 4096
    assert {colour: bad for colour in colours if (bad := unreadable(theme(colour)))} == {}


@given(COLOURS)
def test_any_colour_is_readable(colour: str) -> None:
    assert unreadable(theme(colour)) == []


@given(COLOURS, COLOURS)
def test_any_two_colours_are_readable(colour: str, accent: str) -> None:
    made = theme(colour, accent)
    assert unreadable(made) == []
    assert made.light["brand"] == colour
    assert made.light["accent-text"] == theme(accent).light["accent-text"]


@given(COLOURS)
def test_the_brand_colour_itself_is_kept_exactly(colour: str) -> None:
    made = theme(colour.upper())
    assert made.light["brand"] == made.dark["brand"] == colour


@given(COLOURS)
def test_hovering_always_shows(colour: str) -> None:
    made = theme(colour)
    assert made.light["brand-hover"] != colour
    assert made.dark["brand-hover"] != colour


def test_a_colour_that_is_dark_enough_is_used_as_it_is() -> None:
    made = theme("#0b5d46").light
    assert made["accent-text"] == made["brand-line"] == "#0b5d46"


def test_a_pale_colour_is_darkened_no_more_than_needed_and_keeps_its_hue() -> None:
    accent = theme("#ffd400").light["accent-text"]
    red, green, blue = (int(accent[at : at + 2], 16) for at in (1, 3, 5))
    assert red > green > blue
    soft = theme("#ffd400").light["accent-soft"]
    assert 4.5 <= min(contrast(accent, ground) for ground in (LIGHT.sunken, soft)) < 4.7


@pytest.mark.parametrize(("colour", "text"), [("#102030", "#ffffff"), ("#ffe066", "#14171c"), ("#808080", "#14171c")])
def test_text_on_the_brand_is_white_or_nearly_black(colour: str, text: str) -> None:
    assert theme(colour).light["on-brand"] == text


def test_contrast_runs_from_1_to_21_either_way_round() -> None:
    assert contrast("#ffffff", "#000000") == contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == 1
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize(
    "text", ["", "#fff", "0a7d5a", "#0a7d5g", "#0a7d5a;}", "#0a7d5a\n", "red", "#0a7d5aff", "#１２３４５６"]
)
def test_what_is_no_colour_is_refused(text: str) -> None:
    with pytest.raises(BadColour, match="#0a7d5a"):
        theme(text)


def test_the_style_sheet_follows_the_system_unless_the_page_says_otherwise() -> None:
    made = theme("#0b5d46")
    sheet = css(made)
    system, media, chosen = sheet.splitlines()
    assert system.startswith(":root,[data-theme=light]{--brand:#0b5d46;--on-brand:#ffffff;")
    assert media.startswith("@media (prefers-color-scheme:dark){:root:not([data-theme=light]){--brand:#0b5d46;")
    assert chosen.startswith("[data-theme=dark]{--brand:#0b5d46;")
    assert f"--accent-text:{made.dark['accent-text']};" in chosen
    assert f"--accent-text:{made.light['accent-text']};" in system
    for name in ("brand", "on-brand", "brand-hover", "brand-line", "accent-text", "accent-soft"):
        assert sheet.count(f"--{name}:") == 3
    assert sheet.count("{") == sheet.count("}")
