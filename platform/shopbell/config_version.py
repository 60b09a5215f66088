"""When a tenant's configuration last changed, as a value that never comes back.

Statement triggers on the configuration tables write a fresh random value, so that what a process remembers of branches,
services or rosters is known to be current by comparing one value, on every path that may change them. Random rather
than counted: a number given out by a transaction that rolls back would be given out again for something else.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from threading import Lock
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from sqlalchemy import CheckConstraint, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from shopbell import clock
from shopbell.db import TenantBase
from shopbell.flights import Flights
from shopbell.prepared import Prepared
from shopbell.tenancy import current_tenant

P = ParamSpec("P")
T = TypeVar("T")
REMEMBERED = 2000
"""Answers per read and process."""
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
TODAY_CHANGES = timedelta(minutes=15)
"""Midnight falls on a quarter of an hour in every zone."""


class ConfigVersion(TenantBase):
    __tablename__ = "config_version"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[UUID] = mapped_column(server_default=text("gen_random_uuid()"))


PRESENT = Prepared(select(ConfigVersion.version))


def config_version(session: Session) -> UUID:
    [(version,)] = PRESENT.run(session, {})
    found: UUID = version
    return found


def remembered(read: Callable[Concatenate[Session, P], T]) -> Callable[Concatenate[Session, P], T]:
    """A read of configuration that is done once per process, until the configuration changes or a day may have begun.

    Its arguments are hashable, its answer is never altered by whoever gets it (a list is copied), and every table it
    reads has the trigger.
    """
    known: OrderedDict[tuple[Any, ...], tuple[tuple[UUID, int], T]] = OrderedDict()
    lock, flights = Lock(), Flights()

    def found(key: tuple[Any, ...], state: tuple[UUID, int]) -> list[T]:
        with lock:
            before, answer = known.get(key, (None, None))
        return [answer] if before == state else []  # type: ignore[list-item]

    def keep(key: tuple[Any, ...], state: tuple[UUID, int], answer: T) -> list[T]:
        with lock:
            known[key] = (state, answer)
            known.move_to_end(key)
            while len(known) > REMEMBERED:
                known.popitem(last=False)
        return [answer]

    @wraps(read)
    def reading(session: Session, /, *args: P.args, **kwargs: P.kwargs) -> T:
        if session.new or session.dirty or session.deleted:
            session.flush()
        key = (current_tenant().id, args, *sorted(kwargs.items()))
        state = (config_version(session), (clock.now() - EPOCH) // TODAY_CHANGES)
        answers = found(key, state)
        if not answers:
            with flights.one((key, state)):
                answers = found(key, state) or keep(key, state, read(session, *args, **kwargs))
        [answer] = answers
        return list(answer) if isinstance(answer, list) else answer  # type: ignore[return-value]

    return reading


def trigger_statements(tables: tuple[str, ...]) -> list[str]:
    """DDL for a migration: the trigger function and one statement trigger per table."""
    function = (
        "create function touch_config_version() returns trigger language plpgsql as "
        "$$ begin update config_version set version = gen_random_uuid(); return null; end $$"
    )
    triggers = [
        f"create trigger touch_config_version after insert or update or delete or truncate on {table} "
        "for each statement execute function touch_config_version()"
        for table in tables
    ]
    return [function, "insert into config_version (id) values (1)", *triggers]
