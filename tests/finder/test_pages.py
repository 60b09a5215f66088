"""The page that finds a time, without JavaScript, and head office's list of places."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sqlalchemy import select

from blueprints.booking.models import Booking
from blueprints.finder.models import Place
from shopbell import ids

pytestmark = pytest.mark.proves("B13")
JINGAN_TEMPLE = {"name.en": "Jing'an Temple", "name.zh-CN": "静安寺", "latitude": "31.2240", "longitude": "121.4450"}


def place(session, **more) -> Place:
    row = Place(id=ids.uuid7(), name={"en": "Jing'an Temple"}, latitude=31.2240, longitude=121.4450, **more)
    session.add(row)
    session.flush()
    return row


def test_the_form_names_services_and_places(client, session, shop):
    place(session)
    page = client.get("/find")
    assert page.status_code == 200
    assert str(shop.fitting) in page.text
    assert "Jing&#39;an Temple" in page.text
    assert "<script" not in page.text


def first_time(page: str) -> tuple[str, str]:
    """Where the form of the first time on the page goes, and the start it sends."""
    forms = re.findall(r'<form method="post" action="([^"]+)"', page)
    return unescape(forms[0]), re.findall(r'name="start" value="([^"]+)"', page)[0]


def test_a_found_time_leads_straight_to_its_details(client, session, shop):
    page = client.get("/find", query_string={"service": shop.fitting, "place": "Jingan"})
    assert page.text.index("<h3>Jingan") < page.text.index("<h3>Xintiandi")
    action, start = first_time(page.text)
    kept = client.post(action, data={"start": start, "visit": "one"})
    assert kept.status_code == 303
    assert "/details?hold=" in kept.headers["Location"]
    assert session.scalars(select(Booking.status)).all() == ["held"]
    assert client.get(kept.headers["Location"]).status_code == 200


def test_guests_who_come_together_are_led_to_a_visit(client, shop):
    page = client.get("/find", query_string={"service": shop.fitting, "guests": "2"})
    action, start = first_time(page.text)
    assert client.post(action, data={"start": start}).status_code == 303


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"place": "Atlantis"}, "a branch, a district or a street that we know"),
        ({"near": "x"}, "latitude and longitude"),
        ({"day": "tomorrow"}, "a date, like"),
        ({"day": "2030-01-01"}, "a day within the next"),
        ({"guests": "99"}, "1 to 6 guests"),
        ({"service": "x"}, "Choose from the list"),
        ({"service": "00000000-0000-0000-0000-000000000000"}, "Choose from the list"),
        ({"o": "x"}, "Choose from the list"),
    ],
)
def test_what_cannot_be_answered_is_said_and_nothing_typed_is_lost(client, shop, query, sentence):
    page = client.get("/find", query_string={"service": shop.fitting, "place": "", **query})
    assert page.status_code in {404, 422}
    assert sentence in page.text
    for name, value in query.items():
        if name in {"place", "day", "near"}:
            assert f'value="{value}"' in page.text


def test_when_nothing_is_free_it_says_so(client, shop):
    query = {"service": shop.eye_test, "guests": "3"}
    assert "No branch has a free time" in client.get("/find", query_string=query).text


def test_head_office_adds_changes_and_removes_places(sign_in_as, session):
    hq = sign_in_as("hq")
    assert hq.post("/hq/places/new", data=JINGAN_TEMPLE).status_code == 303
    row = session.scalars(select(Place)).one()
    assert (row.name, row.latitude) == ({"en": "Jing'an Temple", "zh-CN": "静安寺"}, 31.2240)
    shown = hq.get(f"/hq/places/{row.id}")
    assert 'value="31.224"' in shown.text
    assert hq.post(f"/hq/places/{row.id}", data=JINGAN_TEMPLE | {"latitude": "30"}).status_code == 303
    session.refresh(row)
    assert row.latitude == 30
    assert "Temple" in hq.get("/hq/places").text
    assert hq.post(f"/hq/places/{row.id}/removal").status_code == 303
    assert not session.scalars(select(Place)).all()
    assert hq.get(f"/hq/places/{row.id}").status_code == 404


@pytest.mark.parametrize(
    ("field", "value"), [("latitude", "91"), ("longitude", "east"), ("latitude", ""), ("latitude", "nan")]
)
def test_a_place_that_is_nowhere_is_refused(sign_in_as, session, field, value):
    hq = sign_in_as("hq")
    page = hq.post("/hq/places/new", data=JINGAN_TEMPLE | {field: value})
    assert page.status_code == 422
    assert 'aria-invalid="true"' in page.text
    assert not session.scalars(select(Place)).all()
    nameless = hq.post("/hq/places/new", data=JINGAN_TEMPLE | {"name.en": "", "name.zh-CN": ""})
    assert nameless.status_code == 422


def test_places_are_head_offices(sign_in_as, client, other_client, session, shop):
    row = place(session)
    assert client.get("/hq/places").status_code in {302, 303, 401}
    manager = sign_in_as("manager", [shop.branch_id])
    assert manager.post(f"/hq/places/{row.id}/removal").status_code == 403
    assert session.scalars(select(Place)).all() == [row]
    assert "Temple" not in other_client.get("/find").text
