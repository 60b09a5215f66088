"""The frame of mails: read in light, in dark, by ear, and without pictures."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from blueprints.templates.colours import colours
from blueprints.templates.facts import Facts
from blueprints.templates.texts import draw
from shopbell.theme import contrast

START = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
FACTS = Facts(
    chain="Lumi Optik",
    colour="#0a7d5a",
    branch="Xintiandi",
    address="245 Madang Rd",
    phone="+862155550123",
    service="Eye test",
    person="Chen Wei",
    customer="Lan",
    ref="K7QX",
    starts_at=START,
    ends_at=START + timedelta(minutes=40),
    earlier=None,
    zone=ZoneInfo("Asia/Shanghai"),
    deadline=None,
    link="https://lumi.example/m/1",
    home="https://lumi.example/",
    logo="https://lumi.example/logo/1",
    foot="Lumi Ltd, Shanghai",
    imprint="https://lumi.example/legal/imprint",
)


@pytest.mark.parametrize("brand", ["#0a7d5a", "#ffd400", "#101010", "#ffffff", "#ff0000", "#1f5fd0"])
def test_everything_reads_well_in_light_and_in_dark(brand: str) -> None:
    found = colours(brand)
    assert contrast(str(found["on_brand"]), str(found["brand"])) >= 4.5
    for mode in (found["light"], found["dark"]):
        assert isinstance(mode, dict)
        for ground in ("surface", "bg"):
            for name in ("text", "muted", "link"):
                assert contrast(mode[name], mode[ground]) >= 4.5, (name, ground)
            assert contrast(mode["brand_line"], mode[ground]) >= 3


def test_the_frame_says_what_it_is_to_programs_and_readers() -> None:
    html = draw("confirmation", "zh-CN", FACTS).html
    assert '<html lang="zh-CN"' in html
    assert 'role="article" aria-roledescription="email"' in html
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "@media (prefers-color-scheme: dark)" in html
    for table in re.findall(r"<table[^>]*>", html):
        assert 'role="presentation"' in table or "rows" in table
    assert html.count('scope="row"') == 5
    for picture in re.findall(r"<img[^>]*>", html):
        assert 'alt=""' in picture
    assert html.count("<!--[if mso]>") == html.count("<![endif]-->")


def test_who_writes_stands_at_the_foot() -> None:
    for form in (draw("confirmation", "en", FACTS).html, draw("confirmation", "en", FACTS).text):
        for said in ("Lumi Optik · Xintiandi, 245 Madang Rd", "https://lumi.example/legal/imprint", "Lumi Ltd"):
            assert said in form
    named = draw("confirmation", "en", replace(FACTS, branch="Lumi Optik Xintiandi")).text
    assert "\nLumi Optik Xintiandi, 245 Madang Rd\n" in named
    bare = draw("confirmation", "en", replace(FACTS, imprint="", foot="", logo=""))
    assert "legal" not in bare.html.lower()
    assert "<img" not in bare.html
    assert "Lumi Optik</span>" in bare.html
