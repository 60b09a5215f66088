"""What can be done to people and rosters, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from blueprints.catalog.api import UnknownBranch
from blueprints.staff import queries, service
from blueprints.staff.errors import BadRoster, UnknownLeave, UnknownPerson
from blueprints.staff.service import PersonInput
from tests.support.world import Shop

MONDAY = date(2026, 3, 2)
TUESDAY = MONDAY + timedelta(days=1)


def spans(session: Session, shop: Shop, person_id: UUID, day: date) -> list[tuple[int, int]]:
    return queries.roster_spans(session, shop.branch_id, day, 1).get(person_id, {}).get(day, [])


def test_a_person_is_added_with_skills_and_languages(session: Session, shop: Shop) -> None:
    described = PersonInput(
        "  Lý  An ", title={"vi": "Kỹ thuật viên"}, languages=["vi", "en"], home_branch_id=shop.branch_id
    )
    person_id = service.add_person(session, described, [shop.skill_id])
    found = queries.person(session, person_id)
    assert (found.name, found.initials, found.languages) == ("Lý An", "LA", ("en", "vi"))
    assert found.skill_ids == {shop.skill_id}
    assert person_id not in {person.id for person in queries.people_at(session, shop.branch_id)}


def test_everything_wrong_with_a_person_is_said_at_once(session: Session, shop: Shop) -> None:
    with pytest.raises(BadRoster) as error:
        service.add_person(session, PersonInput(" ", languages=["fr"]), [shop.branch_id])
    assert set(error.value.fields) == {"name", "languages", "skills"}
    with pytest.raises(UnknownBranch):
        service.add_person(session, PersonInput("An", home_branch_id=shop.skill_id))


def test_a_new_week_leaves_the_weeks_before_as_they_were(session: Session, shop: Shop) -> None:
    person_id = shop.people[0]
    for _ in range(2):
        service.set_weekly_roster(session, person_id, shop.branch_id, {0: [(600, 720)]}, valid_from=MONDAY)
    assert spans(session, shop, person_id, MONDAY - timedelta(days=7)) == [(540, 1080)]
    assert spans(session, shop, person_id, MONDAY) == [(600, 720)]
    assert spans(session, shop, person_id, TUESDAY) == []
    assert spans(session, shop, shop.people[1], TUESDAY) == [(540, 1080)]


def test_nobody_works_at_two_branches_at_once(session: Session, shop: Shop) -> None:
    person_id = shop.people[0]
    with pytest.raises(BadRoster) as error:
        service.set_weekly_roster(session, person_id, shop.second_branch_id, {2: [(1000, 1200)]}, valid_from=MONDAY)
    assert set(error.value.fields) == {"hours.2"}
    service.set_weekly_roster(session, person_id, shop.second_branch_id, {2: [(1080, 1200)]}, valid_from=MONDAY)
    wednesday = MONDAY + timedelta(days=2)
    assert spans(session, shop, person_id, wednesday) == [(540, 1080)]
    assert person_id in {person.id for person in queries.people_at(session, shop.second_branch_id)}


def test_leave_is_taken_once_however_often_it_is_entered(session: Session, shop: Shop) -> None:
    person_id = shop.people[0]
    for _ in range(2):
        service.add_leave(session, person_id, MONDAY, TUESDAY, span=(600, 660), reason="Training")
    service.add_leave(session, person_id, TUESDAY)
    assert spans(session, shop, person_id, MONDAY) == [(540, 600), (660, 1080)]
    assert spans(session, shop, person_id, TUESDAY) == []
    entries = queries.exceptions_of(session, person_id, MONDAY)
    assert [(entry.day, entry.span) for entry in entries] == [
        (MONDAY, (600, 660)),
        (TUESDAY, (600, 660)),
        (TUESDAY, None),
    ]
    service.drop_exception(session, person_id, entries[0].id)
    assert spans(session, shop, person_id, MONDAY) == [(540, 1080)]
    with pytest.raises(UnknownLeave):
        service.drop_exception(session, person_id, entries[0].id)
    with pytest.raises(UnknownLeave):
        service.drop_exception(session, shop.people[1], entries[1].id)


def test_extra_work_counts_on_a_day_of_leave(session: Session, shop: Shop) -> None:
    person_id = shop.people[0]
    service.add_leave(session, person_id, MONDAY)
    for _ in range(2):
        service.add_extra(session, person_id, shop.branch_id, MONDAY, (600, 660))
    assert spans(session, shop, person_id, MONDAY) == [(600, 660)]
    assert len(queries.exceptions_of(session, person_id, MONDAY)) == 2


@pytest.mark.parametrize(
    ("first", "last", "span", "field"),
    [
        (None, None, None, "first_day"),
        (TUESDAY, MONDAY, None, "last_day"),
        (MONDAY, MONDAY + timedelta(days=400), None, "last_day"),
        (MONDAY, None, (700, 600), "span"),
    ],
)
def test_impossible_leave_names_its_field(
    session: Session,
    shop: Shop,
    first: date | None,
    last: date | None,
    span: tuple[int, int] | None,
    field: str,
) -> None:
    with pytest.raises(BadRoster) as error:
        service.add_leave(session, shop.people[0], first, last, span=span)
    assert set(error.value.fields) == {field}
    assert queries.exceptions_of(session, shop.people[0], MONDAY) == []


def test_somebody_who_left_is_not_shown_and_may_come_back(session: Session, shop: Shop) -> None:
    person_id = shop.people[0]
    service.retire_person(session, person_id)
    service.retire_person(session, person_id)
    assert person_id not in {person.id for person in queries.people_at(session, shop.branch_id)}
    assert spans(session, shop, person_id, MONDAY) == []
    assert queries.names(session, [person_id, shop.branch_id]) == {person_id: "王芳"}
    service.restore_person(session, person_id)
    assert spans(session, shop, person_id, MONDAY) == [(540, 1080)]
    with pytest.raises(UnknownPerson):
        service.retire_person(session, shop.branch_id)


def test_reading_a_branchs_roster_takes_two_queries_however_many_work_there(session: Session, shop: Shop) -> None:
    for number in range(20):
        person_id = service.add_person(session, PersonInput(f"Person {number}"))
        service.set_weekly_roster(session, person_id, shop.branch_id, {0: [(540, 1080)]}, valid_from=MONDAY)
    statements: list[str] = []

    def count(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", count)
    try:
        found = queries.roster_spans(session, shop.branch_id, MONDAY, 14)
        people = queries.people_at(session, shop.branch_id)
    finally:
        event.remove(connection, "before_cursor_execute", count)
    assert len(found) == len(people) == 22
    assert len(statements) == 4
