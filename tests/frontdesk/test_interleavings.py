"""Two devices, a customer and a lost answer at the same moment, on really committed transactions."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.pool import NullPool

from blueprints.booking import service
from blueprints.booking.errors import SlotTaken
from blueprints.booking.models import Booking
from blueprints.booking.service import records
from blueprints.booking.values import BookingRequest, CustomerInput
from blueprints.frontdesk import queries
from blueprints.frontdesk.schemas import OpIn, read_operation
from blueprints.frontdesk.service import exchange
from blueprints.frontdesk.service.work import MAY
from blueprints.frontdesk.values import Desk
from shopbell import clock
from tests.frontdesk.conftest import DAY, ELEVEN, TEN, new_booking, op
from tests.support import world
from tests.support.world import Shop

PATIENCE = 10


class Desks:
    """Devices of one branch, each exchange in a transaction of its own."""

    def __init__(self, database: Any, shop: Shop) -> None:
        self.database, self.shop = database, shop

    def transaction(self) -> Any:
        return self.database.transaction(self.shop.tenant)

    def send(self, *ops: dict[str, Any], session: Any = None) -> list[dict[str, Any]]:
        desk = Desk(self.shop.branch_id, clock.zone("Asia/Shanghai"), "tablet", UUID(int=1), held=MAY)
        work = [read_operation(OpIn().load(sent)) for sent in ops]
        if session is not None:
            return exchange(session, desk, work)
        with self.transaction() as fresh:
            return exchange(fresh, desk, work)

    def booked(self, start: int = TEN) -> str:
        result = self.send(op("booking.create", new_booking(self.shop, start, self.shop.people[0])))[0]
        assert result["status"] == "applied"
        return str(result["id"])

    def changes(self, cursor: str | None) -> dict[str, Any]:
        with self.transaction() as session:
            return queries.changes(session, self.shop.branch_id, None, cursor)

    def shown(self, booking_id: str) -> dict[str, Any]:
        rows = self.changes(None)["changes"]
        return next(row["data"] for row in rows if row["id"] == booking_id)


@pytest.fixture
def desks(committed, shops, now) -> Iterator[Desks]:
    """The first chain's book, really committed, empty before and after."""
    shop = shops[0]

    world.empty(committed, shop)
    yield Desks(committed, shop)
    world.empty(committed, shop)


def together(*works: Callable[[], Any]) -> list[Any]:
    """Run all of it at once."""
    start = threading.Barrier(len(works))

    def begin(work: Callable[[], Any]) -> Any:
        start.wait(PATIENCE)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return [done.result(PATIENCE) for done in [pool.submit(begin, work) for work in works]]


def test_two_copies_of_one_operation_at_once_are_done_once(desks):
    wanted = op("booking.create", new_booking(desks.shop, TEN, desks.shop.people[0]))
    answers = together(*[lambda: desks.send(wanted)[0]] * 4)
    assert sorted(answer.get("duplicate", False) for answer in answers) == [False, True, True, True]
    assert {answer["id"] for answer in answers} == {wanted["p"]["id"]}
    with desks.transaction() as session:
        assert session.scalar(select(func.count()).select_from(Booking)) == 1


def test_the_second_copy_waits_for_the_first_and_does_the_work_when_that_fails(desks):
    wanted = op("booking.create", new_booking(desks.shop, TEN, desks.shop.people[0]))
    with ThreadPoolExecutor(1) as pool:

        def first() -> None:
            with desks.transaction() as session:
                desks.send(wanted, session=session)
                waiting.append(pool.submit(desks.send, wanted))
                until_somebody_waits(desks)
                raise ConnectionAbortedError

        waiting: list[Future[Any]] = []
        with pytest.raises(ConnectionAbortedError):
            first()
        assert waiting[0].result(PATIENCE) == [
            {"op_id": wanted["op_id"], "status": "applied", "id": wanted["p"]["id"]},
        ]


def until_somebody_waits(desks: Desks) -> None:
    # The locks of all databases of the cluster are in one list.
    ours = "select pid from pg_stat_activity where datname = current_database()"
    waiting = text(f"select count(*) from pg_locks where not granted and pid in ({ours})")
    for _ in range(2000):
        with desks.transaction() as session:
            if session.scalar(waiting):
                return
    raise AssertionError("nobody waits for a lock")


def test_two_desks_promise_one_time_and_both_promises_are_kept(desks):
    wishes = [op("booking.create", new_booking(desks.shop, TEN, desks.shop.people[0])) for _ in range(2)]
    answers = together(*[lambda wish=wish: desks.send(wish)[0] for wish in wishes])
    assert sorted(answer["status"] for answer in answers) == ["applied", "clash"]
    clashing = next(answer["id"] for answer in answers if answer["status"] == "clash")
    standing = next(answer["id"] for answer in answers if answer["status"] == "applied")
    assert desks.shown(clashing)["clash"]["with"] == standing


def test_two_desks_move_one_booking_at_once(desks):
    made, people = desks.booked(), desks.shop.people
    moves = [
        op("booking.move", {"id": made, "person": str(people[0]), "day": DAY, "start": ELEVEN}, slot=0),
        op("booking.move", {"id": made, "person": str(people[1]), "day": DAY, "start": 780}, slot=0),
    ]
    answers = together(*[lambda move=move: desks.send(move)[0] for move in moves])
    assert sorted(answer["status"] for answer in answers) == ["applied", "clash"]
    winner = [answer["status"] for answer in answers].index("applied")
    shown = desks.shown(made)
    assert (shown["start"], shown["clash"]["mine"]["start"]) == (
        moves[winner]["p"]["start"],
        moves[1 - winner]["p"]["start"],
    )


def test_the_customer_cancels_while_the_desk_goes_on(desks):
    made = desks.booked()

    def arrive() -> str:
        return str(desks.send(op("booking.status", {"id": made, "status": "arrived"}))[0]["status"])

    with desks.transaction() as session:
        records.lock(session, UUID(made))
        with ThreadPoolExecutor(1) as pool:
            desk = pool.submit(arrive)
            until_somebody_waits(desks)
            service.cancel(session, UUID(made), reason="online", by="customer")
            session.commit()
            assert desk.result(PATIENCE) == "clash"
    shown = desks.shown(made)
    assert (shown["status"], shown["clash"]["why"]) == ("arrived", "cancelled_by_customer")


def test_what_a_session_saw_before_it_waited_is_forgotten(desks):
    made = desks.booked()
    again = op("booking.create", new_booking(desks.shop, TEN, desks.shop.people[0], id=made))
    with desks.transaction() as early:
        assert desks.send(again, session=early)[0]["status"] == "applied"
        with desks.transaction() as session:
            service.cancel(session, UUID(made))
        move = {"id": made, "person": str(desks.shop.people[0]), "day": DAY, "start": ELEVEN}
        result = desks.send(op("booking.move", move, slot=0), session=early)[0]
    assert result["code"] == "cancelled_meanwhile"


def test_one_walk_in_called_by_two_desks_is_served_by_one(desks):
    waiting = str(uuid4())
    desks.send(op("walkin.add", {"id": waiting, "name": "Herr Braun", "service": str(desks.shop.fitting)}))
    nine = clock.at_local(clock.now().date(), 540, clock.zone("Asia/Shanghai"))
    with clock.frozen(nine):
        calls = [
            op("walkin.seat", {"id": waiting, "booking_id": str(uuid4()), "person": str(person)})
            for person in desks.shop.people
        ]
        answers = together(*[lambda call=call: desks.send(call)[0] for call in calls])
    assert [answer["status"] for answer in answers] == ["applied", "applied"]
    assert answers[0]["id"] == answers[1]["id"]
    with desks.transaction() as session:
        assert session.scalar(select(func.count()).select_from(Booking)) == 1


def test_a_web_booking_and_the_desk_want_one_time(desks):
    shop = desks.shop
    at = clock.at_local(clock.now().date(), TEN, clock.zone("Asia/Shanghai"))
    wanted = BookingRequest(shop.branch_id, shop.eye_test, at, CustomerInput("Web", "13912345678"), shop.people[0])

    def web() -> str:
        try:
            with desks.transaction() as session:
                service.reserve(session, wanted)
        except SlotTaken:
            return "taken"
        return "booked"

    def desk() -> str:
        return str(desks.send(op("booking.create", new_booking(shop, TEN, shop.people[0])))[0]["status"])

    assert set(together(web, desk)) in ({"booked", "clash"}, {"taken", "applied"})


def test_a_change_that_is_committed_late_is_not_missed(desks):
    """A device reads while an older transaction still runs; what that one writes comes with the next exchange."""
    made = desks.booked()
    cursor = desks.changes(None)["cursor"]
    assert [row["id"] for row in desks.changes(cursor)["changes"]] in ([], [made])
    with desks.transaction() as slow:
        service.set_note(slow, UUID(made), "written early, committed late")
        other = desks.booked(ELEVEN)
        seen = desks.changes(cursor)
        assert other in {row["id"] for row in seen["changes"]}
    later = {row["id"]: row["data"] for row in desks.changes(seen["cursor"])["changes"]}
    assert later[made]["note"] == "written early, committed late"


@pytest.fixture
def elsewhere(server_urls) -> Iterator[Connection]:
    """Another database of the cluster, in a transaction that has written and stays open, as tests beside these do."""
    engine = create_engine(server_urls.database_url, poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("select pg_current_xact_id()"))
        yield connection


def until_none_of_ours_runs(desks: Desks) -> None:
    running = text(
        "select count(*) from pg_stat_activity where datname = current_database() and backend_xid is not null"
    )
    for _ in range(2000):
        with desks.transaction() as session:
            if not session.scalar(running):
                return
    raise AssertionError("a transaction never ends")


def take_as_older(desks: Desks, booking_id: str) -> None:
    """What a committed transaction wrote becomes older than all that run: others' are not ours to wait for."""
    stamp = """
        update bookings set changed_xid = (pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1)::text::xid8
         where id = :booking and pg_xact_status(changed_xid) = 'committed' returning id
    """
    with desks.transaction() as session:
        assert session.scalar(text(stamp), {"booking": booking_id})


def oldest_running(desks: Desks) -> int:
    with desks.transaction() as session:
        return int(session.scalar(text("select pg_snapshot_xmin(pg_current_snapshot())::text")))


def test_nothing_new_is_nothing_sent(desks, elsewhere):
    """A cursor stands before every transaction that still runs in any database of the cluster: until it has ended, rows
    come again. Once all that ran beside the booking have, they do not; and the cursor goes on as they end."""
    made = desks.booked()
    cursor = desks.changes(None)["cursor"]
    assert [row["id"] for row in desks.changes(cursor)["changes"]] == [made]
    until_none_of_ours_runs(desks)
    take_as_older(desks, made)
    cursor = desks.changes(None)["cursor"]
    for _ in range(3):
        answer = desks.changes(cursor)
        assert answer["changes"] == []
        cursor = answer["cursor"]
    elsewhere.rollback()
    oldest = oldest_running(desks)
    assert int(desks.changes(cursor)["cursor"]) >= oldest


def test_two_desks_that_wait_for_each_other_both_get_through(desks):
    """Whoever is chosen to end the deadlock keeps what was done before it and sends the rest again."""
    one, other = desks.booked(TEN), desks.booked(ELEVEN)
    for _ in range(3):
        batches = [
            [op("booking.note", {"id": booking, "note": "x"}) for booking in order]
            for order in ((one, other), (other, one))
        ]
        for answers in together(*[lambda batch=batch: desks.send(*batch) for batch in batches]):
            assert {answer["status"] for answer in answers} <= {"applied", "error"}
            assert answers[0]["status"] == "applied"
        for batch in batches:
            assert [answer["status"] for answer in desks.send(*batch)] == ["applied", "applied"]
