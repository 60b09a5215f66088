"""The booking API over HTTP."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from marshmallow import Schema
from sqlalchemy import func, select

from blueprints.booking import service
from blueprints.booking.models import Booking
from blueprints.booking.queries.history import visit
from blueprints.booking.schemas import BookingOut
from blueprints.booking.values import BookingRequest, CustomerInput, Guest, Item

START = "2026-03-02T10:00:00+08:00"


def body(shop: Any, **changes: Any) -> dict[str, Any]:
    return {
        "branch": str(shop.branch_id),
        "service": str(shop.eye_test),
        "start": START,
        "customer": {"name": "李明", "phone": "13812345678", "email": "li@example.com"},
        **changes,
    }


def count(session) -> int:
    return session.scalar(select(func.count()).select_from(Booking))


@pytest.mark.proves("B1")
def test_a_program_books_reads_moves_and_cancels(api_client, shop):
    program = api_client()
    made = program.post("/api/v1/bookings", json=body(shop))
    assert made.status_code == 201, made.text
    booking = made.get_json()
    assert (booking["status"], booking["start"]) == ("booked", "2026-03-02T02:00:00+00:00")
    address = f"/api/v1/bookings/{booking['id']}"
    assert program.get(address).get_json() == booking
    moved = program.post(f"{address}/move", json={"start": "2026-03-02T11:00:00+08:00"})
    assert (moved.status_code, moved.get_json()["moves"]) == (200, 1)
    cancelled = program.post(f"{address}/cancellation", json={"reason": "ill"})
    assert (cancelled.status_code, cancelled.get_json()["status"]) == (200, "cancelled")


def test_an_appointment_is_answered_as_it_is_described(session, shop):
    customer = CustomerInput("李明", "13812345678")
    when = datetime.fromisoformat(START)
    guests = (Guest((Item(shop.eye_test),)), Guest((Item(shop.fitting),), "王芳"))
    asked = BookingRequest(shop.branch_id, None, when, customer, guests=guests, note="Ring twice")
    made = visit(session, service.reserve(session, asked).id)
    assert BookingOut(many=True).dump(made) == Schema.dump(BookingOut(many=True), made)


def test_free_times_name_who_could_take_them(api_client, shop):
    query = f"/api/v1/availability?branch={shop.branch_id}&service={shop.eye_test}&from=2026-03-02&days=2"
    answer = api_client().get(query).get_json()
    assert [day["date"] for day in answer["days"]] == ["2026-03-02", "2026-03-03"]
    first = answer["days"][0]["slots"][0]
    assert first["start"] == "2026-03-02T09:00:00+08:00"
    assert set(first["staff"]) == {str(person) for person in shop.people}
    assert {person["id"] for person in answer["staff"]} == set(first["staff"])


def test_a_lost_race_is_a_conflict_with_alternatives(api_client, shop):
    program = api_client()
    for _ in range(2):
        assert program.post("/api/v1/bookings", json=body(shop)).status_code == 201
    lost = program.post("/api/v1/bookings", json=body(shop))
    assert lost.status_code == 409
    assert lost.mimetype == "application/problem+json"
    assert lost.get_json()["code"] == "slot_taken"
    assert len(lost.get_json()["alternatives"]) == 5


def test_an_idempotency_key_repeats_the_first_answer(api_client, shop, session):
    program = api_client()
    headers = {"Idempotency-Key": str(uuid4())}
    first = program.post("/api/v1/bookings", json=body(shop), headers=headers)
    again = program.post("/api/v1/bookings", json=body(shop), headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.get_json() == again.get_json()
    assert again.headers["Idempotent-Replay"] == "true"
    assert count(session) == 1
    other = program.post("/api/v1/bookings", json=body(shop, note="x"), headers=headers)
    assert (other.status_code, other.get_json()["code"]) == (422, "idempotency_key_reused")


BAD: dict[str, Any] = {
    "unknown service": ({"service": str(uuid4())}, 404, "unknown_service", None),
    "unknown branch": ({"branch": str(uuid4())}, 404, "unknown_branch", None),
    "unknown person": ({"staff": str(uuid4())}, 404, "unknown_person", None),
    "a time in the past": ({"start": "2026-03-01T10:00:00+08:00"}, 422, "in_the_past", "start"),
    "a time outside hours": ({"start": "2026-03-02T20:00:00+08:00"}, 422, "outside_hours", "start"),
    "29 February 2027": ({"start": "2027-02-29T10:00:00+08:00"}, 422, "invalid", "start"),
    "a time without offset": ({"start": "2026-03-02T10:00:00"}, 422, "invalid", "start"),
    "a phone of 40 digits": ({"customer": {"name": "A", "phone": "1" * 40}}, 422, "invalid", "customer.phone"),
    "no name": ({"customer": {"name": " \u202e ", "phone": "13812345678"}}, 422, "invalid", "customer.name"),
    "no customer": ({"customer": None}, 422, "invalid", "customer"),
    "an unknown field": ({"colour": "red"}, 422, "invalid", "colour"),
    "a branch that is no id": ({"branch": "shanghai"}, 422, "invalid", "branch"),
}


@pytest.mark.parametrize("case", BAD, ids=BAD.keys())
def test_bad_input_is_a_problem_document_that_names_the_field_and_writes_nothing(api_client, shop, session, case):
    changes, status, code, field = BAD[case]
    answer = api_client().post("/api/v1/bookings", json=body(shop, **changes))
    assert (answer.status_code, answer.get_json()["code"]) == (status, code), answer.text
    assert answer.mimetype == "application/problem+json"
    if field:
        assert field in answer.get_json()["fields"]
    assert count(session) == 0


@pytest.mark.parametrize(
    ("data", "content_type", "status"),
    [
        (b"{not json", "application/json", 400),
        (b"a=b", "application/x-www-form-urlencoded", 415),
        (b"[1]", "application/json", 422),
        (json.dumps({"note": "x" * 1_000_000}).encode(), "application/json", 413),
        (b"\xff\xfe", "application/json", 400),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(api_client, session, data, content_type, status):
    answer = api_client().post("/api/v1/bookings", data=data, content_type=content_type)
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["code"]
    assert count(session) == 0


def test_emoji_and_right_to_left_names_are_welcome(api_client, shop):
    for name in ("😀 Ngọc", "محمد علي"):
        made = api_client("booking").post(
            "/api/v1/bookings", json=body(shop, customer={"name": name, "phone": "13812345678"})
        )
        assert made.status_code == 201, made.text


def test_a_local_time_that_the_clocks_skip_is_never_offered(api_client, shop, session):
    from blueprints.catalog.models import Branch, OpeningHours

    session.get(Branch, shop.branch_id).time_zone = "America/New_York"
    for hours in session.scalars(select(OpeningHours).where(OpeningHours.branch_id == shop.branch_id)):
        hours.opens, hours.closes = 0, 1440
    from blueprints.staff.models import RosterShift

    for shift in session.scalars(select(RosterShift)):
        shift.starts, shift.ends = 0, 1440
    session.flush()
    query = f"/api/v1/availability?branch={shop.branch_id}&service={shop.eye_test}&from=2026-03-08&days=1"
    answer = api_client().get(query)
    starts = [slot["start"] for slot in answer.get_json()["days"][0]["slots"]]
    assert "2026-03-08T01:45:00-05:00" in starts
    assert "2026-03-08T03:00:00-04:00" in starts
    assert not [start for start in starts if "T02:" in start]


def test_nobody_signed_in_is_told_how_to_authenticate(client, shop, session):
    answer = client.post("/api/v1/bookings", json=body(shop))
    assert (answer.status_code, answer.get_json()["code"]) == (401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert count(session) == 0


def test_the_document_describes_the_api(client):
    document = client.get("/api/v1/openapi.json").get_json()
    for path in ("/branches", "/services", "/availability", "/bookings", "/bookings/{booking_id}/move"):
        assert f"/api/v1{path}" in document["paths"]


def test_an_unknown_host_names_no_tenant(client):
    answer = client.get("/", headers={"Host": "nobody.example"})
    assert answer.status_code == 404
    assert "lumi" not in answer.text.lower()


def test_the_rendered_page_lists_every_operation(client):
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    for operation in ("POST /api/v1/bookings", "GET /api/v1/availability"):
        assert operation in page.text
    assert "customer.phone" in page.text
    assert "<script" not in page.text
