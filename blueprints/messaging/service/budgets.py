"""Budgets of branches: reserved before a message leaves, settled when it is known what it cost."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Row, Uuid, any_, delete, literal, select, text, update
from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from blueprints.messaging.events import BudgetReached
from blueprints.messaging.gate.counting import Purse, mark
from blueprints.messaging.gate.values import Check, Envelope
from blueprints.messaging.models import BudgetReservation, MessageBudget
from blueprints.messaging.service.standing import Ground
from shopbell import clock
from shopbell.events import publish
from shopbell.prepared import Prepared

THE_CHAIN = UUID(int=0)
"""Whose budget is meant by messages of no branch."""
ANSWERED_BY_THEN = timedelta(days=3)
"""Later no provider says any more what became of a message: it cost what was expected."""

RESERVE = Prepared(
    text(
        "insert into budget_reservations (message_id, branch_id, currency, micros, month, reserved_at) "
        "select id, branch, currency, micros, cast(:month as date), cast(:now as timestamptz) from unnest("
        "cast(:ids as uuid[]), cast(:branches as uuid[]), cast(:currencies as text[]), cast(:micros as bigint[])"
        ") as fresh (id, branch, currency, micros)"
    )
)


class Month(NamedTuple):
    """The key of a budget: a branch, the first day of its month, a currency."""

    branch_id: UUID
    month: date
    currency: str


@dataclass
class Budgets:
    """The budgets that some messages take from. Nobody else does until the transaction ends."""

    known: Ground
    month: date
    purses: dict[Month, Purse] = field(default_factory=dict)
    told: dict[Month, int] = field(default_factory=dict)
    """The mark of each that people were told of."""
    taken: list[tuple[Month, Envelope]] = field(default_factory=list)

    def check(self, envelope: Envelope) -> Check:
        """What an earlier attempt has reserved is not asked about again, and what costs nothing is not at all."""
        purse = self.purses.get(self.of(envelope))
        return purse.check(envelope, stops=self.known.stops_without_budget(envelope)) if purse else Check("budget")

    def take(self, envelope: Envelope) -> None:
        purse = self.purses.get(self.of(envelope))
        if purse is not None:
            purse.take(envelope)
            self.taken.append((self.of(envelope), envelope))

    def of(self, envelope: Envelope) -> Month:
        return Month(envelope.branch_id or THE_CHAIN, self.month, envelope.currency)


def open_budgets(session: Session, known: Ground, messages: Sequence[Envelope]) -> Budgets:
    """The budgets of messages that cost something, with what is taken of each."""
    found = Budgets(known, known.today.replace(day=1))
    costly = [one for one in messages if one.cost_micros and one.currency]
    if not costly:
        return found
    ids = literal([one.id for one in costly], ARRAY(Uuid))
    known_already = select(BudgetReservation.message_id).where(BudgetReservation.message_id == any_(ids))
    reserved = set(session.scalars(known_already))
    limits = {found.of(one): known.limit_micros(one) for one in costly}
    for row in _hold(session, limits):
        month = Month(row.branch_id, row.month, row.currency)
        found.purses[month] = Purse(row.currency, limits[month], row.reserved_micros + row.spent_micros, reserved)
        found.told[month] = row.told_percent
    return found


def reserve(session: Session, found: Budgets, now: datetime) -> None:
    """Write down what was taken; who is to know that a budget runs out is told, once for each mark."""
    fresh = [(month, one) for month, one in found.taken if one.id not in found.purses[month].reserved]
    if not fresh:
        return
    RESERVE.run(
        session,
        {
            "ids": _array(one.id for _, one in fresh),
            "branches": _array(month.branch_id for month, _ in fresh),
            "currencies": _array(month.currency for month, _ in fresh),
            "micros": _array(one.cost_micros for _, one in fresh),
            "month": found.month,
            "now": now,
        },
    )
    sums: dict[Month, tuple[int, int]] = {}
    for month, one in fresh:
        sums[month] = sums.get(month, (0, 0))[0] + one.cost_micros, 0
    _add(session, sums)
    for month in sums:
        _tell(session, month, found.told[month], mark(found.purses[month].percent()))


def settle(session: Session, costs: Mapping[UUID, int]) -> None:
    """Say what messages cost in the end, in millionths: nothing for one that was refused. Harmless to repeat, and for
    messages that have reserved nothing."""
    if costs:
        _settle(session, BudgetReservation.message_id.in_(costs.keys()), costs)


def settle_old(session: Session) -> None:
    """Messages of which nothing was heard for days cost what was expected."""
    _settle(session, BudgetReservation.reserved_at < clock.now() - ANSWERED_BY_THEN, {})


def _settle(session: Session, which: ColumnElement[bool], costs: Mapping[UUID, int]) -> None:
    gone = delete(BudgetReservation).where(which).returning(*BudgetReservation.__table__.columns)
    sums: dict[Month, tuple[int, int]] = {}
    for row in session.execute(gone.execution_options(synchronize_session=False)):
        month = Month(row.branch_id, row.month, row.currency)
        reserved, spent = sums.get(month, (0, 0))
        sums[month] = reserved - row.micros, spent + costs.get(row.message_id, row.micros)
    _add(session, sums)


def _hold(session: Session, months: Collection[Month]) -> Sequence[Row[*tuple[Any, ...]]]:
    """The rows of these months, made where there are none, and locked."""
    statement = _rows([month._asdict() for month in sorted(months)])
    held = statement.on_conflict_do_update(index_elements=Month._fields, set_={"month": statement.excluded.month})
    return session.execute(held.returning(*MessageBudget.__table__.columns)).all()


def _add(session: Session, sums: Mapping[Month, tuple[int, int]]) -> None:
    """Add to what is reserved and to what is spent."""
    if not sums:
        return
    statement = _rows(
        [
            {**month._asdict(), "reserved_micros": sums[month][0], "spent_micros": sums[month][1]}
            for month in sorted(sums)
        ]
    )
    more = {
        "reserved_micros": MessageBudget.reserved_micros + statement.excluded.reserved_micros,
        "spent_micros": MessageBudget.spent_micros + statement.excluded.spent_micros,
    }
    session.execute(statement.on_conflict_do_update(index_elements=Month._fields, set_=more))


def _rows(rows: list[dict[str, Any]]) -> Insert:
    # In the order of the key, so that two transactions never wait for each other.
    return upsert(MessageBudget).values(rows)


def _tell(session: Session, month: Month, before: int, after: int) -> None:
    """A mark may go down as well: when there is more to spend, the next time counts again."""
    if before == after:
        return
    mine = (MessageBudget.branch_id == month.branch_id, MessageBudget.month == month.month)
    session.execute(
        update(MessageBudget).where(*mine, MessageBudget.currency == month.currency).values(told_percent=after)
    )
    if after > before:
        publish(session, BudgetReached(month.branch_id, f"{month.month:%Y-%m}", after))


def _array(values: Iterable[object]) -> str:
    """The values as PostgreSQL writes an array of them; none has a comma in it."""
    return f"{{{','.join(map(str, values))}}}"
