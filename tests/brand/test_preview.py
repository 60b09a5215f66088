"""A draft is seen by head office alone, on the real pages, until it is published, discarded or brought back."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import delete, select

from blueprints.booking.models import Booking
from blueprints.brand import queries, service
from blueprints.brand.models import BrandVersion
from blueprints.brand.shown import PREVIEW_LIFE, PUBLISHED, preview_root
from shopbell import clock
from shopbell.tenancy import entered
from tests.brand.conftest import TYPED, png, root_in


def see(desk, address):
    return desk.browser.get(urlsplit(address).path)


@pytest.mark.proves("T3")
def test_the_real_pages_are_shown_in_the_draft_and_customers_see_nothing_of_it(desk, client, session):
    before = queries.brand(session)
    root = desk.draft(logo=(io.BytesIO(png()), "logo.png"), **{"welcome.en": "Come in"})
    assert queries.brand(session) == before
    for path in ("/", "/book/xintiandi", "/book/xintiandi/test-eye-test", "/find"):
        page = desk.browser.get(f"{root}/en{path}")
        assert page.status_code == 200
        assert "<b>Lumi 明眸</b>" in page.text
        assert f'<link rel="stylesheet" href="{root}/theme.css">' in page.text
        assert '<html lang="en" data-theme="light">' in page.text
        customers = client.get(path)
        assert "明眸" not in customers.text
        assert "data-theme" not in customers.text
    assert "Come in" in desk.browser.get(f"{root}/en/").text
    assert "--brand:#8a3b5e" in desk.browser.get(f"{root}/theme.css").text
    assert "#8a3b5e" not in client.get("/theme.css").text


def test_the_preview_is_kept_by_nobody_framed_by_ourselves_and_leaves_no_cookie(desk):
    root = desk.draft()
    for path in ("/en/?lang=vi", "/theme.css", "/en/nowhere"):
        answer = desk.browser.get(root + path)
        assert answer.headers["Cache-Control"] == "no-store"
        assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers.getlist("Set-Cookie") == []
        assert answer.headers["X-Robots-Tag"] == "noindex"


def test_every_link_of_a_preview_stays_in_it(desk):
    root = desk.draft("desktop.dark")
    assert root.startswith("/preview/dark/")
    for path in ("/", "/book/xintiandi", "/book/xintiandi/test-eye-test"):
        page = desk.browser.get(f"{root}/vi{path}").text
        assert 'data-theme="dark"' in page
        links = [one for one in re.findall(r'<a [^>]*href="(/[^"]*)"|action="(/[^"]*)"', page) if any(one)]
        assert links
        for first, second in links:
            assert (first or second).startswith(root), (path, first or second)


def test_nothing_can_be_booked_or_opened_by_staff_in_a_preview(desk, session):
    root = desk.draft()
    answer = desk.browser.post(f"{root}/en/book/xintiandi/test-eye-test", data={"start": "2026-03-02T01:00:00Z"})
    assert answer.status_code == 403
    assert "This is a preview" in answer.text
    assert session.scalars(select(Booking.id)).all() == []
    for path in ("/hq/", "/hq/brand", "/sign-in", "/b/xintiandi/", "/api/v1/me", "/healthz"):
        assert desk.browser.get(f"{root}{path}").status_code == 404


def test_a_preview_of_another_chain_an_old_one_and_an_altered_one_open_nothing(desk, client, shop, other_shop, session):
    draft_id = queries.desk(session).draft
    assert draft_id is None
    root = desk.draft()
    with entered(other_shop.tenant):
        foreign = preview_root(PUBLISHED, "light")
    token = root.rpartition("/")[2]
    altered = root[: -len(token)] + ("A" if token[0] != "A" else "B") + token[1:]
    for address in (foreign, altered, "/preview/light/x", "/preview/light/" + "é" * 43):
        answer = client.get(f"{address}/")
        assert answer.status_code == 404
        assert "Lumi 明眸" not in answer.text
    with clock.frozen(clock.now() + PREVIEW_LIFE + timedelta(seconds=1)):
        assert client.get(f"{root}/").status_code == 404
    assert client.get(f"{root}/").status_code == 200


def test_half_an_address_is_no_preview(client):
    for path in ("/preview", "/preview/", "/preview/light", "/preview/noon/x/", "/preview/light//"):
        assert client.get(path).status_code == 404


def test_a_discarded_draft_is_gone_with_its_preview(desk, session):
    root = desk.draft()
    draft = queries.desk(session).draft
    assert draft is not None
    assert desk.browser.post("/hq/brand/discard", data={"draft": draft.id}).status_code == 303
    assert desk.browser.get(f"{root}/").status_code == 404
    assert desk.browser.post("/hq/brand/discard", data={"draft": draft.id}).status_code == 409
    assert desk.browser.post("/hq/brand/discard", data={"draft": "x"}).status_code == 409


@pytest.mark.proves("T3")
def test_what_is_published_is_seen_by_all_and_earlier_versions_can_be_brought_back(desk, client, session):
    first = queries.brand(session).display_name
    desk.publish()
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        desk.publish(display_name="Third")
    assert "<b>Third</b>" in client.get("/").text
    page = desk.browser.get("/hq/brand/versions").text
    found = {one.look.display_name: one.id for one in queries.versions(session, 0, 9)[0]}
    assert set(re.findall(r"/hq/brand/versions/([\w-]+)/draft", page)) == {str(id_) for id_ in found.values()}
    seen = desk.browser.get(f"/hq/brand/versions/{found['Lumi 明眸']}")
    assert "<b>Lumi 明眸</b>" in see(desk, seen.location).text
    desk.browser.post(f"/hq/brand/versions/{found[first]}/draft")
    assert queries.desk(session).look.display_name == first
    assert "<b>Third</b>" in client.get("/").text
    assert desk.browser.get("/hq/brand/versions/00000000-0000-0000-0000-000000000001").status_code == 404
    assert desk.browser.post("/hq/brand/versions/00000000-0000-0000-0000-000000000001/draft").status_code == 404


def test_publishing_the_same_again_makes_no_version(desk, session):
    for _ in range(2):
        desk.publish()
    assert len(session.scalars(select(BrandVersion.id)).all()) == 2


def test_two_people_do_not_overwrite_each_other_unseen(desk, session):
    desk.draft()
    typed = {**TYPED, "display_name": "Mine", "seen": "0" * 16, "go": "publish"}
    answer = desk.browser.post("/hq/brand", data=typed)
    assert answer.status_code == 409
    assert "Somebody else has changed the draft" in answer.text
    assert 'value="Mine"' in answer.text
    seen = re.search(r'id="seen" value="([0-9a-f]+)"', answer.text)
    assert seen
    assert desk.browser.post("/hq/brand", data={**typed, "seen": seen[1]}).status_code == 303
    assert queries.brand(session).display_name == "Mine"


def test_the_preview_follows_the_form_while_it_is_typed(desk, session):
    seen = queries.desk(session).look.seal
    answer = desk.browser.post("/hq/brand/preview", data={**TYPED, "seen": seen, "view": "desktop.dark"})
    assert answer.status_code == 200
    root = root_in(answer.text)
    assert root.startswith("/preview/dark/")
    assert "<b>Lumi 明眸</b>" in desk.browser.get(f"{root}/en/").text
    after = queries.desk(session).look.seal
    assert f'id="seen" value="{after}" hx-swap-oob="true"' in answer.text
    wrong = desk.browser.post("/hq/brand/preview", data={**TYPED, "colour": "#12", "seen": after, "view": ""})
    assert wrong.status_code == 422
    assert "Write the colour like" in wrong.text
    assert queries.desk(session).look.colour == "#8a3b5e"


def test_a_colour_that_could_not_be_read_is_adjusted_and_said_so(desk):
    desk.draft(colour="#ffee00")
    page = desk.browser.get("/hq/brand").text
    assert "#ffee00 would be too faint there" in page


def test_what_is_no_colour_is_refused_and_drawn_nowhere(desk):
    for colour in ("yellow", "#12345g", "#fff;}body{display:none", "</style>"):
        answer = desk.send("phone.light", colour=colour, accent=colour)
        assert answer.status_code == 422
        assert {"f-colour", "f-accent"} <= set(re.findall(r'href="#([\w-]+)"', answer.text))
        assert f'fill="{colour}"' not in answer.text


def test_a_chain_without_a_look_of_its_own_is_kept_as_its_first_version(desk, session):
    service.set_brand(session, display_name="Before", colour="#0a7d5a")
    session.execute(delete(BrandVersion))
    desk.publish()
    _found, total = queries.versions(session, 0, 0)
    names = [one.look.display_name for one in queries.versions(session, 0, 9)[0]]
    assert (total, names) == (2, ["Lumi 明眸", "Before"])
