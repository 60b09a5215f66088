"""Two hundred programs want one time at the same moment, over HTTP, from the running product."""

from __future__ import annotations

import json
import socket
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.journeys.caller import PATIENCE, Caller

PROGRAMS = 200


@pytest.fixture
def caller(product: Any) -> Caller:
    found = Caller(product, "lumi")
    found.authorise()
    return found


def a_free_time(caller: Caller) -> dict[str, Any]:
    """A booking of some service with one person at a time that is free in some days."""
    branch = caller.ask("GET", "/api/v1/branches")[1]["items"][0]
    for service in caller.ask("GET", "/api/v1/services")[1]["items"]:
        query = {
            "branch": branch["id"],
            "service": service["id"],
            "from": datetime.now(UTC).date() + timedelta(days=3),
            "days": 31,
        }
        status, free = caller.ask("GET", f"/api/v1/availability?{urlencode(query)}")
        slots = [slot for day in free.get("days", ()) for slot in day["slots"]] if status == 200 else []
        if slots:
            slot = slots[len(slots) // 2]
            wanted = {"branch": branch["id"], "service": service["id"], "start": slot["start"]}
            return {**wanted, "staff": slot["staff"][0]}
    raise AssertionError("the demo chain has no free time")


@pytest.mark.journey
@pytest.mark.proves("B8")
@pytest.mark.timeout(400)
def test_of_two_hundred_who_want_one_time_one_gets_it_and_the_rest_are_offered_others(caller: Caller) -> None:
    wanted = a_free_time(caller)
    start = threading.Barrier(PROGRAMS)

    def attempt(number: int) -> tuple[int, Any]:
        customer = {"name": f"Storm {number}", "phone": f"138{number:08}"}
        body = json.dumps({**wanted, "customer": customer}).encode()
        start.wait()
        return caller.ask("POST", "/api/v1/bookings", body)

    socket.setdefaulttimeout(PATIENCE)
    try:
        begun = monotonic()
        with ThreadPoolExecutor(PROGRAMS) as pool:
            answers = list(pool.map(attempt, range(PROGRAMS)))
        seconds = monotonic() - begun
    finally:
        socket.setdefaulttimeout(None)
    assert Counter(status for status, _ in answers) == {201: 1, 409: PROGRAMS - 1}
    for status, document in answers:
        if status == 409:
            assert document["code"] == "slot_taken"
            assert document["alternatives"]
            assert wanted["start"] not in {free["start"] for free in document["alternatives"]}
    assert seconds < PATIENCE
