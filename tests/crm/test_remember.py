"""A customer is remembered once, however often and however differently the name is written."""

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from blueprints.crm import api, errors, queries, service
from blueprints.crm.models import Customer
from shopbell import ids
from shopbell.tenancy import current_tenant

PHONE = "+8613812345678"


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Customer)) or 0


def test_a_new_customer_is_written_down(session: Session) -> None:
    customer_id = api.remember(session, " Trần  Thị Linh ", PHONE, " linh@example.com ", "vi")
    assert api.contact(session, customer_id) == api.Contact(
        customer_id, "Trần Thị Linh", PHONE, "linh@example.com", "vi", 0
    )


def test_the_same_person_is_one_customer(session: Session) -> None:
    first = api.remember(session, "Trần Thị Linh", PHONE)
    again = api.remember(session, "tran thi LINH", PHONE)
    assert (again, count(session)) == (first, 1)
    assert api.contact(session, first).name == "Trần Thị Linh"


def test_two_people_may_share_a_phone(session: Session) -> None:
    assert api.remember(session, "Mother", PHONE) != api.remember(session, "Child", PHONE)
    assert count(session) == 2


def test_nobody_turns_anothers_messages_to_a_new_address_by_booking_for_them(session: Session) -> None:
    customer_id = api.remember(session, "Linh", PHONE, "linh@example.com", "vi")
    api.remember(session, "Linh", PHONE, "somebody@example.com")
    assert api.contact(session, customer_id).email == "linh@example.com"


def test_an_empty_address_is_filled_by_a_booking(session: Session) -> None:
    customer_id = api.remember(session, "Linh", PHONE)
    api.remember(session, "Linh", PHONE, "linh@example.com")
    assert api.contact(session, customer_id).email == "linh@example.com"


def test_what_is_not_given_changes_nothing_and_what_is_said_in_person_replaces(session: Session) -> None:
    customer_id = api.remember(session, "Linh", PHONE, "linh@example.com", "vi")
    api.remember(session, "Linh", PHONE)
    api.remember(session, "Linh", PHONE, "", None)
    kept = api.contact(session, customer_id)
    assert (kept.email, kept.locale) == ("linh@example.com", "vi")
    api.remember(session, "Linh", PHONE, "new@example.com", "zh-CN", in_person=True)
    changed = api.contact(session, customer_id)
    assert (changed.email, changed.locale) == ("new@example.com", "zh-CN")


@pytest.mark.parametrize("locale", [None, "", "fr", "xx\0"])
def test_a_language_we_do_not_speak_becomes_the_chains(session: Session, locale: str | None) -> None:
    customer_id = api.remember(session, "Linh", PHONE, None, locale)
    assert api.contact(session, customer_id).locale == current_tenant().locale


def test_remembering_is_one_statement(session: Session) -> None:
    statements: list[str] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda c, cursor, sql, *rest: statements.append(sql))
    api.remember(session, "Linh", PHONE)
    assert len(statements) == 1


def test_a_name_or_an_address_nobody_has_is_refused_and_nothing_is_written(session: Session) -> None:
    with pytest.raises(api.BadName):
        api.remember(session, "\u202e", PHONE)
    with pytest.raises(api.BadEmail):
        api.remember(session, "Linh", PHONE, "linh@@example.com")
    assert count(session) == 0


def test_several_contacts_are_asked_for_at_once(session: Session) -> None:
    linh, wang = api.remember(session, "Linh", PHONE), api.remember(session, "王小明", PHONE)
    found = api.contacts(session, [linh, wang, linh, ids.uuid7()])
    assert {key: contact.name for key, contact in found.items()} == {linh: "Linh", wang: "王小明"}
    assert api.contacts(session, []) == {}


def test_nobody_is_unknown_by_name(session: Session) -> None:
    with pytest.raises(api.UnknownCustomer):
        api.contact(session, ids.uuid7())
    with pytest.raises(api.UnknownCustomer):
        queries.card(session, ids.uuid7())


def test_notes_are_replaced(session: Session) -> None:
    customer_id = api.remember(session, "Linh", PHONE)
    service.set_notes(session, customer_id, "likes tea\r\nno sugar")
    assert queries.card(session, customer_id).notes == "likes tea\nno sugar"
    with pytest.raises(errors.UnknownCustomer):
        service.set_notes(session, ids.uuid7(), "x")
