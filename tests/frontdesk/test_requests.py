"""What customers asked for, on whatever day: the desk's list, oldest first, and its count."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from blueprints.booking.api import BookingRequest, CustomerInput, Guest, Item
from blueprints.booking.models import Booking
from blueprints.booking.service import reserve
from blueprints.catalog.models import Service
from tests.frontdesk.conftest import Device, op

NEXT_WEEK = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)


@pytest.fixture
def asked(session, shop):
    """Somebody asks for a time, some days ahead; `before` is how long ago that was."""
    session.execute(update(Service).where(Service.id == shop.fitting).values(needs_approval=True))
    session.flush()

    def ask(name: str, day: int, before: int = 0, guests: tuple[Guest, ...] = ()) -> str:
        wanted = BookingRequest(
            shop.branch_id,
            None if guests else shop.fitting,
            NEXT_WEEK + timedelta(days=day),
            CustomerInput(name, "13812345678"),
            guests=guests,
            note="Please call first",
        )
        made = reserve(session, wanted)
        assert made.status == "requested"
        rows = update(Booking).where((Booking.id == made.id) | (Booking.visit_id == made.id))
        session.execute(rows.values(created_at=Booking.created_at - timedelta(minutes=before)))
        session.flush()
        return str(made.id)

    return ask


def listed(device, page: int = 1):
    answer = device.browser.get(f"{device.api}/requests?page={page}")
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def test_requests_of_all_days_are_listed_the_longest_unanswered_first(device, asked):
    late = asked("Mai", 0, before=5)
    early = asked("Lan", 3, before=90)
    found = listed(device)
    assert [item["id"] for item in found["items"]] == [early, late]
    assert (found["total"], found["pages"]) == (2, 1)
    first = found["items"][0]
    assert (first["day"], first["start"], first["customer"]) == ("2026-03-12", 600, "Lan")
    assert first["note"] == "Please call first"
    assert first["service"]
    assert first["person"]
    assert found["items"][1]["asked"] - first["asked"] == 85 * 60_000
    assert first["answer_by"] < (NEXT_WEEK + timedelta(days=3)).timestamp() * 1000


def test_a_visit_is_one_request_and_answering_it_answers_all(device, shop, asked):
    guests = (Guest((Item(shop.fitting),)), Guest((Item(shop.fitting),), "Bảo"))
    visit = asked("Mai", 0, guests=guests)
    assert [(item["id"], item["appointments"]) for item in listed(device)["items"]] == [(visit, 2)]
    answer = device.sync(op("booking.approve", {"id": visit}))
    assert (answer["results"][0]["status"], answer["requests"]) == ("applied", 0)
    assert listed(device)["items"] == []


def test_every_exchange_says_how_many_wait(device, asked):
    assert device.sync()["requests"] == 0
    first = asked("Mai", 0)
    asked("Lan", 1)
    assert device.sync()["requests"] == 2
    assert device.sync(op("booking.cancel", {"id": first, "reason": "declined"}))["requests"] == 1


def test_the_list_comes_in_pages(device, asked):
    made = [asked(f"Customer {number}", number, before=100 - number) for number in range(22)]
    first, second = listed(device), listed(device, 2)
    assert [item["id"] for item in first["items"] + second["items"]] == made
    assert (first["pages"], second["page"], len(second["items"])) == (2, 2, 2)
    assert listed(device, 9)["page"] == 2
    assert device.browser.get(f"{device.api}/requests?page=x").status_code == 422


def test_only_the_branchs_own_staff_sees_its_requests(client, device, stranger, shop, asked):
    asked("Mai", 0)
    assert client.get(f"{device.api}/requests").status_code == 401
    answer = stranger.get(f"{device.api}/requests")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "unknown_branch")
    elsewhere = Device(stranger, shop)
    elsewhere.api = f"/api/v1/branches/{shop.second_branch_id}"
    assert listed(elsewhere)["items"] == []
    assert elsewhere.sync()["requests"] == 0
