"""The first fitting times over a whole chain: 200 branches of 20 people, 60 days, a million past appointments.

Three sizes are measured on the way. *Warm*: the server's processes remember the book; between two questions somebody
books, so that a branch has to be read again each time, and places, hours and services change. *One*: the first question
after a roster was changed at one branch. *Cold*: the first one after something changed that holds for the whole chain,
for which everything is read anew; and the first one of a new process.
"""

from __future__ import annotations

import json
import math
import os
import random
import statistics
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import create_engine, text

from blueprints.access import api as access
from blueprints.registry import seeders
from infra.bench.chain import CENTRE, PAST_EACH, ZONE, Chain, found, grow
from infra.bench.load import Connection, request_bytes
from infra.bench.measure import Measurement
from infra.bench.stage import Stage, free_port, token_of, web
from shopbell import clock
from shopbell.tenancy import TenantContext
from tenants import provisioning
from tenants.provisioning import NewTenant

SIZES = (50, 100, 200)
QUESTIONS, COLD_QUESTIONS = 100, 7
ONE_ROSTER = (
    "update roster_shifts set starts = starts where branch_id = (select id from branches order by position limit 1)"
)
ALL_SERVICES = "update services set position = position"


@dataclass
class Asker:
    """A program that asks one server about the chain."""

    stage: Stage
    tenant: TenantContext
    chain: Chain
    bearer: str
    port: int
    random: random.Random

    def ask(self, method: str, path: str, document: object = None) -> tuple[float, int, bytes]:
        """(milliseconds, status, body)"""
        headers = {"Host": f"{self.tenant.host}:{self.port}", "Authorization": f"Bearer {self.bearer}"}
        body = json.dumps(document).encode() if document else b""
        connection = Connection(self.port)
        begun = time.perf_counter()
        status, answer = connection.ask(request_bytes(method, path, headers, body))
        return (time.perf_counter() - begun) * 1000, status, answer

    def question(self) -> tuple[float, bytes]:
        """Somewhere in town, for one of the services, at some time of the day."""
        near = ",".join(f"{degree + self.random.uniform(-0.15, 0.15):.4f}" for degree in CENTRE)
        service = self.random.choice((self.chain.exam, self.chain.fitting))
        earliest = self.random.choice((0, 0, 720, 1020))
        query = urllib.parse.urlencode({"service": service, "near": near, "earliest": earliest})
        taken, status, body = self.ask("GET", f"/api/v1/search?{query}")
        if status != 200 or not json.loads(body)["found"]:
            raise RuntimeError(f"the search answered {status}: {body[:300]!r}")
        return taken, body

    def book_what_is_found(self, body: bytes) -> None:
        """Somebody takes the first time that was shown; being too late for it is no harm."""
        first = json.loads(body)["found"][0]
        start = first["times"][-1]["start"]
        customer = {"name": "Bench", "phone": "13812345678"}
        wish = {"branch": first["branch"], "service": str(self.chain.fitting), "start": start, "customer": customer}
        self.ask("POST", "/api/v1/bookings", wish)


def earliest(stage: Stage) -> Measurement:
    """p95 over HTTP, warm and cold; the slope is how much longer it takes for twice the branches (1: twice as long)."""
    new = NewTenant("chain", "Chain Optik", "optical", "zh-CN")
    tenant = provisioning.create(stage.database, new, base_domain="localhost", seeders=seeders())
    with stage.database.transaction(tenant) as session:
        chain = found(session, clock.local_minutes(clock.now(), clock.zone(ZONE))[0])
        client = access.create_client(session, "bench", ["booking"])
    asker = Asker(stage, tenant, chain, token_of(tenant, stage.port, *client), stage.port, random.Random(3))
    warm, one, cold, notes = [], [], [], []
    for branches in SIZES:
        with stage.database.transaction(tenant) as session:
            asker.chain = grow(session, asker.chain, branches)
        tidy(stage, tenant)
        for _ in range(8):
            asker.question()
        warm.append(quick(asker))
        one.append(statistics.median(after(asker, ONE_ROSTER) for _ in range(COLD_QUESTIONS)))
        cold.append(statistics.median(after(asker, ALL_SERVICES) for _ in range(COLD_QUESTIONS)))
        notes.append(f"{branches}: {warm[-1]:.0f}/{one[-1]:.0f}/{cold[-1]:.0f}")
    with another_server(asker) as fresh:
        new_process = fresh.question()[0]
    slopes = "/".join(f"{slope(figures):.2f}" for figures in (warm, one, cold))
    detail = f"warm/one/cold ms at branches {', '.join(notes)}; slopes {slopes}; "
    detail += f"new process {new_process:.0f} ms; {SIZES[-1] * PAST_EACH:,} past appointments"
    ok = warm[-1] < 50 and cold[-1] < 300
    return Measurement(
        "earliest", warm[-1], "ms p95", 50.0, warm[-1] / 50, "p95 < 50 ms warm, < 300 ms cold", ok, detail
    )


def quick(asker: Asker) -> float:
    """The 95th percentile of warm questions."""
    times = []
    for _ in range(QUESTIONS):
        taken, body = asker.question()
        times.append(taken)
        asker.book_what_is_found(body)
    return statistics.quantiles(times, n=20)[-1]


def after(asker: Asker, change: str) -> float:
    """The first question after head office has changed something."""
    with asker.stage.database.transaction(asker.tenant) as session:
        session.execute(text(change))
    return asker.question()[0]


def slope(figures: list[float]) -> float:
    """The exponent with which the time grows from the smallest size to the largest."""
    return math.log(figures[-1] / figures[0]) / math.log(SIZES[-1] / SIZES[0])


def tidy(stage: Stage, tenant: TenantContext) -> None:
    """What autovacuum does within minutes of such a load."""
    # A connection of its own: those of the product open every statement in a transaction of their tenant.
    server = create_engine(stage.settings.database_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        for table in ("allocations", "bookings", "people", "roster_shifts", "resources"):
            connection.execute(text(f'vacuum analyze "{tenant.schema}".{table}'))
    server.dispose()


@contextmanager
def another_server(asker: Asker) -> Iterator[Asker]:
    """A server that has just started, after a request that has nothing to do with the book."""
    settings, port = asker.stage.settings, free_port()
    environ = {
        **os.environ,
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "PORT": str(port),
        "SHOPBELL_ENVIRONMENT": "test",
        "SHOPBELL_RATE_LIMIT_FACTOR": "1000000",
    }
    with web(environ, port):
        fresh = Asker(asker.stage, asker.tenant, asker.chain, asker.bearer, port, asker.random)
        for _ in range(2 * (os.cpu_count() or 2)):
            fresh.ask("GET", "/api/v1/branches")
        yield fresh
