"""Rows that prepared statements read and write are the session's own, like any it loaded or flushed itself."""

from __future__ import annotations

import pytest
from sqlalchemy import bindparam, select, update

from blueprints.catalog.models import Branch
from shopbell.db import table
from shopbell.loaded import Loaded, Written

ONE = Loaded(Branch, select(Branch).where(Branch.id == bindparam("branch")))
SAVE: Written[Branch] = Written(
    update(table(Branch)).where(table(Branch).c.id == bindparam("row_id")).values(vip_phone="+862150008888")
)


def test_a_row_is_the_one_that_the_session_knows_and_says_what_stands_in_the_database(session, shop):
    [read] = ONE.run(session, {"branch": shop.branch_id})
    assert session.get(Branch, shop.branch_id) is read
    session.execute(update(table(Branch)).values(phone="+862150009999"))
    [again] = ONE.run(session, {"branch": shop.branch_id})
    assert again is read
    assert read.phone == "+862150009999"


def test_a_row_reads_like_one_that_the_session_loaded_itself(session, shop):
    [read] = ONE.run(session, {"branch": shop.branch_id})
    values = dict(vars(read))
    session.expunge(read)
    loaded = vars(session.get_one(Branch, shop.branch_id))
    assert {name: value for name, value in values.items() if name != "_sa_instance_state"} == {
        name: value for name, value in loaded.items() if name != "_sa_instance_state"
    }


def test_what_waits_to_be_written_is_written_before_rows_are_read(session, shop):
    session.get_one(Branch, shop.branch_id).phone = "+862150009999"
    assert [row.phone for row in ONE.run(session, {"branch": shop.branch_id})] == ["+862150009999"]


def test_what_was_changed_is_written_at_once_and_not_again(session, shop):
    [read] = ONE.run(session, {"branch": shop.branch_id})
    read.phone = "+862150009999"
    SAVE.run(session, read)
    assert not session.dirty
    found = session.execute(select(Branch.phone, Branch.vip_phone).where(Branch.id == read.id)).first()
    assert found == ("+862150009999", "+862150008888")


def test_a_savepoint_that_is_undone_takes_back_what_the_object_says_too(session, shop):
    [read] = ONE.run(session, {"branch": shop.branch_id})
    before = read.phone
    with pytest.raises(ZeroDivisionError), session.begin_nested():  # noqa: PT012
        read.phone = "+862150009999"
        SAVE.run(session, read)
        raise ZeroDivisionError
    assert read.phone == before
