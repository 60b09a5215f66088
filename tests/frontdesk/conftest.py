"""A device at the front desk of the first chain's first branch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from shopbell import clock
from tests.support.world import Shop

DAY = "2026-03-02"
TEN, ELEVEN = 600, 660


class Device:
    """Sends operations as the console does; every answer must be 200 unless it is looked at by itself."""

    def __init__(self, browser: FlaskClient, shop: Shop, name: str = "tablet") -> None:
        self.browser, self.shop, self.name = browser, shop, name
        self.api = f"/api/v1/branches/{shop.branch_id}"
        self.cursor: str | None = None

    def board(self, day: str = DAY) -> dict[str, Any]:
        answer = self.browser.get(f"{self.api}/board?day={day}")
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    def booking(self, booking_id: Any, day: str = DAY) -> dict[str, Any]:
        return next(row for row in self.board(day)["bookings"] if row["id"] == str(booking_id))

    def walk_in(self, walk_in_id: Any) -> dict[str, Any]:
        return next(row for row in self.board()["walkins"] if row["id"] == str(walk_in_id))

    def post(self, *ops: dict[str, Any], **more: Any) -> Any:
        body = {"device": self.name, "day": DAY, "cursor": self.cursor, "ops": list(ops), **more}
        return self.browser.post(f"{self.api}/sync", json=body)

    def sync(self, *ops: dict[str, Any], **more: Any) -> dict[str, Any]:
        answer = self.post(*ops, **more)
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    def do(self, kind: str, p: dict[str, Any], **more: Any) -> dict[str, Any]:
        """The result of one operation."""
        return self.sync(op(kind, p, **more))["results"][0]

    def book(self, start: int = TEN, person: UUID | None = None, **changes: Any) -> str:
        """A booking of the shop's first person at 10:00, which must succeed."""
        wanted = new_booking(self.shop, start, person or self.shop.people[0], **changes)
        result = self.do("booking.create", wanted)
        assert result["status"] == "applied", result
        return result["id"]


def op(kind: str, p: dict[str, Any], slot: int | None = None, **more: Any) -> dict[str, Any]:
    at = int(clock.now().timestamp() * 1000)
    base = {"base": {"slot": slot}} if slot is not None else {}
    return {"op_id": str(uuid4()), "type": kind, "p": p, "at": at, **base, **more}


def new_booking(shop: Shop, start: int = TEN, person: UUID | None = None, **changes: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "service": str(shop.eye_test),
        "person": str(person) if person else None,
        "day": DAY,
        "start": start,
        "customer": {"name": "李明", "phone": "13812345678"},
        "note": "",
        **changes,
    }


@pytest.fixture
def device(sign_in_as: Callable[..., FlaskClient], shop: Shop) -> Device:
    return Device(sign_in_as("frontdesk", [shop.branch_id]), shop)


@pytest.fixture
def stranger(sign_in_as: Callable[..., FlaskClient], shop: Shop) -> FlaskClient:
    """Somebody who works at the chain's second branch alone."""
    return sign_in_as("manager", [shop.second_branch_id])


def walk_in(device, **changes) -> str:
    wanted = {"id": str(uuid4()), "name": "Herr Braun", "phone": "", "service": str(device.shop.fitting), **changes}
    assert device.do("walkin.add", wanted)["status"] == "applied"
    return wanted["id"]
