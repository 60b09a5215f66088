"""By which account a text message goes, and how trust in one is lost and won again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.messaging.channels.sms.contract import Heard, Receipt
from blueprints.messaging.channels.sms.health import FULL, LEAST, Standing, Tally, in_order, steps
from blueprints.messaging.channels.sms.refs import reference
from blueprints.messaging.models import SmsHealth, SmsRef
from blueprints.messaging.service import intake, routes
from shopbell import clock, ids, runtime
from shopbell.sms_providers import SmsProvider
from tests.messaging.outside import later
from tests.support.letters import new_message
from tests.support.world import Shop

NOW = datetime(2026, 3, 2, tzinfo=UTC)
FIRST = SmsProvider(
    "first", "twilio", "AC1", "t", position=0, prices=(("+84", 20_000), ("+8490", 15_000)), currency="USD"
)
SECOND = SmsProvider("second", "twilio", "AC2", "t", position=1, prefixes=("+84",), purposes=("reminder",))
CHINA = SmsProvider("china", "alibaba", "AK", "s", position=2, prefixes=("+86",))


def test_the_first_account_that_serves_number_and_purpose_is_asked_first() -> None:
    keys = [one.key for one in in_order((CHINA, SECOND, FIRST), {}, uuid4(), "+84901234567", "reminder")]
    assert keys == ["first", "second"]
    assert [one.key for one in in_order((CHINA, SECOND), {}, uuid4(), "+84901234567", "code")] == []


def test_an_account_with_half_its_share_is_asked_first_for_half_of_the_messages() -> None:
    firsts = [in_order((FIRST, SECOND), {"first": 50}, uuid4(), "+84901", "reminder")[0].key for _ in range(2000)]
    assert 850 < firsts.count("first") < 1150


def test_errors_and_slowness_take_share_away_in_steps_a_minute_apart() -> None:
    tallies = {"first": Tally(taken=7, troubled=3), "second": Tally(taken=10)}
    assert steps(["first", "second"], {}, tallies, NOW) == {"first": (70, "errors")}
    just_now = {"first": Standing(70, 1, NOW - timedelta(seconds=59))}
    assert steps(["first", "second"], just_now, tallies, NOW) == {}
    slow = {"first": Tally(taken=10, slow=2)}
    assert steps(["first", "second"], {}, slow, NOW) == {"first": (70, "slow")}
    down = {"first": Tally(taken=0, troubled=9)}
    assert steps(["first", "second"], {}, down, NOW) == {"first": (LEAST, "down")}


def test_an_account_that_says_nothing_of_half_its_messages_loses_share_too() -> None:
    tallies = {"first": Tally(taken=9, due=10, unheard=5), "second": Tally(due=10, unheard=4)}
    assert steps(["first", "second"], {}, tallies, NOW) == {"first": (70, "unheard")}
    assert steps(["first", "second"], {}, {"first": Tally(due=4, unheard=4)}, NOW) == {}


def test_nothing_changes_while_all_are_in_trouble_or_hardly_anything_happened() -> None:
    bad = Tally(taken=1, troubled=9)
    assert steps(["first", "second"], {}, {"first": bad, "second": bad}, NOW) == {}
    assert steps(["first"], {}, {"first": bad}, NOW) == {}
    assert steps(["first", "second"], {}, {"first": Tally(troubled=4)}, NOW) == {}


def test_calm_gives_share_back_in_smaller_steps() -> None:
    low = {"first": Standing(LEAST, 3, NOW - timedelta(minutes=5))}
    assert steps(["first", "second"], low, {}, NOW) == {"first": (LEAST + 10, "calm")}
    assert steps(["first", "second"], {"first": Standing(95, 3, NOW - timedelta(hours=1))}, {}, NOW) == {
        "first": (FULL, "calm")
    }


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50), st.integers(0, 600)), max_size=60))
def test_a_share_stays_between_its_least_and_all_of_it(hours: list[tuple[int, int, int]]) -> None:
    standing, now = Standing(), NOW
    for taken, troubled, seconds in hours:
        now += timedelta(seconds=seconds)
        step = steps(["a", "b"], {"a": standing}, {"a": Tally(taken, troubled)}, now).get("a")
        if step:
            standing = Standing(step[0], standing.version + 1, now, step[1])
        assert LEAST <= standing.share <= FULL


@pytest.fixture
def two_accounts() -> Iterator[None]:
    """An installation with two accounts."""
    before = runtime.settings()
    runtime.install(replace(before, sms_account_sid="", sms_providers=(FIRST, replace(SECOND, purposes=()))))
    routes.forget()
    yield
    routes.forget()
    runtime.install(before)


def first_choice(session: Session) -> set[str]:
    ways = routes.ways(session)
    return {ways.choose(uuid4(), "+84901234567", "reminder")[0].key for _ in range(200)}


@pytest.mark.usefixtures("two_accounts", "shop")
def test_what_happened_to_messages_moves_the_next_ones_elsewhere_and_back(session: Session) -> None:
    assert first_choice(session) == {"first"}
    for _ in range(10):
        routes.told("first", "troubled", 1.0)
        routes.told("second", "taken", 0.1)
    with later(3):
        assert "second" in first_choice(session)
        (health,) = session.scalars(select(SmsHealth))
        assert (health.account, health.share, health.version, health.reason) == ("first", LEAST, 1, "down")
        # Another process knows it without having seen any of it.
        routes.forget()
        assert "second" in first_choice(session)
    with later(minutes=12):
        first_choice(session)
        session.expire_all()
        (health,) = session.scalars(select(SmsHealth))
        assert (health.share, health.version, health.reason) == (LEAST + 10, 2, "calm")


def taken(session: Session, account: str, *ago: timedelta, status: str = "sent", **more: object) -> None:
    """Messages that the account took so long ago, and what it has said of them."""
    for each in ago:
        at = clock.now() - each
        id_ = UUID(int=ids.earliest(at).int + ids.uuid7().int % 2**80)
        values = {"tenant_id": uuid4(), "message_id": uuid4(), "ref": str(id_), "number_mark": 0, **more}
        session.add(SmsRef(id=id_, account=account, status=status, at=at, **values))
    session.flush()


@pytest.mark.usefixtures("two_accounts", "shop")
def test_receipts_that_stop_coming_move_the_next_messages_elsewhere(session: Session) -> None:
    for account in ("first", "second"):
        taken(session, account, timedelta(hours=3), status="delivered")
        taken(session, account, *[timedelta(minutes=3)] * 50)
    taken(session, "second", *[timedelta(minutes=7)] * 6, status="failed")
    taken(session, "first", *[timedelta(minutes=7)] * 4)
    assert first_choice(session) == {"first"}
    taken(session, "first", timedelta(minutes=13))
    with later(3):
        # Counted once a minute.
        assert first_choice(session) == {"first"}
    with later(61):
        assert "second" in first_choice(session)
        session.expire_all()
        (health,) = session.scalars(select(SmsHealth))
        assert (health.account, health.share, health.reason) == ("first", 70, "unheard")
        (state, _second) = routes.overview(session)
        assert (state.tally.due, state.tally.unheard) == (5, 5)


@pytest.mark.usefixtures("two_accounts", "shop")
def test_an_account_that_never_told_anything_is_not_waited_for(session: Session) -> None:
    taken(session, "first", *[timedelta(minutes=7)] * 20)
    assert first_choice(session) == {"first"}


@pytest.mark.usefixtures("two_accounts")
def test_a_receipt_by_our_own_reference_counts_as_heard(session: Session, shop: Shop) -> None:
    sent = {"recipient": "+84901234567", "body": "Hello", "channel": "sms", "state": "sent", "account": "first"}
    told = [new_message(session, **sent).id for _ in range(6)]
    for message_id in told:
        taken(session, "first", timedelta(minutes=7), message_id=message_id)
    receipts = [
        Receipt(str(message_id), "delivered", reference=reference(shop.tenant.id, message_id)) for message_id in told
    ]
    intake.take(session, FIRST, Heard(receipts))
    assert first_choice(session) == {"first"}
    assert set(session.scalars(select(SmsRef.status))) == {"delivered"}


@pytest.mark.usefixtures("two_accounts", "shop")
def test_a_price_is_that_of_the_account_asked_first_and_of_the_longest_beginning(session: Session) -> None:
    ways = routes.ways(session)
    price = ways.price(uuid4(), "+84901234567", "reminder", 2)
    assert price == routes.Price("first", 30_000, "USD")
    assert ways.price(uuid4(), "+1555", "reminder", 1) is None
    assert ways.rate("first") == 0


@pytest.mark.usefixtures("shop")
def test_a_sign_in_front_of_a_chinese_text_is_paid_too() -> None:
    signed = replace(CHINA, sender="明眸眼镜", prices=(("+86", 45_000),), currency="CNY")
    ways = routes.Ways((signed,))
    body = "您" * 66
    assert ways.price(uuid4(), "+8613800138000", "code", 1, ["china"]) == routes.Price("china", 45_000, "CNY")
    assert ways.price(uuid4(), "+8613800138000", "code", 1, ["china"], body) == routes.Price("china", 90_000, "CNY")
