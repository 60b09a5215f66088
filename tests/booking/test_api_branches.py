"""Staff who work at some branches reach no appointment of the others over the API either."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from blueprints.booking.models import Booking

START = "2026-03-02T10:00:00+08:00"
LATER = "2026-03-02T11:00:00+08:00"


def body(shop: Any) -> dict[str, Any]:
    customer = {"name": "李明", "phone": "13812345678"}
    return {"branch": str(shop.branch_id), "service": str(shop.eye_test), "start": START, "customer": customer}


def query(shop: Any) -> dict[str, str]:
    return {"branch": str(shop.branch_id), "service": str(shop.eye_test), "from": "2026-03-02", "days": "1"}


@pytest.mark.parametrize("role", ["manager", "frontdesk"])
def test_another_branchs_appointments_do_not_exist_for_limited_staff(api_client, sign_in_as, shop, session, role):
    made = api_client().post("/api/v1/bookings", json=body(shop)).get_json()
    person, address = sign_in_as(role, [shop.second_branch_id]), f"/api/v1/bookings/{made['id']}"
    answers = [
        person.get(address),
        person.post(f"{address}/cancellation", json={"reason": "x"}),
        person.post(f"{address}/move", json={"start": LATER}),
        person.post("/api/v1/bookings", json={**body(shop), "start": LATER}),
        person.get("/api/v1/availability", query_string=query(shop)),
    ]
    assert [answer.status_code for answer in answers] == [404] * len(answers)
    session.expire_all()
    kept = session.scalars(select(Booking)).one()
    assert (str(kept.id), kept.status, kept.moves) == (made["id"], "booked", 0)


def test_limited_staff_work_at_their_own_branch(sign_in_as, shop):
    person = sign_in_as("frontdesk", [shop.branch_id])
    assert person.get("/api/v1/availability", query_string=query(shop)).status_code == 200
    made = person.post("/api/v1/bookings", json=body(shop))
    assert made.status_code == 201, made.text
    address = f"/api/v1/bookings/{made.get_json()['id']}"
    assert person.get(address).status_code == 200
    assert person.post(f"{address}/move", json={"start": LATER}).status_code == 200
    assert person.post(f"{address}/cancellation", json={}).status_code == 200
