"""200 different requests at the same moment on one day of one branch: everything that reads or changes a visit."""

from __future__ import annotations

import json
import random
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from blueprints.booking.api import CustomerInput
from blueprints.waitlist import links
from blueprints.waitlist.queries import views
from blueprints.waitlist.rules import Freed
from blueprints.waitlist.service import fill, join
from blueprints.waitlist.values import JoinRequest
from infra.bench.big_branch import CLOSES, OPENS, ZONE
from infra.bench.load import Connection, at_once, request_bytes
from infra.bench.measure import Measurement
from infra.bench.stage import Stage
from shopbell import clock, ids, tenancy

STORMS, LIMIT = 5, 2.0
OFFERS = 8
NOON = 12 * 60
BY_STAFF = frozenset({"sync", "extend"})
"""What needs a signed-in session; everything else in the API is a program's."""
SHARES = {
    "book": 52,
    "move": 25,
    "extend": 20,
    "cancel": 15,
    "series": 10,
    "quote": 10,
    "times": 15,
    "search": 5,
    "sync": 20,
    "hold": 20,
}
OVERLAPS = """
    select count(*) from allocations a join allocations b
        on a.resource_id = b.resource_id and a.booking_id < b.booking_id
       and a.starts_at < b.ends_at and b.starts_at < a.ends_at
"""


@dataclass
class Ground:
    """Where the storm is: times are instants of one day; `made` are appointments that stand there already;
    `storm` tells its people from those of other storms."""

    branch: str
    slug: str
    service: str
    service_slug: str
    times: Sequence[datetime]
    storm: int = 0
    made: list[str] = field(default_factory=list)
    random: random.Random = field(default_factory=lambda: random.Random(7))

    def start(self) -> str:
        return self.random.choice(self.times).isoformat()

    def book(self, number: int) -> dict[str, Any]:
        customer = {"name": f"Storm {number}", "phone": f"139{self.storm:04}{number:04}"}
        return {"branch": self.branch, "service": self.service, "start": self.start(), "customer": customer}


Sent = tuple[str, str, str, Any]
"""Kind, method, path and document; a text is a form."""


def requests(ground: Ground, offers: Sequence[str] = ()) -> list[Sent]:
    """What is asked, in no order. A `sync` is the console's and wants a signed-in session; forms want none."""
    found: list[Sent] = [("accept", "POST", f"/offer/{token}", "answer=yes") for token in offers]
    for kind, share in SHARES.items():
        found += [one_request(ground, kind, number) for number in range(share)]
    ground.random.shuffle(found)
    return found


def one_request(ground: Ground, kind: str, number: int) -> Sent:
    made, day = ground.random.choice(ground.made), ground.times[0].date().isoformat()
    place = {"branch": ground.branch, "service": ground.service}
    work = {"op_id": str(ids.uuid7()), "type": "booking.cancel", "p": {"id": made}}
    asked: dict[str, tuple[str, str, Any]] = {
        "book": ("POST", "bookings", ground.book(number)),
        "move": ("POST", f"bookings/{made}/move", {"start": ground.start()}),
        "extend": ("PUT", f"bookings/{made}/length", {"extra_minutes": ground.random.choice((-5, 5, 15, 30))}),
        "cancel": ("POST", f"bookings/{made}/cancellation", {"reason": "Storm"}),
        "series": ("POST", "series", {**ground.book(500 + number), "every_weeks": 1, "visits": 3}),
        "quote": ("POST", "quotes", {**place, "start": ground.start()}),
        "times": ("GET", f"availability?{urllib.parse.urlencode({**place, 'from': day, 'days': 7})}", None),
        "search": ("GET", f"search?service={ground.service}&from={day}", None),
        "sync": ("POST", f"branches/{ground.branch}/sync", {"device": f"storm-{number}", "ops": [work]}),
    }
    if kind == "hold":
        form = urllib.parse.urlencode({"start": ground.start(), "visit": f"storm-{ground.storm}-{number}"})
        return kind, "POST", f"/book/{ground.slug}/{ground.service_slug}", form
    method, path, document = asked[kind]
    return kind, method, f"/api/v1/{path}", document


@dataclass
class Answers:
    statuses: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    wrong: list[str] = field(default_factory=list)
    """Answers that nobody should get."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, status: int, body: bytes, seconds: float) -> None:
        with self.lock:
            self.statuses[f"{kind} {status}"] += 1
            self.slowest = max(self.slowest, seconds)
            if not 200 <= status < 500 or b"deadlock" in body.lower():
                self.wrong.append(f"{kind} {status}: {body[:200]!r}")


def all_at_once(sent: Sequence[Sent], ask: Callable[[Sent], tuple[int, bytes]]) -> Answers:
    """Ask everything from a thread each, at one moment."""
    found, start = Answers(), threading.Barrier(len(sent))

    def one(request: Sent) -> None:
        start.wait()
        begun = time.perf_counter()
        status, body = ask(request)
        found.note(request[0], status, body, time.perf_counter() - begun)

    threads = [threading.Thread(target=one, args=(request,)) for request in sent]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def mixed(stage: Stage) -> Measurement:
    """A storm a day over HTTP; afterwards the database is asked whether anything overlaps.

    The first one falls on processes that have only just started, whose connections prepare and read everything for the
    first time. It counts like the others, and is told by itself.
    """
    storms = [one_storm(stage, day) for day in range(STORMS)]
    with stage.database.transaction(stage.tenant) as session:
        overlaps = session.scalar(text(OVERLAPS)) or 0
    slowest, wrong = max(one.slowest for one in storms), [told for one in storms for told in one.wrong]
    statuses = sum((one.statuses for one in storms), Counter[str]())
    ok = not wrong and not overlaps and slowest <= LIMIT
    each = ", ".join(f"{one.slowest:.2f}" for one in storms)
    detail = f"slowest answers of {STORMS} storms of {statuses.total() // STORMS} requests, the first at the start: "
    detail += f"{each} s; {overlaps} overlaps; " + ("; ".join(wrong[:3]) or tally(statuses))
    return Measurement("mixed", slowest, "s", LIMIT, slowest / LIMIT, "0 overlaps, 0 x 5xx, all <= 2 s", ok, detail)


def one_storm(stage: Stage, number: int) -> Answers:
    """200 requests for a day of the quiet branch, on which up to 40 appointments stand already."""
    where = stage.branch.quiet_branches[-2]
    day = stage.branch.first_day + timedelta(days=30 + number)
    times = [clock.at_local(day, minute, clock.zone(ZONE)) for minute in range(OPENS, OPENS + 90, 15)]
    ground = Ground(str(where), "bench-quiet-6", str(stage.branch.short), "bench-short", times, number)
    connection = Connection(stage.port)
    for early in range(40):
        asked = as_bytes(stage, ("book", "POST", "/api/v1/bookings", ground.book(900 + early)))
        status, body = connection.ask(asked)
        if status == 201:
            ground.made.append(json.loads(body)["id"])
    sent = requests(ground, offers(stage, where, day, number))
    found = Answers()
    answers = at_once(stage.port, [as_bytes(stage, request) for request in sent])
    for request, answer in zip(sent, answers, strict=True):
        found.note(request[0], answer.status, answer.body, answer.seconds)
    return found


def tally(statuses: Counter[str]) -> str:
    return ", ".join(f"{what} x{count}" for what, count in sorted(statuses.items()))


def as_bytes(stage: Stage, sent: Sent) -> bytes:
    kind, method, path, document = sent
    if isinstance(document, str):
        body, headers = document.encode(), {"Host": stage.host, "Content-Length": str(len(document))}
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        lines.append("Content-Type: application/x-www-form-urlencoded")
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
    headers = stage.headers(staff=kind in BY_STAFF)
    body = json.dumps(document).encode() if document is not None else b""
    if method == "PUT":
        headers |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
    return request_bytes(method, path, headers, body)


def offers(stage: Stage, branch_id: UUID, day: date, storm: int) -> list[str]:
    """Tokens of times that are kept for people of the waiting list, offered by day: nobody is woken at night."""
    zone, found = clock.zone(ZONE), list[UUID]()
    today, minute = clock.local_minutes(clock.now(), zone)
    noon = clock.at_local(today if minute < NOON else today + timedelta(days=1), NOON, zone)
    starts = [clock.at_local(day, CLOSES - 60 - 30 * number, zone) for number in range(OFFERS)]
    for number, starts_at in enumerate(starts):
        customer = CustomerInput(f"Waiting {number}", f"137{storm:04}{number:04}", None, "en")
        with clock.frozen(noon), stage.database.transaction(stage.tenant) as session:
            join(session, JoinRequest(stage.branch.short, (branch_id,), day, day, customer))
            found += fill(session, Freed(branch_id, starts_at, starts_at + timedelta(minutes=15)))
    with tenancy.entered(stage.tenant), stage.database.transaction(stage.tenant) as session:
        return [links.offer_token(views.offer(session, offer_id)) for offer_id in found]
