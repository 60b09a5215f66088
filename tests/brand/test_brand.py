"""How a chain looks: what is accepted, computed, shown and refused."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from blueprints.brand import queries, service
from blueprints.brand.errors import BadBrand
from blueprints.brand.rules import MAX_LOGO, image_type
from shopbell.theme import css, theme
from tests.support.world import Shop

SignIn = Callable[..., FlaskClient]

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 40
WEBP = b"RIFF\0\0\0\0WEBPVP8 " + b"\0" * 40
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("content", "media_type"),
    [(PNG, "image/png"), (JPEG, "image/jpeg"), (WEBP, "image/webp"), (SVG, None), (b"GIF89a", None), (b"", None)],
)
def test_a_picture_is_known_by_its_first_bytes(content: bytes, media_type: str | None) -> None:
    assert image_type(content) == media_type


def test_a_new_chain_has_its_own_name_in_the_colour_of_its_trade(session: Session, shop: Shop) -> None:
    found = queries.brand(session)
    assert (found.display_name, found.colour, found.has_logo) == (shop.tenant.name, "#1f5fd0", False)


def test_the_pages_colours_are_computed_when_the_brand_is_saved(session: Session) -> None:
    for _ in range(2):
        service.set_brand(session, display_name="Lumi", colour="#0A7D5A", logo=PNG)
    found = queries.brand(session)
    assert (found.colour, found.css, found.has_logo) == ("#0a7d5a", css(theme("#0a7d5a")), True)
    service.set_brand(session, display_name="Lumi", colour="#0a7d5a")
    assert queries.logo(session).media_type == "image/png"
    service.set_brand(session, display_name="Lumi", colour="#0a7d5a", drop_logo=True)
    assert queries.brand(session).has_logo is False


def test_everything_wrong_with_a_brand_is_said_at_once(session: Session) -> None:
    before = queries.brand(session)
    with pytest.raises(BadBrand) as error:
        service.set_brand(session, display_name=" ", colour="green", logo=SVG)
    assert set(error.value.fields) == {"display_name", "colour", "logo"}
    with pytest.raises(BadBrand) as error:
        service.set_brand(session, display_name="Lumi", colour="#0a7d5a", logo=PNG + b"\0" * MAX_LOGO)
    assert set(error.value.fields) == {"logo"}
    assert queries.brand(session) == before


def test_everybody_gets_the_colours_and_asks_again_only_when_they_changed(
    client: FlaskClient, session: Session
) -> None:
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


def test_chains_do_not_share_their_look(client: FlaskClient, other_client: FlaskClient, session: Session) -> None:
    service.set_brand(session, display_name="Lumi", colour="#0a7d5a", logo=PNG)
    assert "#0a7d5a" not in other_client.get("/theme.css").text
    assert other_client.get("/logo").status_code == 404
    answer = client.get("/logo")
    assert (answer.data, answer.mimetype) == (PNG, "image/png")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(("role", "status"), [(None, 303), ("manager", 403), ("frontdesk", 403)])
def test_only_head_office_changes_the_look(
    client: FlaskClient, sign_in_as: SignIn, session: Session, role: str | None, status: int
) -> None:
    browser = sign_in_as(role) if role else client
    before = queries.brand(session)
    assert browser.post("/hq/brand", data={"display_name": "X", "colour": "#000000"}).status_code == status
    assert queries.brand(session) == before


def test_head_office_saves_name_colour_and_logo(sign_in_as: SignIn, session: Session) -> None:
    browser = sign_in_as("hq")
    typed = {"display_name": "Lumi 明眸", "colour": "#8a3b5e", "logo": (io.BytesIO(JPEG), "logo.png")}
    answer = browser.post("/hq/brand", data=typed)
    assert answer.location == "/hq/brand?saved=1"
    found = queries.brand(session)
    assert (found.display_name, found.colour, found.has_logo) == ("Lumi 明眸", "#8a3b5e", True)
    assert queries.logo(session).media_type == "image/jpeg"


def test_a_picture_that_is_a_page_is_refused_with_the_form_kept(sign_in_as: SignIn, session: Session) -> None:
    before = queries.brand(session)
    typed = {"display_name": "Lumi 明眸", "colour": "#8a3b5e", "logo": (io.BytesIO(SVG), "logo.png")}
    answer = sign_in_as("hq").post("/hq/brand", data=typed)
    assert answer.status_code == 422
    assert 'href="#f-logo"' in answer.text
    assert 'value="Lumi 明眸"' in answer.text
    assert 'value="#8a3b5e"' in answer.text
    assert queries.brand(session) == before


def test_a_photo_that_is_too_large_is_refused_with_the_form_kept(sign_in_as: SignIn, session: Session) -> None:
    before = queries.brand(session)
    photo = io.BytesIO(JPEG + b"\0" * 300_000)
    typed = {"display_name": "Lumi 明眸", "colour": "#8a3b5e", "logo": (photo, "photo.jpg")}
    answer = sign_in_as("hq").post("/hq/brand", data=typed)
    assert answer.status_code == 422
    assert "at most 200 KB" in answer.text
    assert 'value="Lumi 明眸"' in answer.text
    assert queries.brand(session) == before


def test_the_preview_shows_a_colour_without_saving_it(sign_in_as: SignIn, session: Session) -> None:
    browser = sign_in_as("hq")
    before = queries.brand(session)
    for address in ("/hq/brand/preview", "/hq/brand"):
        page = browser.get(address, query_string={"colour": "#ffee00", "display_name": "Sunny"}).text
        assert "/hq/brand/preview.css?colour=ffee00" in page
        assert "Sunny" in page
        assert "easy to see" in page
        assert "too faint" not in page
    style = browser.get("/hq/brand/preview.css?colour=ffee00").text
    assert ".preview[data-mode=light]{" in style
    assert "--brand:#ffee00" in style
    assert queries.brand(session) == before


@pytest.mark.parametrize("colour", ["", "yellow", "#12345", "#12345g", "#fff;}body{display:none", "</style>"])
def test_what_is_no_colour_is_not_previewed(sign_in_as: SignIn, colour: str) -> None:
    browser = sign_in_as("hq")
    page = browser.get("/hq/brand/preview", query_string={"colour": colour})
    assert page.status_code == 200
    assert "preview.css" not in page.text
    style = browser.get("/hq/brand/preview.css", query_string={"colour": colour.lstrip("#")}).text
    assert "{" not in style
