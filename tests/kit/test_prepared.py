"""Statements that the driver runs by itself belong to the session's transaction and tenant like any other."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from markupsafe import Markup
from psycopg.errors import InFailedSqlTransaction
from sqlalchemy import ARRAY, Uuid, bindparam, event, insert, select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError, IntegrityError

from blueprints.access.models import SignInAttempt
from blueprints.catalog.models import Branch
from shopbell import ids
from shopbell.db import Database, is_unstorable, table
from shopbell.prepared import Prepared

BRANCHES = Prepared(select(Branch.id, Branch.name, Branch.holiday_hours).where(Branch.id == bindparam("id")))
ATTEMPT = Prepared(insert(table(SignInAttempt)).returning(SignInAttempt.at))
RENAME = Prepared(update(table(Branch)).where(Branch.id == bindparam("which")))
AT = datetime(2026, 3, 2, 9, 30, 0, 123456, tzinfo=UTC)


def attempt(**values: object) -> dict[str, object]:
    return {"id": ids.uuid7(), "subject": "somebody", "address": "192.0.2.1", "at": AT, **values}


def test_a_connection_that_visits_two_tenants_reads_the_rows_of_each(migrated, shops):
    database = Database(migrated, pool_size=1)
    one, other = shops
    for shop in (one, other, one, other):
        stranger = other if shop is one else one
        with database.transaction(shop.tenant) as session:
            assert [row[0] for row in BRANCHES.run(session, {"id": shop.branch_id})] == [shop.branch_id]
            assert BRANCHES.run(session, {"id": stranger.branch_id}) == []
    database.dispose()


def test_values_come_back_as_they_went_in(session):
    assert ATTEMPT.run(session, attempt()) == [(AT,)]


@pytest.mark.parametrize("known", [[], [ids.uuid7(), ids.uuid7()], None])
@pytest.mark.parametrize("document", [{"字": ["\\ 'a' \"b\"", 1.5, None, True]}, {}, [], None, {"at": Markup("<b>")}])
def test_documents_and_lists_of_ids_come_back_as_they_went_in(session, known, document):
    kinds = bindparam("document", type_=JSONB(none_as_null=True)), bindparam("known", type_=ARRAY(Uuid))
    both = Prepared(text("select :document, :known").bindparams(*kinds))
    assert both.run(session, {"document": document, "known": known}) == [(document, known)]


def test_the_values_names_say_which_columns_are_set(session, shop):
    RENAME.run(session, {"which": shop.branch_id, "phone": "+862150009999"})
    RENAME.run(session, {"which": shop.branch_id, "phone": "+862150008888", "name": {"en": "Elsewhere"}})
    found = session.execute(select(Branch.phone, Branch.name).where(Branch.id == shop.branch_id)).one()
    assert found == ("+862150008888", {"en": "Elsewhere"})


def test_what_is_written_is_undone_with_the_transaction(committed, shop):
    values = attempt()
    with pytest.raises(ZeroDivisionError), committed.transaction(shop.tenant) as session:  # noqa: PT012
        ATTEMPT.run(session, values)
        raise ZeroDivisionError
    with committed.transaction(shop.tenant) as session:
        assert session.get(SignInAttempt, values["id"]) is None


def test_what_is_written_in_a_savepoint_is_undone_with_it(committed, shop):
    before, within = attempt(), attempt()
    with committed.transaction(shop.tenant) as session:
        ATTEMPT.run(session, before)
        with pytest.raises(ZeroDivisionError), session.begin_nested():  # noqa: PT012
            ATTEMPT.run(session, within)
            raise ZeroDivisionError
    with committed.transaction(shop.tenant) as session:
        assert session.get(SignInAttempt, before["id"])
        assert session.get(SignInAttempt, within["id"]) is None


def test_a_savepoint_that_cannot_be_released_raises_what_the_session_would(committed, shop):
    values = attempt()
    refused = pytest.raises(DBAPIError, match="RELEASE")
    with refused, committed.transaction(shop.tenant) as session, session.begin_nested():
        ATTEMPT.run(session, values)
        with suppress(IntegrityError):
            ATTEMPT.run(session, values)


def test_a_refused_statement_raises_what_the_session_would(committed, shop):
    values = attempt()
    with pytest.raises(IntegrityError, match="pk_sign_in_attempts"), committed.transaction(shop.tenant) as session:  # noqa: PT012
        ATTEMPT.run(session, values)
        ATTEMPT.run(session, values)


@pytest.mark.parametrize("text_nobody_can_store", ["a\x00b", "half \ud83d"])
def test_what_cannot_be_stored_is_told_as_such(session, text_nobody_can_store):
    with pytest.raises((DBAPIError, UnicodeEncodeError)) as refused:
        ATTEMPT.run(session, attempt(subject=text_nobody_can_store))
    assert is_unstorable(refused.value)


def test_a_connection_that_breaks_is_replaced(migrated, committed, shop):
    database = Database(migrated, pool_size=1)
    with pytest.raises(DBAPIError), database.transaction(shop.tenant) as session:  # noqa: PT012
        backend = session.scalar(text("select pg_backend_pid()"))
        with committed.transaction(None) as elsewhere:
            elsewhere.execute(text("select pg_terminate_backend(:pid, 5000)"), {"pid": backend})
        BRANCHES.run(session, {"id": shop.branch_id})
    with database.transaction(shop.tenant) as session:
        assert BRANCHES.run(session, {"id": shop.branch_id})
    database.dispose()


def test_whoever_listens_for_statements_hears_of_them(session, shop):
    heard: list[str] = []
    event.listen(session.connection(), "before_cursor_execute", lambda *given: heard.append(given[2]))
    BRANCHES.run(session, {"id": shop.branch_id})
    assert len(heard) == 1
    assert heard[0].startswith("SELECT branches.id")


def test_a_failure_that_somebody_hid_is_not_taken_for_a_commit(committed, shop):
    values = attempt()
    with pytest.raises(InFailedSqlTransaction), committed.transaction(shop.tenant) as session:  # noqa: PT012
        ATTEMPT.run(session, values)
        with suppress(IntegrityError):
            ATTEMPT.run(session, values)
    with committed.transaction(shop.tenant) as session:
        assert session.get(SignInAttempt, values["id"]) is None


def test_both_kinds_of_statement_share_one_transaction(committed, shop):
    values = attempt()
    with committed.transaction(shop.tenant) as session:
        ATTEMPT.run(session, values)
        session.get_one(SignInAttempt, values["id"]).subject = "changed"
    with committed.transaction(shop.tenant) as session:
        found = session.get_one(SignInAttempt, values["id"])
        assert found.subject == "changed"
        session.delete(found)


def test_what_is_the_same_in_every_run_stands_in_the_text(session, shop):
    named = select(Branch.id).where(Branch.phone != "it's 50% off", Branch.id == bindparam("id")).limit(1)
    statement = Prepared(named)
    assert statement.run(session, {"id": shop.branch_id}) == [(shop.branch_id,)]
    [compiled] = statement._texts.values()
    assert [name for name, _process in compiled.slots] == ["id"]
