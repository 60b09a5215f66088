"""The walk-in queue as devices work on it: since when somebody waits, who serves them, who left."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from shopbell import clock
from tests.frontdesk.conftest import op, walk_in


def test_a_walk_in_waits_since_they_came_and_not_since_the_network_did(device, now):
    came = now - timedelta(minutes=25)
    wanted = {"id": str(uuid4()), "name": "Herr Braun", "phone": "13812345678", "service": str(device.shop.fitting)}
    device.do("walkin.add", wanted, at=int(came.timestamp() * 1000))
    shown = device.walk_in(wanted["id"])
    assert shown == {
        "id": wanted["id"],
        "name": "Herr Braun",
        "phone": "+8613812345678",
        "service": str(device.shop.fitting),
        "at": int(came.timestamp() * 1000),
        "status": "waiting",
        "person": None,
        "booking": None,
        "number": 1,
        "source": "desk",
        "promised": [60, 60],
        "called_at": None,
    }


def test_a_device_whose_clock_is_ahead_lets_nobody_wait_from_tomorrow(device, now):
    wanted = {"id": str(uuid4()), "name": "Herr Braun"}
    device.do("walkin.add", wanted, at=int((now + timedelta(days=9)).timestamp() * 1000))
    assert device.walk_in(wanted["id"])["at"] == int(now.timestamp() * 1000)


def test_a_walk_in_is_seated_and_in_service_at_once(device, shop, now):
    waiting, visit = walk_in(device), str(uuid4())
    seat = {"id": waiting, "booking_id": visit, "person": str(shop.people[1]), "service": str(shop.fitting)}
    with clock.frozen(now + timedelta(hours=2, minutes=3)):
        result = device.do("walkin.seat", seat)
        assert (result["status"], result["id"]) == ("applied", visit)
        shown = device.booking(visit)
    assert (shown["status"], shown["source"], shown["start"]) == ("in_service", "walk_in", 600)
    assert shown["customer"]["name"] == "Herr Braun"
    assert device.walk_in(waiting)["status"] == "serving"


def test_a_walk_in_called_twice_is_served_by_the_first(device, shop, now):
    waiting, first = walk_in(device), str(uuid4())
    with clock.frozen(now + timedelta(hours=2)):
        calls = [
            op("walkin.seat", {"id": waiting, "booking_id": first, "person": str(shop.people[0])}),
            op("walkin.seat", {"id": waiting, "booking_id": str(uuid4()), "person": str(shop.people[1])}),
        ]
        results = device.sync(*calls)["results"]
        assert [(result["status"], result["id"]) for result in results] == [("applied", first)] * 2
        assert len(device.board()["bookings"]) == 1


def test_a_walk_in_who_left_is_no_longer_seated(device, shop):
    waiting = walk_in(device)
    assert device.do("walkin.left", {"id": waiting})["status"] == "applied"
    seat = {"id": waiting, "booking_id": str(uuid4()), "person": str(shop.people[0])}
    result = device.do("walkin.seat", seat)
    assert (result["status"], result["code"]) == ("rejected", "not_possible")
    assert result["detail"] == "This customer is no longer waiting."
