"""Who has a number or an address, and what somebody may correct of their own record."""

from __future__ import annotations

import pytest

from blueprints.crm import api as crm

PHONE, OTHER = "+8613812345678", "+8613899990000"


def test_people_who_share_a_number_or_an_address_are_all_found(session):
    mother = crm.remember(session, "王芳", PHONE, "Fang@example.com")
    child = crm.remember(session, "王小明", PHONE)
    friend = crm.remember(session, "Linh", OTHER, "fang@Example.com")
    assert [one.id for one in crm.by_phone(session, PHONE)] == [mother, child]
    assert [one.id for one in crm.by_email(session, "FANG@example.com")] == [mother, friend]
    assert crm.by_phone(session, "+8613800000000") == []
    assert crm.by_email(session, "fang@example") == []


def test_a_name_is_corrected_unless_the_number_is_known_under_it(session):
    mother, child = crm.remember(session, "Wang Fang", PHONE), crm.remember(session, "Ming", PHONE)
    crm.rename(session, mother, " Wang  Fáng ")
    assert crm.contact(session, mother).name == "Wang Fáng"
    with pytest.raises(crm.NameTaken) as refused:
        crm.rename(session, child, "wang fang")
    assert "name" in refused.value.fields
    assert crm.contact(session, child).name == "Ming"
    assert crm.remember(session, "wang fang", PHONE) == mother
    with pytest.raises(crm.BadName):
        crm.rename(session, child, " ")


def test_somebody_says_in_which_language_to_write_to_them(session):
    linh = crm.remember(session, "Linh", PHONE, locale="en")
    crm.speak(session, linh, "vi-VN")
    assert crm.contact(session, linh).locale == "vi"
    crm.speak(session, linh, "tlh")
    assert crm.contact(session, linh).locale == "vi"
