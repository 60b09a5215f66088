"""Whether a database server can be reached, so that one that cannot holds up nobody but its own tenants."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import psycopg
from psycopg.errors import (
    AdminShutdown,
    CannotConnectNow,
    ConnectionException,
    CrashShutdown,
    TooManyConnections,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

AWAY = (AdminShutdown, CannotConnectNow, ConnectionException, CrashShutdown, TooManyConnections)
SLOW_SECONDS = 1.0
PAUSE_SECONDS = 5.0


class Gate:
    """Opens connections, and refuses to try for a moment after an attempt that took long and led nowhere.

    A machine that answers nothing at all costs each attempt the whole connection timeout: without a gate the requests
    of its tenants would soon hold every thread of the process. A refusal costs nothing, so it closes nothing.
    """

    def __init__(self, *, pause: float = PAUSE_SECONDS, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.pause = pause
        self.monotonic = monotonic
        self.closed_until = 0.0

    def __call__(self, dialect: Any, _record: Any, arguments: Any, options: Any) -> Any:
        begun = self.monotonic()
        if begun < self.closed_until:
            raise psycopg.OperationalError("the database server could not be reached a moment ago")
        try:
            return dialect.connect(*arguments, **options)
        except psycopg.OperationalError:
            if self.monotonic() - begun >= SLOW_SECONDS:
                self.closed_until = self.monotonic() + self.pause
            raise


def is_unreachable(error: BaseException) -> bool:
    """Whether the database server did not answer, or has no connection to spare; asking again later may help."""
    if isinstance(error, PoolTimeout):
        return True
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, AWAY):
        return True
    # A connection that could not be opened or that broke has no SQLSTATE; every refused statement has one.
    return isinstance(cause, psycopg.OperationalError) and cause.sqlstate is None
