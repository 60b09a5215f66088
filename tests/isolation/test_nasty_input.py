"""What no database stores and no calendar holds is refused or cleaned, at every door: never an error of ours."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import select

from blueprints.booking.models import Booking
from shopbell import ids
from tests.support.world import Shop

START = "2026-03-02T10:00:00+08:00"
HALF = "\ud83d"
"""Half an emoji, as a browser sends one that was cut in the middle."""
TEXTS = ["\x00", f"x{HALF}", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "9" * 5000, "urn:uuid:1", "\u202e"]
VALUES: list[Any] = [*TEXTS, None, True, -1, 2**70, 1e308, float("nan"), [], {HALF: 1}, {"\x00": 1}]


def wanted(shop: Shop) -> dict[str, Any]:
    return {
        "branch": str(shop.branch_id),
        "service": str(shop.eye_test),
        "start": START,
        "staff": str(shop.people[0]),
        "note": "x",
        "customer": {"name": "李明", "phone": "13812345678", "email": "li@example.com"},
    }


def spoiled(good: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The document with one value, or one name, made nasty."""
    for name in good:
        yield from ({**good, name: value} for value in VALUES)
    for name in good["customer"]:
        yield from ({**good, "customer": {**good["customer"], name: value}} for value in VALUES)
    yield from ({**good, name: "x"} for name in (HALF, "\x00"))


def send(client, address: str, document: Any, **options: Any) -> Any:
    return client.post(address, data=json.dumps(document), content_type="application/json", **options)


def test_no_document_makes_the_booking_api_stumble(api_client, shop):
    program = api_client()
    for number, document in enumerate(spoiled(wanted(shop))):
        status = send(program, "/api/v1/bookings", document).status_code
        assert status < 500, (number, status, document)


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 20_000, "1" * 5000, '"\\ud800"', "{}\x00"])
def test_json_that_cannot_be_read_is_refused(api_client, text):
    answer = api_client().post("/api/v1/bookings", data=text, content_type="application/json")
    assert answer.status_code in {400, 422}, answer.text


def test_half_an_emoji_does_not_keep_a_cancellation_from_being_done(api_client, sign_in_as, shop, session):
    made = [send(api_client(), "/api/v1/bookings", wanted(shop)).get_json()["id"]]
    made.append(
        send(api_client(), "/api/v1/bookings", {**wanted(shop), "start": "2026-03-02T11:00:00+08:00"}).json["id"]
    )
    assert (
        send(api_client(), f"/api/v1/bookings/{made[0]}/cancellation", {"reason": f"ill{HALF}\x00"}).status_code == 200
    )
    operation = {"op_id": str(ids.uuid7()), "type": "booking.cancel", "p": {"id": made[1], "reason": f"ill{HALF}\x00"}}
    answer = send(sign_in_as("hq"), sync(shop), {"device": "x", "ops": [operation]})
    assert [result["status"] for result in answer.get_json()["results"]] == ["applied"]
    session.expire_all()
    assert session.scalars(select(Booking.cancel_reason)).all() == ["ill", "ill"]


def test_an_operation_that_cannot_be_stored_is_refused_and_does_not_hold_up_the_next(sign_in_as, shop):
    nasty = {"op_id": str(ids.uuid7()), "type": "walkin.add", "p": {"id": str(ids.uuid7()), "name": "A", HALF: 1}}
    good = {"op_id": str(ids.uuid7()), "type": "walkin.add", "p": {"id": str(ids.uuid7()), "name": "A"}}
    browser = sign_in_as("frontdesk")
    answer = send(browser, sync(shop), {"device": "x", "ops": [nasty, good]})
    assert [result["status"] for result in answer.get_json()["results"]] == ["rejected", "applied"]
    unstorable = {"device": "\x00", "ops": [{**good, "op_id": str(ids.uuid7())}]}
    assert send(browser, sync(shop), unstorable).get_json()["results"][0]["status"] == "rejected"


def sync(shop: Shop) -> str:
    return f"/api/v1/branches/{shop.branch_id}/sync"


@pytest.mark.parametrize("start", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_times_beyond_every_calendar_are_refused_by_name(api_client, client, shop, start):
    answer = send(api_client(), "/api/v1/bookings", {**wanted(shop), "start": start})
    assert (answer.status_code, list(answer.get_json()["fields"])) == (422, ["start"])
    assert client.post("/book/xintiandi/test-eye-test", data={"start": start}).status_code == 422


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "10000-01-01", "-1", "\x00", "2027-02-29"])
def test_days_beyond_every_calendar_are_refused_by_name(api_client, shop, day):
    query = {"branch": shop.branch_id, "service": shop.eye_test, "from": day, "days": 31}
    answer = api_client().get("/api/v1/availability", query_string=query)
    assert (answer.status_code, list(answer.get_json()["fields"])) == (422, ["from"])


@pytest.mark.parametrize("address", ["/book/{}", "/book/{}/x", "/book/x/{}", "/m/{}", "/b/{}/", "/hq/branches/{}"])
@pytest.mark.parametrize("text", ["\x00", "a\x00b", "x" * 3000, "\u202e", "..", "%"])
def test_no_address_makes_us_stumble(client, address, text):
    assert client.get(address.format(quote(text, safe=""))).status_code < 500


@pytest.mark.parametrize("path", ["/healthz", "/", "/sign-in", "/hq/", "/nothing", "/api/v1/me"])
def test_a_query_that_is_not_utf_8_is_read_all_the_same(app, tenant, path):
    """Straight to the application: clients of the test kit would not send such bytes."""
    answered: list[str] = []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "a=\xff&lang=vi",
        "HTTP_HOST": tenant.host,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
    }
    b"".join(app(environ, lambda status, headers, error=None: answered.append(status)))
    assert answered[0][:1] in {"2", "3", "4"}, answered
