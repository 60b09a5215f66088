"""The booking pages in a frame of another web site: who may frame them, in which language, and without cookies."""

import re

import pytest
from sqlalchemy import select

from blueprints.booking.models import Booking
from blueprints.brand import api as brand
from blueprints.brand.rules import origin_of
from tests.storefront.conftest import CUSTOMER, local, starts, visit_of, words

SITE = "https://www.shop.example"
FRAMED = "/embed/vi/book/xintiandi/test-eye-test"


@pytest.fixture
def allowed(session):
    brand.set_embed_origins(session, [SITE])
    session.flush()


def ancestors(answer):
    (found,) = re.findall(r"frame-ancestors ([^;]+)", answer.headers["Content-Security-Policy"])
    return found


@pytest.mark.proves("B1")
def test_only_sites_that_head_office_named_may_frame_the_pages(client, session):
    assert ancestors(client.get(FRAMED)) == "'none'"
    brand.set_embed_origins(session, [f"{SITE}/some/page", "http://localhost:8080"])
    session.flush()
    assert ancestors(client.get(FRAMED)) == f"{SITE} http://localhost:8080"
    assert ancestors(client.get("/book/xintiandi/test-eye-test")) == "'none'"
    assert ancestors(client.get("/sign-in")) == "'none'"


@pytest.mark.proves("B1")
def test_a_booking_in_a_frame_needs_no_cookie_and_says_where_it_came_from(client_of, tenant, session, allowed):
    pages = client_of(tenant)
    pages._cookies.clear()
    choice = pages.get(f"{FRAMED}?day=2026-03-03")
    assert 'lang="vi"' in choice.text
    held = pages.post(FRAMED, data={"start": starts(choice.text)[0], "visit": visit_of(choice.text)})
    assert held.status_code == 303
    assert held.headers.getlist("Set-Cookie") == []
    address = local(held.location)
    assert address.startswith(f"{FRAMED}/details?hold=")
    details = pages.get(address)
    assert ancestors(details) == SITE
    (action,) = re.findall(r'method="post" action="([^"]+)"', details.text)
    made = pages.post(action, data=CUSTOMER)
    assert made.status_code == 303
    assert local(made.location).startswith("/embed/vi/done/")
    assert made.headers.getlist("Set-Cookie") == []
    done = pages.get(local(made.location))
    assert ancestors(done) == SITE
    assert session.scalars(select(Booking.source)).all() == ["widget"]


def test_every_link_of_a_framed_page_stays_in_the_frame(client, allowed):
    for address in ("/embed/vi/", "/embed/vi/book/xintiandi", FRAMED, "/embed/vi/book/xintiandi/team"):
        page = client.get(address).text
        links = re.findall(r'<a [^>]*href="(/[^"]*)"|action="(/[^"]*)"', page)
        for found in filter(None, (first or second for first, second in links)):
            assert found.startswith("/embed/"), (address, found)


def test_the_language_stands_in_the_address_and_can_be_changed_there(client, allowed):
    page = client.get("/embed/zh-CN/book/xintiandi?staff=")
    assert '<html lang="zh-CN"' in page.text
    assert 'href="/embed/en/book/xintiandi?staff="' in page.text
    assert '<html lang="en"' in client.get("/embed/book/xintiandi", headers={"Accept-Language": "en"}).text
    assert client.get("/embed/book/xintiandi?lang=vi").headers.getlist("Set-Cookie") == []


def test_a_framed_page_has_no_band_and_one_script_that_says_its_height(client, allowed):
    framed, plain = client.get(FRAMED).text, client.get("/book/xintiandi/test-eye-test").text
    assert 'class="band"' not in framed
    assert len(re.findall("<script", framed)) == 1
    assert re.search(r'<script src="/static/build/embed-[A-Z0-9]+\.js" defer></script>', framed)
    assert "<script" not in plain


@pytest.mark.parametrize(
    "path", ["/hq/", "/hq/widget", "/sign-in", "/b/xintiandi/", "/oauth/token", "/api/v1/me", "/healthz"]
)
def test_nothing_but_the_booking_pages_can_be_framed(sign_in_as, allowed, path):
    assert sign_in_as("hq").get(f"/embed{path}").status_code == 404


def test_staff_pages_of_the_same_feature_cannot_be_framed(sign_in_as, allowed):
    browser = sign_in_as("hq")
    assert browser.get("/hq/widget").status_code == 200
    assert browser.get("/embed/hq/widget").status_code == 404
    assert browser.get("/embed/vi/hq/widget").status_code == 404


def test_an_error_in_a_frame_is_shown_in_the_frame(client, allowed):
    lost = client.get("/embed/vi/book/nowhere")
    assert lost.status_code == 404
    assert ancestors(lost) == SITE


@pytest.mark.proves("B1")
def test_the_script_is_small_the_same_for_all_and_kept_by_browsers(client):
    script = client.get("/widget.js", buffered=True)
    assert script.status_code == 200
    assert script.mimetype == "text/javascript"
    assert len(script.data) < 1024
    assert script.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "max-age=3600" in script.headers["Cache-Control"]
    assert script.headers.getlist("Set-Cookie") == []
    again = client.get("/widget.js", headers={"If-None-Match": script.headers["ETag"]}, buffered=True)
    assert again.status_code == 304
    assert ".style" not in script.text
    assert "cookie" not in script.text


@pytest.mark.proves("B1")
def test_head_office_copies_the_line_and_names_the_sites(sign_in_as, session, tenant):
    browser = sign_in_as("hq")
    page = browser.get("/hq/widget?branch=xintiandi&lang_of=vi&lang=en").text
    assert '/widget.js" data-branch="xintiandi" data-lang="vi" async' in page.replace("&#34;", '"')
    assert "script-src http://lumi-test.localhost" in page
    saved = browser.post("/hq/widget", data={"origins": f"{SITE}/\r\n\r\nhttps://*.shop.example"})
    assert saved.status_code == 303
    assert brand.brand(session).embed_origins == (SITE, "https://*.shop.example")
    wrong = browser.post("/hq/widget?lang=en", data={"origins": "http://shop.example"})
    assert wrong.status_code == 422
    assert "Write each site like https://www.example.com." in words(wrong.text)
    assert "http://shop.example" in wrong.text
    assert brand.brand(session).embed_origins == (SITE, "https://*.shop.example")


def test_only_head_office_decides_on_sites(client, sign_in_as, shop, session):
    assert client.post("/hq/widget", data={"origins": SITE}).status_code in {302, 303, 401}
    manager = sign_in_as("manager", [shop.branch_id])
    assert manager.get("/hq/widget").status_code == 403
    assert manager.post("/hq/widget", data={"origins": SITE}).status_code == 403
    assert brand.brand(session).embed_origins == ()


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://www.shop.example", "https://www.shop.example"),
        (" HTTPS://Shop.Example/Booking?x=1 ", "https://shop.example"),
        ("https://shop.example:8443/", "https://shop.example:8443"),
        ("https://*.shop.example", "https://*.shop.example"),
        ("http://localhost:3000/x", "http://localhost:3000"),
        ("http://www.shop.localhost", "http://www.shop.localhost"),
        ("http://shop.example", None),
        ("https://*.example", None),
        ("https://*", None),
        ("*", None),
        ("shop.example", None),
        ("https://shop.example; script-src *", None),
        ("https://shop.example 'unsafe-inline'", None),
        ("https://", None),
        ("javascript:alert(1)", None),
    ],
)
def test_what_a_site_is(text, origin):
    assert origin_of(text) == origin
