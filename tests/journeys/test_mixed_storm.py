"""Everything that reads or changes a visit, 200 requests at one moment, over HTTP, on the running product."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import create_engine, text

from infra.bench.mixed import BY_STAFF, OVERLAPS, Ground, Sent, all_at_once, requests
from shopbell import embedded
from tests.journeys.test_storm import PATIENCE, Caller, caller  # noqa: F401 - a fixture

SPAN = 4
"""Hours of the day in which everything happens."""


class Desk:
    """The same caller, with the session of somebody at head office where that is needed."""

    def __init__(self, program: Caller) -> None:
        self.program = program
        form = urlencode({"email": "hq@lumi.example", "password": "shopbell-demo"})
        _status, _body, headers = self.send("POST", "/sign-in", form, {})
        self.cookie = headers["Set-Cookie"].split(";", 1)[0]

    def send(self, method: str, path: str, document: Any, who: dict[str, str]) -> tuple[int, bytes, Any]:
        connection = HTTPConnection("127.0.0.1", self.program.product.port, timeout=PATIENCE)
        form = isinstance(document, str)
        body = document if form else json.dumps(document) if document is not None else None
        kind = "application/x-www-form-urlencoded" if form else "application/json"
        connection.request(method, path, body, {"Host": self.program.host, "Content-Type": kind, **who})
        answer = connection.getresponse()
        found = answer.status, answer.read(), answer.headers
        connection.close()
        return found

    def ask(self, sent: Sent) -> tuple[int, bytes]:
        kind, method, path, document = sent
        who = {"Cookie": self.cookie} if kind in BY_STAFF else {"Authorization": f"Bearer {self.program.bearer}"}
        status, body, _headers = self.send(method, path, document, {} if isinstance(document, str) else who)
        return status, body


def ground_of(program: Caller) -> Ground:
    """A branch-day some weeks ahead with the most starts, and some appointments on it."""
    branch = program.ask("GET", "/api/v1/branches")[1]["items"][0]
    best: tuple[list[datetime], Any] = ([], None)
    for service in program.ask("GET", "/api/v1/services")[1]["items"]:
        day = (datetime.now(UTC) + timedelta(days=15)).date()
        query = {"branch": branch["id"], "service": service["id"], "from": day, "days": 5}
        status, free = program.ask("GET", f"/api/v1/availability?{urlencode(query)}")
        for found in free.get("days", ()) if status == 200 else ():
            times = [datetime.fromisoformat(slot["start"]) for slot in found["slots"]]
            if len(times) > len(best[0]):
                best = times, service
    times, service = best
    times = [time for time in times if time < times[0] + timedelta(hours=SPAN)]
    ground = Ground(branch["id"], branch["slug"], service["id"], service["slug"], times)
    for number in range(20):
        status, made = program.ask("POST", "/api/v1/bookings", json.dumps(ground.book(900 + number)).encode())
        if status == 201:
            ground.made.append(made["id"])
    assert ground.made, "nothing could be booked before the storm"
    return ground


@pytest.mark.journey
@pytest.mark.proves("B8")
@pytest.mark.timeout(400)
def test_a_storm_of_everything_leaves_no_overlap_and_nobody_without_an_answer(caller: Caller) -> None:  # noqa: F811
    desk = Desk(caller)
    sent = requests(ground_of(caller))
    found = all_at_once(sent, desk.ask)
    assert found.wrong == []
    assert found.statuses.total() == len(sent)
    assert any(what == "book 201" for what in found.statuses)
    assert found.slowest < PATIENCE
    assert overlaps(caller.product) == 0


def overlaps(product: Any) -> int:
    """Asked of the product's own database, beside it, in every chain."""
    found = 0
    with embedded.services(Path(product.environ["SHOPBELL_VAR_DIR"]), {}) as urls:
        engine = create_engine(urls.database_url)
        with engine.connect() as connection:
            for schema in connection.scalars(text("select schema_name from shared.tenants")).all():
                connection.execute(text(f'set search_path to "{schema}"'))
                found += connection.scalar(text(OVERLAPS)) or 0
        engine.dispose()
    return found
