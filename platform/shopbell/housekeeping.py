"""Removing what has served its time, so that no table grows for ever.

Each feature says what of its own may go, and when (`Feature.housekeeping`). A tenant's round is due work like any
other: it runs once a day in a transaction of its own and schedules the next one. The relay clears the shared tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Session

from shopbell import clock, due

KIND = "kit.housekeeping"
KEY = "daily"
EVERY = timedelta(days=1)

Sweep = Callable[[Session], None]


def older_than(keep: timedelta, model: type[DeclarativeBase], moment: InstrumentedAttribute[Any]) -> Sweep:
    """A sweep that removes the rows whose `moment` lies further back than `keep`; rows without one stay."""

    def sweep(session: Session) -> None:
        session.execute(delete(model).where(moment < clock.now() - keep).execution_options(synchronize_session=False))

    return sweep


def start(session: Session, _pack: object = None) -> None:
    """Have the current tenant's first round done tomorrow; a seeder of new tenants."""
    due.schedule(session, KIND, KEY, clock.now() + EVERY)


def job(sweeps: Iterable[Sweep]) -> Callable[..., None]:
    """The handler of a round: every sweep, then the next round."""
    todo = tuple(sweeps)

    @due.job(KIND)
    def round_of_the_house(session: Session, key: str, payload: dict[str, Any]) -> None:
        for sweep in todo:
            sweep(session)
        due.schedule(session, KIND, key, clock.now() + EVERY)

    return round_of_the_house
