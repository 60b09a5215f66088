"""The first set of benchmarks: booking, availability, board, storm, provision, pages."""

from __future__ import annotations

import gzip
import itertools
import json
import random
import statistics
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import text

from blueprints.registry import load_models, seeders
from infra.bench.big_branch import CLOSES, OPENS, ZONE
from infra.bench.load import Connection, again_and_again, drive, request_bytes
from infra.bench.measure import ROUNDS, Measurement, against, interleaved
from infra.bench.peers import LEAST_BOOKING, pgbench, prepare, same_bytes
from infra.bench.stage import Stage
from shopbell import clock
from shopbell.db import TenantBase
from tenants import provisioning
from tenants.provisioning import NewTenant

STORM = 200
DAYS_AHEAD = 50
STORMY = -2
"""In the last quiet branches `storm` and `mixed` book."""


def booking(stage: Stage) -> Measurement:
    """POST /bookings for distinct times, with idempotency keys, against pgbench doing the least SQL.

    A first round is not counted: a server that has just started reads each branch's hours and rosters once.
    """
    prepare(stage)
    waiting = iter(distinct_bookings(stage))

    def product() -> float:
        load = drive(stage.port, lambda _number: waiting_one(waiting))
        unexpected = {status: count for status, count in load.statuses.items() if status != 201}
        if unexpected:
            raise RuntimeError(f"bookings of free times answered {unexpected}")
        return load.rate(201)

    product()
    figures = interleaved(product, lambda: pgbench(stage, LEAST_BOOKING))
    return against("booking", "per s", figures, 0.40, "8 clients, 3 allocations, token, idempotency key")


def waiting_one(waiting: Iterator[bytes]) -> Iterator[bytes]:
    """All clients draw from one iterator; next() on a list iterator is atomic."""
    return waiting


def distinct_bookings(stage: Stage) -> list[bytes]:
    """A request for every free quarter of an hour of people in the quiet branches without a storm, shuffled."""
    branch, headers = stage.branch, stage.headers()
    made = []
    turns = itertools.product(branch.quiet_branches[:STORMY], range(DAYS_AHEAD), range(OPENS, CLOSES, 15))
    for number, (where, day, minute) in enumerate(turns):
        start = clock.at_local(branch.first_day + timedelta(days=day), minute, clock.zone(ZONE)).isoformat()
        for person in branch.quiet_people[where][:4]:
            body = {
                "branch": str(where),
                "service": str(branch.short),
                "start": start,
                "staff": str(person),
                "customer": {"name": f"Customer {number % 997}", "phone": f"138{number % 100000000:08}"},
            }
            extra = {**headers, "Idempotency-Key": f"{number}-{person}"}
            made.append(request_bytes("POST", "/api/v1/bookings", extra, json.dumps(body).encode()))
    random.Random(1).shuffle(made)
    return made


def availability(stage: Stage) -> Measurement:
    """GET /availability over 14 days and 20 people, against a Flask route that returns the same bytes."""
    return free_times(stage, "availability", 14)


def availability_day(stage: Stage) -> Measurement:
    """The same for one day."""
    return free_times(stage, "availability_day", 1)


def availability_month(stage: Stage) -> Measurement:
    """The same for as many days as may be asked for at once."""
    return free_times(stage, "availability_month", 31)


def free_times(stage: Stage, name: str, days: int) -> Measurement:
    branch = stage.branch
    query = {"branch": branch.id, "service": branch.exam, "from": branch.first_day.isoformat(), "days": days}
    path = "/api/v1/availability?" + urllib.parse.urlencode(query)
    request = request_bytes("GET", path, stage.headers())
    body = answer(stage, request)
    slots = sum(len(day["slots"]) for day in json.loads(body)["days"])
    with same_bytes(body) as port:
        same = request_bytes("GET", "/same", {"Host": "localhost"})
        figures = interleaved(
            lambda: drive(stage.port, again_and_again(request)).rate(200),
            lambda: drive(port, again_and_again(same)).rate(200),
        )
    return against(name, "per s", figures, 0.15, f"{days} days, 20 people, {slots} starts, {len(body)} bytes")


def board(stage: Stage) -> Measurement:
    """The day board's JSON, against pgbench reading the same rows."""
    day = stage.branch.first_day.isoformat()
    request = request_bytes("GET", f"/api/v1/branches/{stage.branch.id}/board?day={day}", stage.headers(staff=True))
    shown = len(json.loads(answer(stage, request))["bookings"])
    begins = clock.at_local(stage.branch.first_day, 0, clock.zone(ZONE)).isoformat()
    rows = f"""
        select id, ref, person_id, starts_at, ends_at, service_id, customer_id, status, source, note
            from bookings where branch_id = '{stage.branch.id}' and starts_at >= timestamptz '{begins}'
            and starts_at < timestamptz '{begins}' + interval '1 day';
        select a.booking_id, a.resource_id, a.starts_at, a.ends_at
            from allocations a join bookings b on b.id = a.booking_id where b.branch_id = '{stage.branch.id}'
            and b.starts_at >= timestamptz '{begins}' and b.starts_at < timestamptz '{begins}' + interval '1 day';
        select c.id, c.name, c.phone_sealed from customers c where c.id in (select customer_id from bookings
            where branch_id = '{stage.branch.id}' and starts_at >= timestamptz '{begins}'
            and starts_at < timestamptz '{begins}' + interval '1 day');
    """  # noqa: S608 - ids and times of ours
    figures = interleaved(
        lambda: drive(stage.port, again_and_again(request)).rate(200),
        lambda: pgbench(stage, rows, schema=stage.tenant.schema),
    )
    return against("board", "per s", figures, 0.15, f"{shown} appointments")


def storm(stage: Stage) -> Measurement:
    """200 parallel requests for one time: one succeeds, the rest are told what else is free."""
    slowest, wrong = 0.0, []
    for round_number in range(ROUNDS):
        where = stage.branch.quiet_branches[-1]
        local = stage.branch.first_day + timedelta(days=DAYS_AHEAD + round_number)
        body = {
            "branch": str(where),
            "service": str(stage.branch.short),
            "start": clock.at_local(local, OPENS, clock.zone(ZONE)).isoformat(),
            "staff": str(stage.branch.quiet_people[where][0]),
            "customer": {"name": "Storm", "phone": "13812345678"},
        }
        request = request_bytes("POST", "/api/v1/bookings", stage.headers(), json.dumps(body).encode())
        load = drive(stage.port, lambda _number, one=request: iter([one]), clients=STORM, seconds=60)  # type: ignore[misc]
        slowest = max(slowest, *load.latencies)
        if load.statuses != {201: 1, 409: STORM - 1}:
            wrong.append(dict(load.statuses))
    goal = "1 success, 0 x 5xx, all < 2 s"
    detail = f"slowest answer of {ROUNDS} storms" if not wrong else f"unexpected answers: {wrong}"
    return Measurement("storm", slowest, "s", 2.0, slowest / 2.0, goal, not wrong and slowest < 2.0, detail)


def provision(stage: Stage) -> Measurement:
    """A ready tenant, against create_all of the same tables."""
    load_models()
    numbers = itertools.count()

    def product() -> float:
        new = NewTenant(f"provision-{next(numbers)}", "Provision", "optical", "zh-CN")
        begun = time.perf_counter()
        provisioning.create(stage.database, new, base_domain="localhost", seeders=seeders())
        return time.perf_counter() - begun

    def limit() -> float:
        begun = time.perf_counter()
        with stage.database.engine.connect() as connection, connection.begin():
            schema = f"create_all_{next(numbers)}"
            connection.execute(text(f'create schema "{schema}"'))
            connection.execute(text(f'set local search_path to "{schema}"'))
            TenantBase.metadata.create_all(connection)
        return time.perf_counter() - begun

    product()
    taken, create_all, ratio = interleaved(product, limit)
    goal = "< 0.5 s, create_all / ours >= 2"
    return Measurement(
        "provision", taken, "s", create_all, 1 / ratio, goal, taken < 0.5 and 1 / ratio >= 2, "schema, tables and pack"
    )


def pages(stage: Stage) -> Measurement:
    """The booking pages: server time at the 95th percentile, and the heaviest page."""
    slug = "bench-busy"
    paths = ["/", f"/book/{slug}", f"/book/{slug}/bench-exam?day={stage.branch.first_day.isoformat()}"]
    times, heaviest = [], 0
    for path in paths:
        request = request_bytes("GET", path, {"Host": stage.host})
        heaviest = max(heaviest, len(gzip.compress(answer(stage, request))))
        connection = Connection(stage.port)
        for _ in range(60):
            begun = time.perf_counter()
            status, _body = connection.ask(request)
            if status != 200:
                raise RuntimeError(f"{path} answered {status}")
            times.append(time.perf_counter() - begun)
    slow = statistics.quantiles(times, n=20)[-1] * 1000
    size = heaviest + style_bytes(stage)
    goal = "p95 < 30 ms, page and style <= 10 KB gzip"
    ok = slow < 30 and size <= 10 * 1024
    return Measurement(
        "pages", slow, "ms", 30.0, slow / 30, goal, ok, f"heaviest page with its style {size} bytes gzip"
    )


def style_bytes(stage: Stage) -> int:
    """The booking pages' style sheet as it is sent compressed."""
    page = answer(stage, request_bytes("GET", "/", {"Host": stage.host})).decode()
    address = page.split('rel="stylesheet" href="', 1)[1].split('"', 1)[0]
    return len(gzip.compress(answer(stage, request_bytes("GET", address, {"Host": stage.host}))))


def answer(stage: Stage, request: bytes) -> bytes:
    status, body = Connection(stage.port).ask(request)
    if status != 200:
        raise RuntimeError(f"{request.splitlines()[0].decode()} answered {status}: {body[:500].decode()}")
    return body


FREE_TIMES = (availability, availability_day, availability_month)
FIRST = {found.__name__: found for found in (booking, *FREE_TIMES, board, storm, provision, pages)}
