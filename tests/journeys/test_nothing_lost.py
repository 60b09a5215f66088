"""kill -9 of worker and relay in the middle of many messages, Redis flushed and silent, the database gone for a moment:
nothing lost, no SMS twice, and every message can say what happened to it."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Event
from time import monotonic
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from redis import Redis
from sqlalchemy import create_engine, select, text

from blueprints.messaging.models import Message
from blueprints.messaging.service.kinds import SEND
from infra.devtools.accounts import Account
from infra.devtools.tools import DevTools
from shopbell import clock, due, embedded, ids
from shopbell.db import Database
from shopbell.settings import ROOT, Settings
from shopbell.tenancy import TenantContext
from tenants import migrate, provisioning
from tenants.provisioning import NewTenant
from tests.support.database import fresh_database
from tests.support.letters import Letter, new_message
from tests.support.letters import letters as written

MESSAGES = int(os.environ.get("SHOPBELL_STORM") or 500)
"""`make storm` asks for 10,000."""
KILL_AT = tuple(MESSAGES * percent // 100 for percent in (16, 40, 66))
"""How many messages the providers have when worker and relay are killed."""
SETTLED = ("sent", "delivered")
"""Delivered is what the provider says of a message when it is asked; receipts find nobody in this test."""

ACCOUNT = Account()
pytestmark = pytest.mark.timeout(600 + MESSAGES // 4)


class Processes:
    """A worker and a relay, as they run in production."""

    def __init__(self, environ: dict[str, str], log: Path) -> None:
        self.environ = environ
        self.log = log
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        for module in ("workers.run", "workers.relay"):
            command = [sys.executable, "-m", module]
            with self.log.open("ab") as log:
                self.running.append(subprocess.Popen(command, cwd=ROOT, env=self.environ, stderr=log))

    def kill(self) -> None:
        """kill -9: no process gets to say or write anything more."""
        for process in self.running:
            process.send_signal(signal.SIGKILL)
        for process in self.running:
            process.wait()
        self.running.clear()

    def wait_for(self, condition: Callable[[], object], *, seconds: float = 120.0) -> None:
        """Wait, and say what the processes said when it takes too long."""
        end = monotonic() + seconds
        while not condition():
            states = [process.poll() for process in self.running]
            assert monotonic() < end, f"it did not happen in time; {states}\n{self.log.read_text()[-4000:]}"
            Event().wait(0.005)


@pytest.fixture
def tools() -> Iterator[DevTools]:
    tools = DevTools(keep=4 * MESSAGES)
    tools.start()
    # Slow enough that a kill always finds messages in the air.
    tools.telco.set_weather(latency_ms=15)
    yield tools
    tools.close()


@pytest.fixture
def database(server_urls: embedded.Urls) -> Iterator[Database]:
    with fresh_database(server_urls.database_url) as url:
        database = Database(url)
        migrate.upgrade_shared(database)
        yield database
        database.dispose()


@pytest.fixture
def tenant(database: Database, settings: Settings) -> TenantContext:
    return provisioning.create(database, NewTenant("storm", "Storm", "salon", "en"), base_domain="localhost")


@pytest.fixture
def processes(database: Database, server_urls: embedded.Urls, tools: DevTools, tmp_path: Path) -> Iterator[Processes]:
    ports = tools.ports
    environ = {
        **os.environ,
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'platform'}",
        "DATABASE_URL": database.engine.url.render_as_string(hide_password=False),
        "REDIS_URL": server_urls.redis_url,
        # Nobody listens there: receipts find nobody, and every state below is the worker's own.
        "PORT": "9",
        "SHOPBELL_SMTP_URL": f"smtp://127.0.0.1:{ports['SMTP']}",
        "SHOPBELL_SMS_API_BASE": f"http://127.0.0.1:{ports['telco simulator']}",
        "SHOPBELL_LEASE_SECONDS": "3",
        "SHOPBELL_RELAY_INTERVAL_MS": "50",
    }
    processes = Processes(environ, tmp_path / "processes.log")
    yield processes
    processes.kill()


def test_nothing_is_lost_and_no_sms_is_sent_twice_when_processes_are_killed(
    database: Database, tenant: TenantContext, tools: DevTools, processes: Processes, server_urls: embedded.Urls
) -> None:
    queue_messages(database, tenant)
    in_the_air: set[UUID] = set()
    processes.start()
    for number, amount in enumerate(KILL_AT):
        processes.wait_for(partial(have_taken, tools, amount))
        processes.kill()
        processes.wait_for(lambda: nobody_is_connected(database))
        in_the_air |= in_state(database, tenant, "sending")
        flush_redis(server_urls)
        processes.start()
        # Once more with everything running: wake-ups are gone, nobody answers, connections are cut; rows are not gone.
        processes.wait_for(partial(have_taken, tools, amount + 20))
        (silence_redis, flush_redis, partial(cut_off, database))[number](server_urls)
    processes.wait_for(lambda: not open_messages(database, tenant), seconds=120 + MESSAGES / 8)

    assert in_the_air, "no kill found a message in the air: the test shows nothing"
    with database.transaction(tenant) as session:
        stored = {letter.id: opened(letter) for letter in written(session)}
    never_unknown = [id_ for id_ in in_the_air if stored[id_].unknown_at is None]
    assert not never_unknown, "a message that was in the air at a kill was never shown as unknown"
    check_texts(tools, stored)
    check_letters(tools, stored)
    assert not unexplained(database, tenant)
    repeated = sum(message.resends for message in stored.values())
    doubts = sum(message.unknown_at is not None for message in stored.values())
    print(f"{MESSAGES} messages: {len(in_the_air)} in the air at kills, {doubts} in doubt, {repeated} mails repeated")


def opened(letter: Letter) -> SimpleNamespace:
    """A message for after its transaction."""
    names = ("channel", "subject", "body", "state", "provider_ref", "resends", "unknown_at")
    return SimpleNamespace(**{name: getattr(letter, name) for name in names})


def check_texts(tools: DevTools, stored: dict[UUID, Any]) -> None:
    """Every SMS reached the provider exactly once, and is known by the reference it has there."""
    theirs = {entry["body"]: entry["id"] for entry in tools.telco.messages()}
    ours = {message.body: message.provider_ref for message in stored.values() if message.channel == "sms"}
    copies = Counter(entry["body"] for entry in tools.telco.messages())
    assert max(copies.values()) == 1
    assert theirs == ours


def check_letters(tools: DevTools, stored: dict[UUID, Any]) -> None:
    """Every e-mail arrived; a second copy carries the same Message-ID and was counted; there is no third."""
    letters = tools.mailbox.listing(limit=10 * MESSAGES)
    copies = Counter(letter["subject"] for letter in letters)
    ids_of = {subject: {each["message_id"] for each in letters if each["subject"] == subject} for subject in copies}
    mails = {message.subject: message for message in stored.values() if message.channel == "email"}
    assert set(copies) == set(mails)
    assert all(len(found) == 1 for found in ids_of.values())
    for subject, amount in copies.items():
        assert amount <= 1 + mails[subject].resends <= 2


def queue_messages(database: Database, tenant: TenantContext) -> None:
    """Half SMS, half e-mail, each for somebody else, all due now."""
    with database.transaction(tenant) as session:
        for number in range(MESSAGES):
            sms = number % 2 == 0
            message = new_message(
                session,
                channel="sms" if sms else "email",
                recipient=f"+8613900{number:06}" if sms else f"person{number}@example.com",
                subject="" if sms else f"Letter {number}",
                body=f"Message {number}: https://storm.example/m/{ids.uuid7().hex}",
            )
            due.schedule(session, SEND, str(message.id), clock.now())


def in_state(database: Database, tenant: TenantContext, *states: str) -> set[UUID]:
    with database.transaction(tenant) as session:
        return set(session.scalars(select(Message.id).where(Message.state.in_(states))))


def nobody_is_connected(database: Database) -> bool:
    """Whether the server has noticed that its clients are dead: their last commit may still be under way."""
    others = "select count(*) from pg_stat_activity where datname = current_database() and application_name like :name"
    with database.transaction(None) as session:
        return session.scalar(text(others), {"name": "shopbell-%"}) == 0


def have_taken(tools: DevTools, amount: int) -> bool:
    """Whether the providers have so many messages."""
    return tools.telco.journal.total + tools.mailbox.journal.total >= amount


def open_messages(database: Database, tenant: TenantContext) -> list[tuple[str, str, str | None]]:
    """Messages with something still to come: channel, state, remark.

    An e-mail whose repeat was in the air at another kill stays unknown, and is not sent a third time.
    """
    columns = select(Message.channel, Message.state, Message.provider_error)
    left_to_people = (Message.state == "unknown") & (Message.channel == "email") & (Message.resends == 1)
    with database.transaction(tenant) as session:
        found = session.execute(columns.where(Message.state.not_in(SETTLED), ~left_to_people))
        return [(row.channel, row.state, row.provider_error) for row in found]


def unexplained(database: Database, tenant: TenantContext) -> list[UUID]:
    """Messages whose steps do not say what was decided, tried, and came of it."""
    told = "(kind = 'accepted' or (kind = 'asked' and detail->>'answer' in ('found', 'left')))"
    statement = f"""
        select id from messages where
            (select count(distinct kind) from message_events where message_id = messages.id
                and kind in ('decided', 'attempt')) < 2
            or not exists (select from message_events where message_id = messages.id and {told})
    """
    with database.transaction(tenant) as session:
        return list(session.scalars(text(statement)))


def flush_redis(urls: embedded.Urls) -> None:
    with redis_client(urls) as redis:
        redis.flushall()


def silence_redis(urls: embedded.Urls) -> None:
    """Redis is there and says nothing for a while."""
    with redis_client(urls) as redis:
        redis.client_pause(1500)


def cut_off(database: Database, urls: embedded.Urls) -> None:
    """As when PostgreSQL is restarted: every connection ends where it is, and for a while there are no new ones."""
    name = database.engine.url.database
    server = create_engine(urls.database_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f'alter database "{name}" allow_connections false'))
        connection.execute(
            text("select pg_terminate_backend(pid) from pg_stat_activity where datname = :name"), {"name": name}
        )
        Event().wait(1)
        connection.execute(text(f'alter database "{name}" allow_connections true'))
    server.dispose()
    database.dispose()


@contextmanager
def redis_client(urls: embedded.Urls) -> Iterator[Redis]:
    client = Redis.from_url(urls.redis_url)
    yield client
    client.close()
