"""Moving a chain to another database server: read all the while, nothing lost, nothing doubled, one copy served."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from blueprints.access import api as access
from blueprints.app import create_app
from blueprints.registry import handlers
from shopbell import clock, due, ids
from shopbell.db import Database
from shopbell.errors import Invalid
from shopbell.http.app import ShopbellApp
from shopbell.settings import Settings
from shopbell.tenancy import TenantContext
from tenants import contents, erase, life, loading, migrate, resolve
from tenants.move import copy, fence, moving
from tenants.resolve import Directory
from tests.support import world
from tests.support.world import Shop
from tests.tenants.test_two_servers import client
from workers.drain import Drain

KNOWN_SECONDS = 0.2
THREADS = 3
BOOKINGS_EACH = 12


@pytest.fixture
def chain(two_servers: Database) -> Shop:
    """A chain on `main`."""
    shop = world.build(two_servers, f"moves-{ids.uuid7().hex[-6:]}")
    if shop.tenant.server != "main":
        shop = world.build(two_servers, f"moves-{ids.uuid7().hex[-6:]}")
    assert shop.tenant.server == "main"
    return shop


@pytest.fixture
def quickly_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolve, "REMEMBER_SECONDS", KNOWN_SECONDS)


@pytest.fixture
def app(two_servers: Database, settings: Settings) -> ShopbellApp:
    return create_app(settings, two_servers)


def moved(database: Database, tenant: TenantContext, target: str = "second") -> TenantContext:
    return moving.move(database, tenant, target, until_known=2 * KNOWN_SECONDS)


def named(database: Database, tenant: TenantContext) -> TenantContext:
    found = Directory(database).by_slug(tenant.slug)
    assert found
    return found


def scalars(database: Database, tenant: TenantContext, statement: str) -> list[Any]:
    with database.transaction(tenant) as session:
        return list(session.scalars(text(statement)))


def token(database: Database, program: FlaskClient, tenant: TenantContext) -> str:
    with database.transaction(tenant) as session:
        client_id, secret = access.create_client(session, "test", ["booking"])
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret, "scope": "booking"}
    found: str = program.post("/oauth/token", data=form).get_json()["access_token"]
    return found


def book(program: FlaskClient, bearer: str, shop: Shop, start: datetime, key: str) -> Any:
    wanted = {
        "branch": str(shop.branch_id),
        "service": str(shop.fitting),
        "start": start.isoformat(),
        "customer": {"name": "李明", "phone": f"+8613800{key[-6:]}", "email": "li@example.com"},
    }
    return program.post(
        "/api/v1/bookings", json=wanted, headers={"Authorization": f"Bearer {bearer}", "Idempotency-Key": key}
    )


class Crowd:
    """Threads that book one time after the other, and try again when they are told to."""

    def __init__(self, app: ShopbellApp, shop: Shop, bearer: str) -> None:
        self.app, self.shop, self.bearer = app, shop, bearer
        self.booked: list[str] = []
        self.told: set[str] = set()
        self.reads: list[int] = []
        self.some_are_booked = threading.Event()
        self.moved = threading.Event()
        self.done = threading.Event()

    def booker(self, number: int) -> None:
        program = client(self.app, self.shop.tenant)
        for turn in range(BOOKINGS_EACH):
            if turn == BOOKINGS_EACH - 1:
                # However quick this machine books or slowly it copies: the last ones come when the chain has moved.
                self.moved.wait(60)
            start = datetime.fromisoformat("2026-03-04T09:00:00+08:00") + timedelta(days=number, minutes=30 * turn)
            while True:
                answer = book(program, self.bearer, self.shop, start, f"load-{number:03}{turn:03}")
                if answer.status_code == 201:
                    break
                assert (answer.status_code, answer.get_json()["code"]) == (503, "moving"), answer.text
                self.told.add(answer.headers["Retry-After"])
                threading.Event().wait(0.05)
            self.booked.append(answer.get_json()["id"])
            if len(self.booked) >= THREADS * 2:
                self.some_are_booked.set()

    def knocker(self) -> None:
        """Asks all the time for an hour at night, so that somebody writes at every moment of the move."""
        program = client(self.app, self.shop.tenant)
        self.some_are_booked.wait(60)
        number = 0
        while not self.done.is_set():
            number += 1
            start = datetime.fromisoformat("2026-03-04T03:00:00+08:00")
            answer = book(program, self.bearer, self.shop, start, f"knock-{number:06}")
            assert answer.status_code in {422, 503}, answer.text
            if answer.status_code == 503:
                self.told.add(answer.headers["Retry-After"])
            self.done.wait(0.05)

    def reader(self) -> None:
        program = client(self.app, self.shop.tenant)
        while not self.done.is_set():
            self.reads.append(program.get("/").status_code)
            self.done.wait(0.05)


@pytest.mark.proves("T7")
@pytest.mark.usefixtures("quickly_known", "morning")
def test_a_chain_that_is_booked_while_it_moves_loses_no_booking_and_doubles_none(
    two_servers: Database, chain: Shop, app: ShopbellApp
) -> None:
    bearer = token(two_servers, client(app, chain.tenant), chain.tenant)
    crowd = Crowd(app, chain, bearer)
    with ThreadPoolExecutor(THREADS + 2) as pool:
        others = [pool.submit(crowd.reader), pool.submit(crowd.knocker)]
        bookers = [pool.submit(crowd.booker, number) for number in range(THREADS)]
        assert crowd.some_are_booked.wait(60)
        there = moved(two_servers, chain.tenant)
        crowd.moved.set()
        for booker in bookers:
            booker.result(timeout=120)
        crowd.done.set()
        for other in others:
            other.result(timeout=60)

    assert named(two_servers, chain.tenant).server == "second"
    kept = [str(found) for found in scalars(two_servers, there, "select id from bookings")]
    assert sorted(kept) == sorted(crowd.booked)
    assert len(kept) == THREADS * BOOKINGS_EACH
    old = {str(found) for found in scalars(two_servers, chain.tenant, "select id from bookings")}
    assert old < set(kept), "some were booked before the move, and some after it"
    assert set(crowd.reads) == {200}
    assert crowd.told == {"15"}


@pytest.mark.usefixtures("quickly_known")
def test_due_work_goes_along_and_is_done_once_where_the_chain_is(two_servers: Database, chain: Shop) -> None:
    with two_servers.transaction(chain.tenant) as session:
        due.schedule(session, "test.later", "one", clock.now())
    there = moved(two_servers, chain.tenant)
    counted = f"select kind from shared.due_work where tenant_id = '{there.id}' order by kind"
    assert scalars(two_servers, there, counted) == ["operator.count_use", moving.KIND, "test.later"]
    with two_servers.transaction(None, server="main") as session:
        assert session.scalars(text(counted)).all() == []


@pytest.mark.usefixtures("quickly_known")
def test_the_old_copy_goes_when_its_time_is_over(two_servers: Database, chain: Shop) -> None:
    there = moved(two_servers, chain.tenant)
    gone = text("select to_regnamespace(:name) is null")
    drain = Drain(two_servers, Directory(two_servers).by_id, handlers(), threads=1)
    drain.tenant(there.id)
    with two_servers.transaction(None, server="main") as session:
        assert not session.scalar(gone, {"name": there.schema})
    with clock.frozen(clock.now() + moving.GRACE + timedelta(seconds=1)):
        drain.tenant(there.id)
    with two_servers.transaction(None, server="main") as session:
        assert session.scalar(gone, {"name": there.schema})
        assert (
            session.scalar(text("select count(*) from shared.tenant_moves where tenant_id = :id"), {"id": there.id})
            == 0
        )
    assert scalars(two_servers, there, "select count(*) from branches") == [2]


@pytest.mark.usefixtures("quickly_known")
def test_the_old_copy_takes_no_change_even_from_who_has_not_heard_of_the_move(
    two_servers: Database, chain: Shop
) -> None:
    moved(two_servers, chain.tenant)
    assert scalars(two_servers, chain.tenant, "select count(*) from branches") == [2]
    with pytest.raises(DBAPIError, match="is being moved"), two_servers.transaction(chain.tenant) as session:
        session.execute(text("delete from customers"))


@pytest.mark.usefixtures("quickly_known")
def test_visitors_are_told_in_their_language_and_may_look_around(
    two_servers: Database, chain: Shop, app: ShopbellApp
) -> None:
    with two_servers.transaction(None) as directory:
        moving.begin(directory, chain.tenant, "second")
    visitor = client(app, chain.tenant)
    assert visitor.get("/").status_code == 200
    page = visitor.post("/sign-in?lang=en", data={"email": "a@example.com", "password": "none"})
    assert (page.status_code, page.headers["Retry-After"]) == (503, "15")
    assert "being moved" in page.text
    assert Directory(two_servers).by_id(chain.tenant.id) is None, "its work waits"
    assert moving.cancel(two_servers, chain.tenant)
    assert not moving.cancel(two_servers, chain.tenant)
    assert Directory(two_servers).by_id(chain.tenant.id)


@pytest.mark.parametrize("step", ["make", "checksum", "note"])
@pytest.mark.usefixtures("quickly_known")
def test_a_move_that_fails_leaves_the_chain_where_it_was_and_can_be_repeated(
    two_servers: Database, chain: Shop, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_: object, **__: object) -> Any:
        raise RuntimeError("the server went away")

    owner = {"make": loading, "checksum": contents, "note": migrate}[step]
    with monkeypatch.context() as patched:
        patched.setattr(owner, step, fail)
        with pytest.raises(RuntimeError):
            moved(two_servers, chain.tenant)
    assert named(two_servers, chain.tenant).server == "main"
    assert Directory(two_servers).by_id(chain.tenant.id)
    with two_servers.transaction(chain.tenant) as session:
        session.execute(text("update branches set phone = '+862150009999'"))
    with two_servers.transaction(None, server="second") as session:
        assert session.scalar(text("select to_regnamespace(:name) is null"), {"name": chain.tenant.schema})
    there = moved(two_servers, chain.tenant)
    assert set(scalars(two_servers, there, "select phone from branches")) == {"+862150009999"}


@pytest.mark.parametrize("step", ["_wait_for_work", "_transfer", "_switch", "settle"])
@pytest.mark.usefixtures("quickly_known")
def test_after_a_crash_at_any_point_one_copy_is_served_and_the_command_finishes_the_move(
    two_servers: Database, chain: Shop, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def die(*_: object, **__: object) -> Any:
        # Nothing tidies up after this one, as nothing does after a crash.
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(moving, step, die)
        with pytest.raises(KeyboardInterrupt):
            moved(two_servers, chain.tenant)
    now = named(two_servers, chain.tenant)
    assert now.server == ("second" if step == "settle" else "main")
    assert scalars(two_servers, now, "select count(*) from branches") == [2]
    there = moved(two_servers, now)
    assert named(two_servers, chain.tenant).server == there.server == "second"
    with two_servers.transaction(there) as session:
        session.execute(text("update branches set phone = '+862150009999'"))
    counted = f"select kind from shared.due_work where tenant_id = '{there.id}' order by kind"
    assert scalars(two_servers, there, counted) == ["operator.count_use", moving.KIND]


@pytest.mark.usefixtures("quickly_known")
def test_a_chain_may_go_back_at_once(two_servers: Database, chain: Shop) -> None:
    there = moved(two_servers, chain.tenant)
    with two_servers.transaction(there) as session:
        session.execute(text("update branches set phone = '+862150009999'"))
    back = moved(two_servers, there, "main")
    assert set(scalars(two_servers, back, "select phone from branches")) == {"+862150009999"}
    with two_servers.transaction(back) as session:
        session.execute(text("update branches set phone = '+862150001111'"))


def test_a_copy_that_differs_is_never_switched_to(
    two_servers: Database, chain: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = copy._copy_table

    def spoil(source: Any, target: Any, table: Any, own: Any, tenant: Any) -> int:
        rows = copied(source, target, table, own, tenant)
        if table.name == "branches":
            target.execute(text("update branches set phone = '+862150007777' where position = 0"))
        return rows

    monkeypatch.setattr(copy, "_copy_table", spoil)
    with pytest.raises(copy.NotTheSame, match="branches"):
        moving.move(two_servers, chain.tenant, "second", until_known=0)
    assert named(two_servers, chain.tenant).server == "main"


def test_what_cannot_be_moved_is_refused(two_servers: Database, chain: Shop) -> None:
    with pytest.raises(Invalid) as refused:
        moving.move(two_servers, chain.tenant, "third")
    assert list(refused.value.fields) == ["server"]
    with moving._alone(two_servers, chain.tenant), pytest.raises(moving.UnderWay):
        moving.move(two_servers, chain.tenant, "second")
    with two_servers.transaction(None) as directory:
        moving.begin(directory, chain.tenant, "second")
        life.suspend(directory, chain.tenant)
    with pytest.raises(erase.OnTheMove):
        erase.erase(two_servers, chain.tenant, confirmed=chain.tenant.slug, by="a test")
    assert moving.cancel(two_servers, chain.tenant)


def test_a_fence_waits_for_whoever_has_begun(two_servers: Database, chain: Shop) -> None:
    with ThreadPoolExecutor(1) as pool:
        with two_servers.transaction(chain.tenant) as session:
            session.execute(text("update branches set phone = '+862150009999'"))
            closing = pool.submit(fence.close, two_servers, chain.tenant)
            assert not threading.Event().wait(1)
            assert not closing.done()
        closing.result(timeout=30)
    assert set(scalars(two_servers, chain.tenant, "select phone from branches")) == {"+862150009999"}
    fence.open_again(two_servers, chain.tenant)
