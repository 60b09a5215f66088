"""HQ pages of people and rosters: what they change, keep and refuse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from blueprints.staff import queries
from tests.support.world import Shop

SignIn = Callable[..., FlaskClient]
MONDAY = date(2026, 3, 2)


def changes(shop: Shop) -> list[tuple[str, dict[str, str]]]:
    """Every address that changes something, with what would be accepted."""
    person = f"/hq/people/{shop.people[0]}"
    week = {"branch": str(shop.branch_id), "valid_from": "2026-03-09", "hours.0": "10:00-12:00"}
    extra = {"extra_day": "2026-03-14", "extra_span": "20:00-21:00", "extra_branch": str(shop.branch_id)}
    return [
        ("/hq/people/new", {"name": "Lý An", "languages": "vi"}),
        (person, {"name": "Lý An", f"level.{shop.skill_id}": "2"}),
        (f"{person}/roster", week),
        (f"{person}/leave", {"first_day": "2026-03-10"}),
        (f"{person}/extra", extra),
        (f"{person}/services", {"service": str(shop.fitting), f"terms.{shop.fitting}.percent": "120"}),
        (f"{person}/photo/removal", {}),
        (f"/hq/branches/{shop.branch_id}/travel", {}),
        (f"{person}/retirement", {}),
        (f"{person}/return", {}),
    ]


def everything(session: Session, shop: Shop) -> list[object]:
    person_id = shop.people[0]
    found: list[object] = [queries.all_people(session, None, limit=100, offset=0)]
    found += [queries.person_terms(session, [person_id]), queries.ways(session)]
    return [*found, queries.periods_of(session, person_id, MONDAY), queries.exceptions_of(session, person_id, MONDAY)]


@pytest.mark.parametrize("role", [None, "manager", "frontdesk"])
def test_only_head_office_changes_people(
    client: FlaskClient, sign_in_as: SignIn, session: Session, shop: Shop, role: str | None
) -> None:
    browser = sign_in_as(role) if role else client
    before = everything(session, shop)
    for address, typed in changes(shop):
        assert browser.post(address, data=typed).status_code == (403 if role else 303), address
    session.expire_all()
    assert everything(session, shop) == before


def test_people_of_another_chain_cannot_be_changed(sign_in_as: SignIn, other_shop: Shop) -> None:
    browser = sign_in_as("hq")
    for address, typed in changes(other_shop)[1:]:
        assert browser.post(address, data=typed).status_code == 404, address


def test_a_home_in_another_chain_is_not_found(sign_in_as: SignIn, session: Session, other_shop: Shop) -> None:
    before = queries.count_people(session, None)
    typed = {"name": "An", "home_branch": str(other_shop.branch_id)}
    assert sign_in_as("hq").post("/hq/people/new", data=typed).status_code == 404
    assert queries.count_people(session, None) == before


def test_what_is_accepted_is_stored_and_shown(sign_in_as: SignIn, shop: Shop) -> None:
    browser = sign_in_as("hq")
    for address, typed in changes(shop):
        answer = browser.post(address, data=typed)
        assert answer.status_code == 303, (address, answer.text)
        assert browser.get(answer.location).status_code == 200, address


def test_a_person_without_a_name_is_asked_again_with_everything_kept(sign_in_as: SignIn, shop: Shop) -> None:
    typed = {"name": "", "title.vi": "Kỹ thuật viên", "languages": "vi", f"level.{shop.skill_id}": "2"}
    answer = sign_in_as("hq").post("/hq/people/new", data=typed)
    assert answer.status_code == 422
    assert 'href="#f-name"' in answer.text
    assert 'value="Kỹ thuật viên"' in answer.text
    assert '<option value="2" selected>' in answer.text
    assert 'value="vi" checked' in answer.text


def test_a_week_that_overlaps_another_branch_says_on_which_day(
    sign_in_as: SignIn, session: Session, shop: Shop
) -> None:
    browser = sign_in_as("hq")
    before = queries.periods_of(session, shop.people[0], MONDAY)
    typed = {"branch": str(shop.second_branch_id), "valid_from": "2026-03-09", "hours.3": "17:00-20:00"}
    answer = browser.post(f"/hq/people/{shop.people[0]}/roster", data=typed)
    assert answer.status_code == 422
    assert 'href="#f-hours-3"' in answer.text
    assert 'value="17:00-20:00"' in answer.text
    session.expire_all()
    assert queries.periods_of(session, shop.people[0], MONDAY) == before


def test_extra_work_without_hours_is_said_at_its_own_fields(sign_in_as: SignIn, shop: Shop) -> None:
    typed = {"extra_day": "2027-02-29", "extra_span": "late", "extra_branch": str(shop.branch_id)}
    answer = sign_in_as("hq").post(f"/hq/people/{shop.people[0]}/extra", data=typed)
    assert answer.status_code == 422
    assert 'href="#f-extra_day"' in answer.text
    assert 'href="#f-extra_span"' in answer.text
    assert 'value="late"' in answer.text


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2027-02-29", "tomorrow", ""])
def test_a_day_far_from_ours_is_no_day(sign_in_as: SignIn, session: Session, shop: Shop, day: str) -> None:
    browser = sign_in_as("hq")
    person = f"/hq/people/{shop.people[0]}"
    before = everything(session, shop)
    answer = browser.post(f"{person}/leave", data={"first_day": day})
    assert answer.status_code == 422
    assert 'href="#f-first_day"' in answer.text
    if day[:1] in {"0", "9"}:
        week = {"branch": str(shop.branch_id), "valid_from": day}
        assert browser.post(f"{person}/roster", data=week).status_code == 422
    session.expire_all()
    assert everything(session, shop) == before


def test_leave_is_listed_and_taken_back(sign_in_as: SignIn, session: Session, shop: Shop) -> None:
    browser = sign_in_as("hq")
    person = f"/hq/people/{shop.people[0]}"
    typed = {"first_day": "2026-03-10", "last_day": "2026-03-12", "reason": "Trade fair"}
    assert browser.post(f"{person}/leave", data=typed).status_code == 303
    assert browser.get(f"{person}/roster").text.count("Trade fair") == 3
    entry = queries.exceptions_of(session, shop.people[0], MONDAY)[0]
    other = f"/hq/people/{shop.people[1]}/exceptions/{entry.id}/removal"
    assert browser.post(other).status_code == 404
    assert browser.post(f"{person}/exceptions/{entry.id}/removal").status_code == 303
    assert browser.get(f"{person}/roster").text.count("Trade fair") == 2


def test_people_are_filtered_by_home(sign_in_as: SignIn, shop: Shop) -> None:
    browser = sign_in_as("hq")
    assert "王芳" in browser.get(f"/hq/people?branch={shop.branch_id}").text
    assert "王芳" not in browser.get(f"/hq/people?branch={shop.second_branch_id}").text
    assert "Nobody here yet" in browser.get("/hq/people?branch=nonsense").text
