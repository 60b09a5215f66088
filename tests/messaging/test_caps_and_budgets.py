"""Caps over the whole chain and budgets of branches: reserved as messages leave, also by several processes at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from blueprints.crm import api as crm
from blueprints.crm.api import Choice, Evidence
from blueprints.messaging import settings
from blueprints.messaging.events import BudgetReached
from blueprints.messaging.models import BudgetReservation, Message, MessageBudget
from blueprints.messaging.service import budgets, changes
from blueprints.messaging.service.gate import Decision, Envelope, decide
from shopbell import clock, ids
from shopbell.db import Database
from shopbell.outbox import OutboxRow
from tenants.settings import store
from tenants.settings.keys import Key
from tenants.settings.models import SettingValue
from tenants.settings.rules import path_to
from tenants.settings.store import Change
from tests.support import world
from tests.support.letters import new_message
from tests.support.world import Shop

PHONE = "+8613800138111"
SEGMENT = 50_000
Made = Callable[..., Envelope]


def envelope(shop: Shop, customer: UUID | None, **changes: Any) -> Envelope:
    values: dict[str, Any] = {
        "id": ids.uuid7(),
        "channel": "sms",
        "purpose": "marketing",
        "template": "sale",
        "recipient": PHONE,
        "customer_id": customer,
        "branch_id": shop.branch_id,
        "locale": "zh-CN",
        "segments": 1,
        "cost_micros": SEGMENT,
        "currency": "CNY",
        "expires_at": None,
        "created_at": clock.now(),
        "text": "春季八折，拒收请回复R",
    }
    return Envelope(**values | changes)


def agreed(session: Session) -> UUID:
    customer = crm.remember(session, "王小明", PHONE, "ming@example.com")
    both = [Choice("marketing", channel, given=True) for channel in ("sms", "email")]
    crm.say(session, customer, both, Evidence("preferences"))
    return customer


def gone(session: Session, one: Envelope, at: datetime, state: str = "sent") -> None:
    """The message as the sender leaves it behind."""
    made = new_message(session, id=one.id, recipient=one.recipient, body="", channel=one.channel)
    made.purpose, made.state, made.claimed_at, made.attempt_token = one.purpose, state, at, one.id
    made.created_at = at
    session.flush()


def say(session: Session, key: Key, value: object, branch_id: UUID | None = None) -> None:
    store.say(session, [Change(key, path_to(None, branch_id), date(2026, 3, 1), value)])


@pytest.fixture
def made(session: Session, shop: Shop) -> Made:
    customer = agreed(session)
    return lambda **changes: envelope(shop, customer, **changes)


def decisions(session: Session, *envelopes: Envelope, at: datetime | None = None) -> list[Decision]:
    found = decide(session, envelopes, at or clock.now())
    return [found[one.id] for one in envelopes]


def test_one_advertisement_a_day_is_enough(session: Session, made: Made, now: datetime) -> None:
    first, second = decisions(session, made(), made())
    assert (first.verdict, second.verdict) == ("send", "later")
    assert second.until == now + timedelta(days=1)


def test_caps_count_what_went_before_whatever_branch_sent_it(
    session: Session, made: Made, shop: Shop, now: datetime
) -> None:
    gone(session, made(branch_id=shop.second_branch_id), now - timedelta(hours=20))
    [decision] = decisions(session, made())
    assert (decision.verdict, decision.until) == ("later", now + timedelta(hours=4))
    # Other channels, purposes and addresses have caps of their own.
    mail = made(channel="email", recipient="ming@example.com", subject="AD", text="https://x.example/unsubscribe/y")
    other = made(recipient="+8613800138112")
    assert [one.verdict for one in decisions(session, mail, made(purpose="reminder"), other)] == ["send"] * 3


@pytest.mark.parametrize("state", ["failed", "dropped", "cancelled", "queued"])
def test_what_never_left_does_not_count(session: Session, made: Made, now: datetime, state: str) -> None:
    gone(session, made(), now - timedelta(hours=1), state)
    assert decisions(session, made())[0].verdict == "send"


def test_a_message_does_not_count_itself_when_it_is_tried_again(session: Session, made: Made, now: datetime) -> None:
    again = made()
    gone(session, again, now - timedelta(minutes=1), "sending")
    assert decisions(session, again)[0].verdict == "send"


def test_the_law_caps_what_the_chain_does_not(session: Session, made: Made, now: datetime) -> None:
    for key in settings.CAPS["marketing", "sms"]:
        say(session, key, None)
    vietnamese = {"recipient": "+84901234567", "text": "[QC] Lumi. Tu choi: soan TC"}
    batch = [made(**vietnamese) for _ in range(5)]
    assert [one.verdict for one in decisions(session, *batch)] == ["send"] * 3 + ["later"] * 2


def test_a_budget_is_reserved_settled_and_told_of(session: Session, made: Made, shop: Shop) -> None:
    say(session, settings.BUDGET, {"minor": 50, "currency": "CNY"}, shop.branch_id)
    batch = [made(recipient=f"+86138001382{n:02}") for n in range(12)]
    verdicts = [one.verdict for one in decisions(session, *batch)]
    assert verdicts == ["send"] * 10 + ["drop"] * 2
    told = session.scalars(select(OutboxRow.payload).where(OutboxRow.name == BudgetReached.name)).all()
    assert [one["percent"] for one in told] == [100]
    row = session.execute(select(MessageBudget)).scalar_one()
    assert (row.branch_id, row.month, row.reserved_micros, row.spent_micros) == (
        shop.branch_id,
        date(2026, 3, 1),
        500_000,
        0,
    )
    # The first cost twice as much as expected, the second nothing; said twice it is still said once.
    for _ in range(2):
        budgets.settle(session, {batch[0].id: 2 * SEGMENT, batch[1].id: 0, ids.uuid7(): 7})
    session.refresh(row)
    assert (row.reserved_micros, row.spent_micros) == (400_000, 100_000)


def test_a_second_attempt_reserves_nothing_more(session: Session, made: Made, shop: Shop) -> None:
    say(session, settings.BUDGET, {"minor": 5, "currency": "CNY"}, shop.branch_id)
    one = made()
    assert [decisions(session, one)[0].verdict for _ in range(3)] == ["send"] * 3
    assert session.scalar(select(MessageBudget.reserved_micros)) == SEGMENT


def test_a_message_that_nobody_takes_gives_its_money_back(session: Session, made: Made, now: datetime) -> None:
    one = made()
    decisions(session, one)
    gone(session, one, now, "sending")
    changes.fail(session, session.get_one(Message, one.id), "21211", reason="bad_number")
    spent = session.execute(select(MessageBudget.reserved_micros, MessageBudget.spent_micros)).one()
    assert tuple(spent) == (0, 0)


def test_confirmations_go_without_budget_unless_head_office_says_so(session: Session, made: Made, shop: Shop) -> None:
    say(session, settings.BUDGET, {"minor": 0, "currency": "CNY"}, shop.branch_id)
    purposes = ("marketing", "transactional", "reminder", "code", "incident")

    def verdicts() -> list[str]:
        return [one.verdict for one in decisions(session, *(made(purpose=purpose) for purpose in purposes))]

    assert verdicts() == ["drop", "send", "send", "send", "send"]
    say(session, settings.BUDGET_STOPS, True)
    assert verdicts() == ["drop", "drop", "drop", "send", "send"]


def test_other_branches_and_currencies_have_money_of_their_own(session: Session, made: Made, shop: Shop) -> None:
    say(session, settings.BUDGET, {"minor": 0, "currency": "CNY"}, shop.branch_id)
    others = [
        made(recipient="+8613800138201", branch_id=shop.second_branch_id),
        made(recipient="+8613800138202", branch_id=None),
        made(recipient="+8613800138203", currency="USD"),
    ]
    assert [one.reason for one in decisions(session, made(), *others)] == ["budget", "", "", ""]


def test_what_nothing_is_heard_of_costs_what_was_expected(session: Session, made: Made, now: datetime) -> None:
    decisions(session, made())
    budgets.settle_old(session)
    assert session.scalar(select(MessageBudget.reserved_micros)) == SEGMENT
    with clock.frozen(now + timedelta(days=4)):
        budgets.settle_old(session)
    row = session.execute(select(MessageBudget.reserved_micros, MessageBudget.spent_micros)).one()
    assert tuple(row) == (0, SEGMENT)


AT_ONCE = 6


@pytest.fixture
def rushed(committed: Database, shop: Shop, now: datetime) -> Iterator[Callable[[list[list[Envelope]]], list[str]]]:
    """Decides handfuls of messages in as many transactions at the same moment, each as the sender does it."""
    barrier = Barrier(AT_ONCE)

    def send(handful: list[Envelope]) -> list[str]:
        barrier.wait()
        with committed.transaction(shop.tenant) as session:
            found = decide(session, handful, now)
            for one in handful:
                if found[one.id].verdict == "send":
                    gone(session, one, now, "sending")
        return [found[one.id].verdict for one in handful]

    def rush(handfuls: list[list[Envelope]]) -> list[str]:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return [verdict for verdicts in pool.map(send, handfuls) for verdict in verdicts]

    yield rush
    world.empty(committed, shop)
    with committed.transaction(shop.tenant) as session:
        for table in (BudgetReservation, MessageBudget, SettingValue):
            session.execute(delete(table))


def test_two_that_are_decided_at_once_count_each_other(
    committed: Database, shop: Shop, rushed: Callable[[list[list[Envelope]]], list[str]]
) -> None:
    with committed.transaction(shop.tenant) as session:
        customer = agreed(session)
    verdicts = rushed([[envelope(shop, customer)] for _ in range(AT_ONCE)])
    assert sorted(verdicts) == ["later"] * (AT_ONCE - 1) + ["send"]


def test_many_at_once_never_spend_more_than_there_is(
    committed: Database, shop: Shop, rushed: Callable[[list[list[Envelope]]], list[str]]
) -> None:
    with committed.transaction(shop.tenant) as session:
        customer = agreed(session)
        for branch_id in (shop.branch_id, shop.second_branch_id):
            say(session, settings.BUDGET, {"minor": 50, "currency": "CNY"}, branch_id)
    # Each handful is for both branches and begins with the other one, so that they would lock crosswise.
    handfuls = [
        [
            envelope(
                shop,
                customer,
                recipient=f"+86138001{thread}{number:04}",
                branch_id=(shop.branch_id, shop.second_branch_id)[(thread + number) % 2],
            )
            for number in range(10)
        ]
        for thread in range(AT_ONCE)
    ]
    verdicts = rushed(handfuls)
    assert verdicts.count("send") == 20
    with committed.transaction(shop.tenant) as session:
        assert session.scalars(select(MessageBudget.reserved_micros)).all() == [10 * SEGMENT] * 2
