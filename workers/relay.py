"""The relay: turns published facts into due work and wakes workers. Any number may run; one is enough.

It keeps nothing in memory, so killing it at any moment loses nothing: the next one finds the rows. Whoever has some
that are due and stands in no line, because Redis was flushed or a worker died, is put there again. Each database server
has a thread of its own, so one that cannot be reached holds up nobody but its own tenants.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from uuid import UUID

from redis import Redis, RedisError

from blueprints.registry import handlers
from shopbell import claims, due, outbox, runtime
from shopbell.db import Database
from shopbell.logs import configure_logging
from shopbell.reach import is_unreachable
from shopbell.settings import Settings
from shopbell.tenancy import MAIN
from tenants.resolve import Directory
from workers import queues
from workers.drain import Find

log = logging.getLogger(__name__)


class Relay:
    """Goes round the shared tables of one database server."""

    def __init__(
        self,
        database: Database,
        redis: Redis,
        reactions_of: dict[str, list[str]],
        find: Find,
        *,
        server: str = MAIN,
    ) -> None:
        self.database = database
        self.redis = redis
        self.reactions_of = reactions_of
        self.find = find
        self.server = server
        self.next_clearing = 0.0

    def step(self) -> int:
        """One round: relay facts, put everybody with due work into line. Returns how many there were."""
        with self.database.transaction(None, server=self.server) as session:
            facts = outbox.relay(session, self.reactions_of)
        with self.database.transaction(None, server=self.server) as session:
            waiting = claims.waiting(session)
        urgent = queues.wake(self.redis, filter(self.may_work, waiting.urgent), queues.URGENT)
        return facts + urgent + queues.wake(self.redis, filter(self.may_work, waiting.all))

    def may_work(self, tenant_id: UUID) -> bool:
        """Whether there is a turn for it here: the work of suspended tenants waits, that of moved ones is elsewhere."""
        tenant = self.find(tenant_id)
        return tenant_id == due.INSTALLATION if tenant is None else tenant.server == self.server

    def clear_history(self) -> None:
        """Once an hour; several relays doing it at once is harmless."""
        if time.monotonic() < self.next_clearing:
            return
        self.next_clearing = time.monotonic() + 3600
        with self.database.transaction(None, server=self.server) as session:
            outbox.clear_history(session)


def main() -> None:
    settings = Settings.load()
    runtime.install(settings)
    configure_logging()
    database = Database.from_settings(settings, "shopbell-relay")
    redis, reactions_of = queues.connect(settings.redis_url), handlers().reactions_of
    find = Directory(database).by_id
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    rounds = [
        threading.Thread(
            target=run,
            args=(Relay(database, redis, reactions_of, find, server=server), stop, settings.relay_interval),
            name=f"relay-{server}",
        )
        for server in database.servers
    ]
    for each in rounds:
        each.start()
    for each in rounds:
        each.join()


def run(relay: Relay, stop: threading.Event, interval: float) -> None:
    """Go round until told to stop; trouble with a server is logged once a round and tried again."""
    while not stop.is_set():
        try:
            busy = relay.step()
            relay.clear_history()
        except (RedisError, OSError) as error:
            log.warning("redis cannot be reached: %s", error)
            busy = 0
        except Exception as error:
            if is_unreachable(error):
                log.warning("the database server %s cannot be reached: %s", relay.server, error)
            else:
                log.exception("the relay's round failed")
            busy = 0
        stop.wait(0 if busy >= outbox.SHARE else interval)


if __name__ == "__main__":
    main()
