"""How a chain looks: what is accepted, computed, shown and refused."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from blueprints.brand import queries, service
from blueprints.brand.errors import BadBrand
from blueprints.brand.models import BrandLogo
from blueprints.brand.rules import LARGEST_LOGO, MAX_LOGO, readings
from shopbell.theme import contrast, css, theme
from tests.brand.conftest import chunk, png

PNG = png()
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
COLOURS = st.tuples(*[st.integers(0, 255)] * 3).map(lambda rgb: "#{:02x}{:02x}{:02x}".format(*rgb))
ATTACKS = {
    "an SVG with a script": SVG,
    "an SVG in disguise": b"\x89PNG\r\n\x1a\n" + SVG,
    "a page that begins like a JPEG": b"\xff\xd8\xff\xe0<html><script>alert(1)</script>",
    "a page that begins like a WebP": b"RIFF\x00\x00\x00\x00WEBPVP8 <script>alert(1)</script>",
    "a GIF": b"GIF89a" + b"\0" * 60,
    "a PNG that is cut off": PNG[:-20],
    "a script": b"#!/bin/sh\n",
    "one byte": b"x",
    "a picture that unpacks to gigabytes": png(60_000, 60_000),
    "a picture of one pixel": png(1, 1),
}


def test_a_new_chain_has_its_own_name_in_the_colour_of_its_trade(session, shop):
    found = queries.brand(session)
    assert (found.display_name, found.colour, found.has_logo) == (shop.tenant.name, "#1f5fd0", False)


def test_the_pages_colours_are_computed_when_the_brand_is_saved(session):
    for _ in range(2):
        service.set_brand(session, display_name="Lumi", colour="#0A7D5A", logo=PNG)
    found = queries.brand(session)
    assert (found.colour, found.css, found.has_logo) == ("#0a7d5a", css(theme("#0a7d5a")), True)
    service.set_brand(session, display_name="Lumi", colour="#0a7d5a")
    assert queries.logo(session).media_type == "image/png"
    service.set_brand(session, display_name="Lumi", colour="#0a7d5a", drop_logo=True)
    assert queries.brand(session).has_logo is False


def test_everything_wrong_with_a_brand_is_said_at_once(session):
    before = queries.brand(session)
    with pytest.raises(BadBrand) as error:
        service.set_brand(session, display_name=" ", colour="green", logo=SVG)
    assert set(error.value.fields) == {"display_name", "colour", "logo"}
    with pytest.raises(BadBrand) as error:
        service.set_brand(session, display_name="Lumi", colour="#0a7d5a", logo=PNG + b"\0" * MAX_LOGO)
    assert set(error.value.fields) == {"logo"}
    assert queries.brand(session) == before


@given(COLOURS, COLOURS)
def test_whatever_is_adjusted_can_be_read_and_what_can_be_read_is_not_adjusted(colour, accent):
    for mode in readings(colour, accent).values():
        for reading in mode:
            assert reading.ratio >= reading.needed
            assert reading.adjusted == (reading.asked != reading.used)
            if reading.what == "button":
                assert reading.adjusted <= (reading.asked_ratio < reading.needed)
    assert contrast(theme(colour, accent).light["on-brand"], colour) >= 4.5


@pytest.mark.parametrize("what", ATTACKS)
def test_an_upload_that_is_no_harmless_picture_is_refused(session, what):
    with pytest.raises(BadBrand) as error:
        service.set_brand(session, display_name="Lumi", colour="#0a7d5a", logo=ATTACKS[what])
    assert set(error.value.fields) == {"logo"}
    assert session.scalars(select(BrandLogo.id)).all() == []


def test_a_picture_that_is_refused_leaves_the_form_as_it_was_typed(desk, session):
    before = queries.brand(session)
    photo = png(900, 900, chunk(b"IDAT", b"\0" * 300_000))
    for content, sentence in ((SVG, "Choose a PNG, JPEG or WebP"), (photo, "at most 200 KB")):
        answer = desk.send("publish", logo=(io.BytesIO(content), "logo.png", "image/png"))
        assert answer.status_code == 422
        assert 'href="#f-logo"' in answer.text
        assert sentence in answer.text
        assert 'value="Lumi 明眸"' in answer.text
        assert 'value="#8a3b5e"' in answer.text
    assert queries.brand(session) == before


def test_a_logo_loses_what_cameras_write_and_is_taken_for_nothing_else(desk, client, session):
    told = png(LARGEST_LOGO, 20, chunk(b"tEXt", b"Author\x00Anna"))
    desk.publish(logo=(io.BytesIO(told), "../../etc/logo.svg", "image/svg+xml"))
    address = queries.brand(session).logo
    assert f'<img src="{address}"' in client.get("/").text
    answer = client.get(address)
    assert (answer.mimetype, b"Anna" in answer.data) == ("image/png", False)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in answer.headers["Cache-Control"]
    assert client.get("/logo").data == answer.data
    desk.publish(logo=(io.BytesIO(told), "again.png"))
    assert len(session.scalars(select(BrandLogo.id)).all()) == 1


def test_a_logo_of_the_release_before_is_still_there(client, session):
    session.execute(text("update brand set logo = :logo, logo_type = 'image/png'"), {"logo": PNG})
    assert '<img src="/logo" ' in client.get("/").text
    assert client.get("/logo").data == PNG


def test_everybody_gets_the_colours_and_asks_again_only_when_they_changed(client, session):
    service.set_brand(session, display_name="Lumi", colour="#0a7d5a")
    first = client.get("/theme.css")
    assert (first.status_code, first.mimetype) == (200, "text/css")
    assert "--brand:#0a7d5a" in first.text
    assert first.headers["Cache-Control"] == "public, max-age=60"
    again = client.get("/theme.css", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    service.set_brand(session, display_name="Lumi", colour="#0a7d5b")
    changed = client.get("/theme.css", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


def test_chains_do_not_share_their_look(client, other_client, session):
    service.set_brand(session, display_name="Lumi", colour="#0a7d5a", logo=PNG)
    assert "#0a7d5a" not in other_client.get("/theme.css").text
    assert other_client.get("/logo").status_code == 404
    assert other_client.get(queries.brand(session).logo).status_code == 404
    answer = client.get("/logo")
    assert (answer.data, answer.mimetype) == (PNG, "image/png")


@pytest.mark.parametrize(("role", "status"), [(None, 303), ("manager", 403), ("frontdesk", 403)])
def test_only_head_office_changes_the_look(client, sign_in_as, session, role, status):
    browser = sign_in_as(role) if role else client
    before = queries.brand(session)
    typed = {"display_name": "X", "colour": "#000000", "go": "publish", "texts.en": "x", "number": "1"}
    for address in ("/hq/brand", "/hq/brand/preview", "/hq/brand/freedom", "/hq/brand/discard", "/hq/legal/terms"):
        assert browser.post(address, data=typed).status_code == status
    assert queries.brand(session) == before


@pytest.mark.proves("T3")
def test_pages_mails_and_calendars_speak_only_the_languages_that_are_on_in_their_order(desk, client):
    desk.publish(**{"language.en": "", "language.vi": "1", "language.zh-CN": "2"})
    page = client.get("/?lang=en").text
    assert '<html lang="zh-CN">' in page
    assert page.index('href="/?lang=vi"') < page.index('href="/?lang=zh-CN"')
    assert 'href="/?lang=en"' not in page
    assert '<html lang="vi">' in client.get("/", headers={"Accept-Language": "en, vi;q=0.5"}).text
    assert '<html lang="en">' in desk.browser.get("/hq/brand?lang=en").text
    assert '<html lang="en">' in client.get("/sign-in?lang=en").text


def test_with_one_language_there_is_no_choice(desk, client):
    desk.publish(**{"language.en": "1", "language.vi": "", "language.zh-CN": ""})
    page = client.get("/?lang=vi").text
    assert '<html lang="en">' in page
    assert 'class="langs"' not in page


def test_without_any_language_nothing_is_published(desk, session):
    answer = desk.send("publish", **{"language.en": "", "language.vi": "", "language.zh-CN": ""})
    assert answer.status_code == 422
    assert 'href="#f-languages"' in answer.text


@pytest.mark.proves("T3")
def test_the_chains_own_sentences_stand_on_the_pages_and_mean_nothing_to_a_browser(desk, client):
    desk.publish(**{"welcome.en": "Hello <b>you</b>", "footer.vi": "Hẹn gặp lại", "footer.en": "Since 1998"})
    page = client.get("/?lang=en").text
    assert "Hello &lt;b&gt;you&lt;/b&gt;" in page
    assert "<p>Since 1998</p>" in page
    assert "Hẹn gặp lại" in client.get("/book/xintiandi?lang=vi").text
    too_long = desk.send("publish", **{"welcome.en": "x" * 161})
    assert too_long.status_code == 422
    assert 'href="#f-welcome-en"' in too_long.text
