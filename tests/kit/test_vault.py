"""Personal data are sealed, found by blind indexes, sealed anew with new keys, and sealed where they were in clear."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from blueprints.crm import api as crm
from blueprints.crm import queries, service
from blueprints.crm.models import EMAIL, PHONE, SEALED, WHOLE
from blueprints.messaging.models import ADDRESS_KEY
from blueprints.registry import handlers, sealed
from shopbell import clock, due, ids, runtime
from shopbell.db import Database, is_deadlock
from shopbell.http.idempotency import IdempotencyKey, kept
from shopbell.settings import BadSettings, Settings
from shopbell.tenancy import TenantContext, entered
from shopbell.vault import keys, masters, ring, sealing
from shopbell.vault.masters import BadMasters, HeldMasters, NoSuchMaster
from shopbell.vault.ring import Key, Ring, Unopened
from tenants import provisioning
from tenants.provisioning import NewTenant
from tests.support.letters import letters, new_message
from workers.drain import Drain

NEEDED = {"DATABASE_URL": "postgresql://main/db", "REDIS_URL": "redis://r"}
NUMBER, ADDRESS, NOTES = "+8613812345678", "fang@example.com", "怕冷 · likes tea"
HTML = "<p>你好 · xin chào</p>" * 200
CLEAR = "select count(*) from customers where phone is not null or email is not null or notes <> ''"


def ring_of(tenant_id=None, *, number: int = 1) -> Ring:
    made = {n: Key(b"", bytes([n]) * 32, AESGCM(bytes([n]) * 32), seals=True) for n in (0, number)}
    return Ring(tenant_id or ids.uuid7(), made, {"customers": (True, True)})


def test_a_sealed_value_opens_in_its_own_row_column_and_tenant_alone():
    tenant, row = ids.uuid7(), ids.uuid7()
    mine = ring_of(tenant)
    sealed_number = mine.seal(PHONE, row, NUMBER)
    assert NUMBER.encode() not in sealed_number
    assert mine.open(PHONE, row, sealed_number) == NUMBER
    assert mine.seal(PHONE, row, NUMBER) != sealed_number
    altered = sealed_number[:-1] + bytes([sealed_number[-1] ^ 1])
    for keys_of, column, where, value in (
        (mine, PHONE, ids.uuid7(), sealed_number),
        (mine, EMAIL, row, sealed_number),
        (ring_of(), PHONE, row, sealed_number),
        (mine, PHONE, row, altered),
        (ring_of(tenant, number=2), PHONE, row, sealed_number),
    ):
        with pytest.raises(Unopened) as refused:
            keys_of.open(column, where, value)
        assert NUMBER not in str(refused.value)


def test_equal_values_have_equal_indexes_in_one_column_of_one_tenant():
    mine, again, other = ring_of(), ring_of(), ring_of(number=2)
    assert mine.index(WHOLE, NUMBER) == again.index(WHOLE, NUMBER) == other.index(WHOLE, NUMBER)
    assert mine.index(WHOLE, NUMBER) != mine.index(WHOLE, NUMBER[:-1] + "9")
    assert mine.index(PHONE.blind[1], "5678") != mine.index(replace(PHONE.blind[1], column="other"), "5678")


def test_production_does_not_start_without_master_keys(tmp_path):
    live = {**NEEDED, "SHOPBELL_ENVIRONMENT": "production"}
    for name in ("SECRET_KEY", "BASE_DOMAIN", "SMTP_URL", "MAIL_FROM"):
        live[f"SHOPBELL_{name}"] = "x"
    for name in ("SMS_API_BASE", "SMS_ACCOUNT_SID", "SMS_AUTH_TOKEN", "SMS_FROM"):
        live[f"SHOPBELL_{name}"] = "x"
    with pytest.raises(BadSettings, match="SHOPBELL_MASTER_KEYS is missing"):
        Settings.load(live)
    second, first = masters.new("k2"), masters.new("k1")
    loaded = Settings.load({**live, "SHOPBELL_MASTER_KEYS": f"{second}, {first}"})
    assert [name for name, _ in loaded.master_keys] == ["k2", "k1"]
    assert second.partition(":")[2] not in repr(loaded)
    file = tmp_path / "keys"
    file.write_text(f"{second}\n{first}\n")
    assert Settings.load({**live, "SHOPBELL_MASTER_KEYS_FILE": str(file)}).master_keys == loaded.master_keys
    assert Settings.load(NEEDED).master_keys


@pytest.mark.parametrize("wrong", ["short:" + base64.b64encode(b"abc").decode(), "K:x", "nothing", "a:%%%"])
def test_a_master_key_that_is_none_is_refused_without_showing_it(wrong):
    with pytest.raises(BadSettings, match="SHOPBELL_MASTER_KEYS") as refused:
        Settings.load({**NEEDED, "SHOPBELL_MASTER_KEYS": wrong})
    assert wrong not in str(refused.value)
    with pytest.raises(BadMasters):
        masters.new("Not a name")


def test_a_wrapped_key_is_unwrapped_in_its_place_by_its_master_alone():
    first, second = HeldMasters({"a": b"1" * 32}), HeldMasters({"a": b"2" * 32})
    wrapped = first.wrap(b"here", b"k" * 32)
    assert first.unwrap("a", b"here", wrapped) == b"k" * 32
    for who, name, where in ((first, "a", b"there"), (first, "b", b"here"), (second, "a", b"here")):
        with pytest.raises(NoSuchMaster):
            who.unwrap(name, where, wrapped)


@pytest.mark.proves("C6")
@pytest.mark.proves("T8")
def test_a_new_chain_keeps_nothing_in_clear(session: Session):
    customer = crm.remember(session, "王芳", NUMBER, ADDRESS)
    service.set_notes(session, customer, NOTES)
    assert session.scalar(text(CLEAR)) == 0
    row = session.scalar(text("select customers::text from customers"))
    for word in (NUMBER, NUMBER[3:], ADDRESS, NOTES, NUMBER.encode().hex(), ADDRESS.encode().hex()):
        assert word not in row
    assert queries.card(session, customer).notes == NOTES
    for wrong in (
        "update customers set phone = '+8613800000000'",
        "update customers set notes = 'x'",
        "insert into customers (id, name, name_key, given_key, phone, locale, created_at) "
        "values (gen_random_uuid(), 'x', 'x', 'x', '+861', 'en', now())",
    ):
        with pytest.raises(OperationalError) as refused, session.begin_nested():
            session.execute(text(wrong))
        assert is_deadlock(refused.value), "whoever believed the chain to be in clear has to try again"


def test_every_table_that_is_sealed_has_its_state_and_columns(session: Session):
    declared = {column.table for column in sealed()}
    assert declared == set(session.scalars(text("select table_name from sealed_tables")))
    assert not ring.ring(session).unfinished


@pytest.fixture(scope="module")
def old_chain(committed: Database, settings: Settings) -> TenantContext:
    """A chain as the previous release left it."""
    new = NewTenant(f"old-{ids.uuid7().hex[-8:]}", "Old Optik", "optical", "zh-CN")
    tenant = provisioning.create(committed, new, base_domain="localhost")
    with committed.transaction(tenant) as session:
        session.execute(text("delete from shared.data_keys where tenant_id = :id"), {"id": tenant.id})
        session.execute(text("update sealed_tables set begun_at = null, finished_at = null, key_number = 0"))
    ring.forget(tenant.id)
    return tenant


@pytest.fixture
def in_clear(committed: Database, old_chain: TenantContext) -> Iterator[TenantContext]:
    with committed.transaction(old_chain) as session:
        for number in range(7):
            crm.remember(session, f"Guest {number}", f"{NUMBER[:-1]}{number}", f"guest{number}@example.com")
        session.execute(text("update customers set notes = :notes"), {"notes": NOTES})
        assert session.scalar(text(CLEAR)) == 7
    yield old_chain
    with committed.transaction(old_chain) as session:
        session.execute(text("delete from customers"))
        session.execute(text("delete from shared.due_work where tenant_id = :id"), {"id": old_chain.id})
        session.execute(text("delete from shared.data_keys where tenant_id = :id"), {"id": old_chain.id})
        session.execute(text("update sealed_tables set begun_at = null, finished_at = null, key_number = 0"))
    ring.forget(old_chain.id)


def work(database: Database, tenant: TenantContext) -> None:
    Drain(database, {tenant.id: tenant}.get, handlers(), threads=1).tenant(tenant.id, seconds=30)


def test_a_chain_in_clear_is_sealed_while_it_works(committed: Database, in_clear: TenantContext, monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 3)
    assert sealing.close(committed, in_clear) == sorted({column.table for column in sealed()})
    assert sealing.close(committed, in_clear) == []
    with committed.transaction(in_clear) as session:
        handlers().jobs[sealing.WALK].function(session, "customers", {})
    with committed.transaction(in_clear) as session:
        assert session.scalar(text(CLEAR)) == 4, "the rest waits"
        known = {one.name: one.id for one in queries.search(session, "guest", country="CN", limit=50).customers}
        for number in (0, 6):
            found = crm.remember(session, f"Guest {number}", f"{NUMBER[:-1]}{number}", "other@example.com")
            assert found == known[f"Guest {number}"], "sealed or not, everybody is known once"
            (one,) = crm.by_phone(session, f"{NUMBER[:-1]}{number}")
            assert (one.id, one.email) == (found, f"guest{number}@example.com")
        assert [one.name for one in crm.by_email(session, "GUEST5@example.com")] == ["Guest 5"]
        service.set_notes(session, known["Guest 4"], "new")
        assert session.scalar(text(CLEAR)) == 3
    work(committed, in_clear)
    with committed.transaction(in_clear) as session:
        assert session.scalar(text(CLEAR)) == 0
        assert ring.ring(session).finished("customers")
        cards = {
            one.name: queries.card(session, one.id)
            for one in queries.search(session, "", country="CN", limit=50).customers
        }
        assert {name: card.phone for name, card in cards.items()} == {
            f"Guest {number}": f"{NUMBER[:-1]}{number}" for number in range(7)
        }
        assert {card.email for card in cards.values()} == {f"guest{number}@example.com" for number in range(7)}
        assert {name: card.notes for name, card in cards.items()} == {
            **{f"Guest {number}": NOTES for number in range(7)},
            "Guest 4": "new",
        }


def test_what_is_no_text_and_what_is_long_is_sealed_as_well(committed: Database, in_clear: TenantContext):
    asked = {"caller": "program:1", "key": "k", "fingerprint": b"f"}
    with committed.transaction(in_clear) as session:
        mail = new_message(session, recipient=ADDRESS, body=NOTES, html=HTML, channel="email")
        session.add(IdempotencyKey(**asked, created_at=clock.now(), status=201, body=b'{"name": "Linh"}'))
    columns = "select recipient, body, html from messages"
    with committed.transaction(in_clear) as session:
        assert session.execute(text(columns)).one() == (ADDRESS, NOTES, HTML)
    sealing.close(committed, in_clear)
    work(committed, in_clear)
    with committed.transaction(in_clear) as session:
        assert session.execute(text(columns)).one() == ("", "", None)
        size = session.scalar(text("select length(html_sealed) from messages"))
        assert size < len(HTML) / 2, "it was packed before"
        (letter,) = letters(session)
        assert (letter.recipient, letter.body, letter.html) == (ADDRESS, NOTES, HTML)
        known = session.scalar(text("select recipient_key from messages"))
        assert known == ring.ring(session).index(ADDRESS_KEY, ADDRESS.upper()) == mail.recipient_key
        assert session.scalar(text("select body from idempotency_keys")) is None
        assert kept(session, "program:1", "k").body == b'{"name": "Linh"}'
        session.execute(text("delete from messages"))
        session.execute(text("delete from idempotency_keys"))


def test_rows_are_sealed_with_a_new_data_key_and_the_old_one_goes(committed: Database, in_clear: TenantContext):
    sealing.close(committed, in_clear)
    work(committed, in_clear)
    with committed.transaction(in_clear) as session:
        assert sealing.rotate(session) == 2
        assert ring.ring(session).newest == 1, "every process gets to know a key before any seals with it"
        session.execute(
            text("update shared.data_keys set seals_from = now() where tenant_id = :id"), {"id": in_clear.id}
        )
        session.execute(text("update shared.due_work set run_at = now() where tenant_id = :id"), {"id": in_clear.id})
    ring.forget(in_clear.id)
    work(committed, in_clear)
    with committed.transaction(in_clear) as session:
        sealed_by = text("select distinct get_byte(phone_sealed, 2) from customers")
        assert session.scalars(sealed_by).all() == [2]
        assert crm.by_phone(session, f"{NUMBER[:-1]}3")[0].email == "guest3@example.com"
        numbers = text("select number from shared.data_keys where tenant_id = :id order by 1")
        assert session.scalars(numbers, {"id": in_clear.id}).all() == [0, 1, 2]
        session.execute(text("update shared.due_work set run_at = now() where tenant_id = :id"), {"id": in_clear.id})
    work(committed, in_clear)
    with committed.transaction(in_clear) as session:
        assert session.scalars(numbers, {"id": in_clear.id}).all() == [0, 2]
        assert crm.by_phone(session, f"{NUMBER[:-1]}3")[0].phone == f"{NUMBER[:-1]}3"


def test_an_old_key_stays_while_anything_is_sealed_with_it(session: Session, tenant: TenantContext):
    crm.remember(session, "Linh", NUMBER)
    keys.replace(session)
    retire = handlers().jobs[sealing.RETIRE].function
    retire(session, "2", {})
    statement = text("select number from shared.data_keys where tenant_id = :id order by 1")
    assert session.scalars(statement, {"id": tenant.id}).all() == [0, 1, 2]
    waiting = text("select count(*) from shared.due_work where tenant_id = :id and kind = :kind")
    assert session.scalar(waiting, {"id": tenant.id, "kind": sealing.WALK}) == 1
    due.drop(session, sealing.WALK, "customers")


def test_data_keys_are_wrapped_by_a_new_master_and_the_old_one_may_leave(
    session: Session, tenant: TenantContext, settings: Settings
):
    customer = crm.remember(session, "Linh", NUMBER)
    newer = tuple(masters.read(masters.new("newer")).items())
    try:
        runtime.install(replace(settings, master_keys=newer + settings.master_keys))
        assert keys.wrap_anew(session) >= 2
        assert keys.wrap_anew(session) == 0
        assert set(keys.counts(session)) == {"newer"}
        runtime.install(replace(settings, master_keys=newer))
        ring.forget(tenant.id)
        assert crm.contact(session, customer).phone == NUMBER
        runtime.install(settings)
        with entered(tenant), pytest.raises(NoSuchMaster):
            ring.read(session, tenant.id, {})
    finally:
        runtime.install(settings)
        ring.forget(tenant.id)


def test_columns_are_declared_in_the_form_their_tables_have(session: Session):
    for column in SEALED:
        names = [column.sealed_name, *(blind.column for blind in column.blind)]
        session.execute(text(f"select {', '.join(names)} from {column.table} where false"))
