"""What members of staff and programs saw, changed and were refused is written down once, and stays as it is."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from blueprints.audit import queries
from blueprints.audit.names import table_names
from blueprints.audit.queries import Filter
from blueprints.audit.service import forget_older_than
from blueprints.audited import AUDITED, NOT_AUDITED
from blueprints.booking import api as booking
from blueprints.booking.values import BookingRequest, CustomerInput
from blueprints.registry import load_models
from shopbell import clock
from shopbell.audit import FORGET, AuditChange, AuditEntry
from shopbell.db import TenantBase
from shopbell.http.trail import LOOKS
from tests.conftest import MORNING

pytestmark = pytest.mark.proves("T6")


@pytest.fixture(autouse=True)
def _no_looks():
    LOOKS.empty()


@pytest.fixture
def customer_id(session, shop):
    start = MORNING.replace(hour=3)
    wish = BookingRequest(shop.branch_id, shop.eye_test, start, CustomerInput("王小明", "13812345678"))
    return booking.reserve(session, wish).customer_id


def entries(session, **wanted):
    return queries.entries(session, Filter(**wanted))


def test_a_changed_row_is_written_down_once_with_what_it_was_and_is(session, shop):
    session.execute(text("update services set price_minor = 1 where id = :id"), {"id": shop.eye_test})
    session.execute(text("update services set price_minor = 1 where id = :id"), {"id": shop.eye_test})
    changed = session.scalars(select(AuditChange).where(AuditChange.op == "UPDATE")).one()
    assert (changed.table_name, changed.row_id) == ("services", str(shop.eye_test))
    assert changed.fields == {"price_minor": [19900, 1]}


def test_what_a_program_does_is_an_entry_with_the_appointment(session, shop, api_client):
    program = api_client("booking")
    body = {
        "branch": str(shop.branch_id),
        "service": str(shop.eye_test),
        "start": "2026-03-02T11:00:00+08:00",
        "customer": {"name": "王小明", "phone": "13812345678"},
    }
    made = program.post("/api/v1/bookings", json=body)
    assert made.status_code == 201
    (entry,) = entries(session, kind="change")
    assert (entry.actor_kind, entry.actor_name, entry.permission) == ("client", "test", "booking.write")
    assert [str(subject) for subject in entry.subject_ids] == [made.get_json()["id"]]
    assert entry.address


def test_a_refused_booking_leaves_no_entry(session, shop, api_client):
    program = api_client("booking")
    body = {"branch": str(shop.branch_id), "service": str(shop.eye_test), "start": "2026-03-02T03:00:00+08:00"}
    customer = {"name": "王小明", "phone": "13812345678"}
    assert program.post("/api/v1/bookings", json={**body, "customer": customer}).status_code == 422
    assert entries(session, kind="change") == []


def test_reading_a_customer_is_written_down_once_an_hour(session, customer_id, api_client):
    program = api_client("booking")
    for _again in range(3):
        assert program.get(f"/api/v1/customers/{customer_id}").status_code in {200, 403}
    kinds = {entry.kind for entry in entries(session, subject=customer_id)}
    assert len(kinds) == 1


def test_looking_at_a_card_is_a_read_and_a_poll_of_the_console_is_not_a_change(session, shop, customer_id, sign_in_as):
    desk = sign_in_as("frontdesk", [shop.branch_id])
    card = f"/api/v1/branches/{shop.branch_id}/customers/{customer_id}"
    for _again in range(3):
        assert desk.get(card).status_code == 200
    sync = {"device": "d", "day": "2026-03-02", "cursor": "0", "ops": []}
    for _again in range(3):
        desk.post(f"/api/v1/branches/{shop.branch_id}/sync", json=sync)
    assert len(entries(session, subject=customer_id)) == 1
    assert entries(session, kind="change") == []


def test_a_refusal_is_kept_though_the_request_is_undone(session, shop, sign_in_as):
    desk = sign_in_as("frontdesk", [shop.branch_id])
    assert desk.get("/hq/audit").status_code == 403
    (entry,) = entries(session, kind="refused")
    assert (entry.actor_name, entry.permission) == ("Frontdesk", "audit.read")


def test_rows_and_entries_of_one_transaction_are_shown_together(session, shop, customer_id, sign_in_as):
    browser = sign_in_as("hq")
    answer = browser.post(f"/hq/members/{customer_id}", data={"tier": "1"})
    assert answer.status_code in {200, 303}, answer.text
    found = [entry for entry in entries(session, subject=customer_id) if entry.kind == "change"]
    assert len(found) == 1
    (changed,) = (change for change in found[0].changes if change.table == "customers")
    assert set(map(tuple, changed.fields.values())) == {("…", "…")}


def test_what_was_written_cannot_be_altered_or_removed(session, shop, sign_in_as):
    sign_in_as("frontdesk", [shop.branch_id]).get("/hq/audit")
    for statement in ("update audit_entries set actor_name = 'x'", "delete from audit_entries"):
        with pytest.raises(DBAPIError, match="stays as it is"), session.begin_nested():
            session.execute(text(statement))
    assert len(entries(session)) >= 1


def test_only_what_has_been_kept_long_enough_goes(session, shop, sign_in_as):
    sign_in_as("frontdesk", [shop.branch_id]).get("/hq/audit")
    before = session.scalar(select(func.count()).select_from(AuditEntry))
    sweep = forget_older_than(MORNING - MORNING)
    with session.begin_nested() as undone:
        with clock.frozen(MORNING.replace(year=2031)):
            sweep(session)
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 0
        undone.rollback()
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == before
    session.execute(text(FORGET.replace("over", "no")))


def test_secrets_show_that_they_changed_and_not_to_what(session, sign_in_as):
    sign_in_as("hq")
    session.execute(text("update users set password_hash = 'another'"))
    changed = session.scalars(select(AuditChange).where(AuditChange.table_name == "users")).all()
    assert [row.fields for row in changed if row.op == "UPDATE"][-1]["password_hash"] == ["…", "…"]
    assert "another" not in json.dumps([row.fields for row in changed])


def test_hq_finds_entries_by_person_kind_day_and_row(session, shop, customer_id, sign_in_as):
    browser = sign_in_as("hq")
    browser.get(f"/hq/members/{customer_id}")
    page = browser.get(f"/hq/audit?subject={customer_id}&since=2026-03-02&until=2026-03-02&kind=read")
    assert page.status_code == 200
    assert str(customer_id) in page.text
    nothing = browser.get("/hq/audit?until=2026-03-01")
    assert str(customer_id) not in nothing.text


def test_the_file_holds_what_the_page_shows(session, customer_id, sign_in_as):
    browser = sign_in_as("hq")
    browser.get(f"/hq/members/{customer_id}")
    lines = [json.loads(line) for line in browser.get(f"/hq/audit.jsonl?subject={customer_id}").text.splitlines()]
    assert {(line["kind"], line["actor"]["name"]) for line in lines} == {("read", "Hq")}


def test_the_trail_takes_two_queries_however_long_it_is(session, shop, sign_in_as):
    desk = sign_in_as("frontdesk", [shop.branch_id])
    for _again in range(5):
        desk.get("/hq/audit")
    statements = []
    raw = session.connection()
    from sqlalchemy import event

    event.listen(raw, "before_cursor_execute", lambda *args: statements.append(args[2]))
    assert len(entries(session)) >= 5
    assert len(statements) == 2


def test_every_table_is_audited_or_says_why_not(session):
    load_models()
    tables = {table.name for table in TenantBase.metadata.sorted_tables}
    audited = {one.table for one in AUDITED}
    assert tables == audited | NOT_AUDITED.keys()
    assert not audited & NOT_AUDITED.keys()
    triggers = text(
        "select c.relname from pg_trigger t join pg_class c on c.oid = t.tgrelid "
        "where t.tgname = 'audit_rows' and c.relnamespace = current_schema()::regnamespace"
    )
    assert set(session.scalars(triggers)) == audited
    assert table_names().keys() == audited
