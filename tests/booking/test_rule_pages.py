"""HQ's pages of booking rules: who may write them, what they say, and that nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blueprints.booking.models import BookingPolicy, PeakRule, PriorityWindow
from blueprints.booking.service import rulebook
from blueprints.booking.service.rulebook import PeakInput, PolicyInput, TimesInput, WindowInput
from shopbell.tenancy import TenantContext
from tests.support.database import RolledBackDatabase
from tests.support.world import Shop

SignIn = Callable[..., FlaskClient]
WEEKEND = {"weekdays": ["5", "6"], "hours": "10:00–18:00"}


def count(session: Session, model: Any) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def hq(sign_in_as: SignIn) -> FlaskClient:
    return sign_in_as("hq")


def test_terms_are_written_shown_in_sentences_changed_and_removed(hq: FlaskClient, session: Session, shop: Shop):
    form = {"branch": str(shop.branch_id), "service": str(shop.eye_test), "cancel_minutes": "24", "max_moves": "3"}
    answer = hq.post("/hq/policies/new", data={**form, "late_cancel_percent": "50"})
    assert answer.status_code == 303
    page = hq.get(answer.headers["Location"]).text
    assert "Test Eye Test at Xintiandi" in page
    assert "You can cancel free of charge until 24 hours before. After that it costs 50 % of the price." in page
    assert "This is possible 3 times." in page
    row = session.scalars(select(BookingPolicy)).one()
    assert (row.cancel_minutes, row.max_moves, row.late_cancel_percent, row.move_minutes) == (1440, 3, 50, None)
    shown = hq.get(f"/hq/policies/{row.id}").text
    assert 'name="cancel_minutes" type="text" value="24"' in shown
    assert hq.post(f"/hq/policies/{row.id}", data={"cancel_minutes": "1.5"}).status_code == 303
    session.expire_all()
    assert (row.cancel_minutes, row.max_moves) == (90, None)
    assert hq.post(f"/hq/policies/{row.id}/removal").status_code == 303
    assert count(session, BookingPolicy) == 0


def test_what_holds_at_a_place_is_answered(hq: FlaskClient, session: Session, shop: Shop):
    rulebook.add_policy(session, PolicyInput(None, None, {"no_show_percent": 30}))
    rulebook.add_policy(session, PolicyInput(None, shop.eye_test, {"deposit_percent": 20}))
    page = hq.get(f"/hq/policies?branch={shop.branch_id}&service={shop.eye_test}").text
    assert page.count("If you do not come, you pay 30 % of the price.") == 3
    assert page.count("We ask for a deposit of 20 % of the price.") == 2
    other = hq.get(f"/hq/policies?branch={shop.branch_id}&service={shop.fitting}").text
    assert other.count("We ask for a deposit of 20 % of the price.") == 1


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({}, "cancel_minutes"),
        ({"cancel_minutes": "soon"}, "cancel_minutes"),
        ({"cancel_minutes": "-1"}, "cancel_minutes"),
        ({"cancel_minutes": "0.01"}, "cancel_minutes"),
        ({"cancel_minutes": "721"}, "cancel_minutes"),
        ({"move_minutes": "nan"}, "move_minutes"),
        ({"move_minutes": "1e400"}, "move_minutes"),
        ({"max_moves": "100"}, "max_moves"),
        ({"late_cancel_percent": "101"}, "late_cancel_percent"),
        ({"no_shows_for_deposit": "0"}, "no_shows_for_deposit"),
        ({"no_show_after_minutes": "10", "late_grace_minutes": "15"}, "no_show_after_minutes"),
    ],
)
def test_terms_that_cannot_be_are_named_and_kept_in_the_form(
    hq: FlaskClient, session: Session, typed: dict[str, str], field: str
):
    answer = hq.post("/hq/policies/new", data=typed)
    assert answer.status_code == 422
    assert f'id="f-{field}-err"' in answer.text
    for value in typed.values():
        assert f'value="{value}"' in answer.text
    assert count(session, BookingPolicy) == 0


def test_there_is_one_rule_for_a_place(hq: FlaskClient, session: Session):
    assert hq.post("/hq/policies/new", data={"max_moves": "3"}).status_code == 303
    again = hq.post("/hq/policies/new", data={"max_moves": "4"})
    assert again.status_code == 422
    assert "There is a rule for this already." in again.text
    assert session.scalars(select(BookingPolicy.max_moves)).all() == [3]


def test_a_busy_time_is_written_changed_and_removed(hq: FlaskClient, session: Session, shop: Shop):
    form = {**WEEKEND, "name.en": "Weekend", "name.vi": "Cuối tuần", "horizon_days": "14", "deposit_percent": "20"}
    answer = hq.post("/hq/policies/peaks/new", data={**form, "lead_minutes": "3", "first_day": "2026-05-01"})
    assert answer.status_code == 303
    page = hq.get(answer.headers["Location"]).text
    assert "Weekend" in page
    assert "Opens 14 days ahead" in page
    assert "Deposit of 20 %" in page
    row = session.scalars(select(PeakRule)).one()
    assert (row.weekdays, row.starts, row.ends, row.lead_minutes) == ([5, 6], 600, 1080, 180)
    assert 'value="10:00–18:00"' in hq.get(f"/hq/policies/peaks/{row.id}").text
    changed = {**form, "hours": "09:00-12:30", "place": str(shop.branch_id), "horizon_days": ""}
    assert hq.post(f"/hq/policies/peaks/{row.id}", data=changed).status_code == 303
    session.expire_all()
    assert (row.starts, row.ends, row.horizon_days, row.branch_id) == (540, 750, None, shop.branch_id)
    assert hq.post(f"/hq/policies/peaks/{row.id}/removal").status_code == 303
    assert count(session, PeakRule) == 0


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"hours": "10:00–10:02"}, "hours"),
        ({"hours": "10:00–12:00, 13:00–14:00"}, "hours"),
        ({"hours": ""}, "hours"),
        ({"hours": "18:00–10:00"}, "hours"),
        ({"name.en": ""}, "name-en"),
        ({"weekdays": []}, "weekdays"),
        ({"weekdays": ["7"]}, "weekdays"),
        ({"weekdays": ["x"]}, "weekdays"),
        ({"horizon_days": ""}, "horizon_days"),
        ({"horizon_days": "400"}, "horizon_days"),
        ({"lead_minutes": "x"}, "lead_minutes"),
        ({"first_day": "yesterday"}, "first_day"),
        ({"first_day": "2026-05-02", "last_day": "2026-05-01"}, "last_day"),
    ],
)
def test_a_busy_time_that_cannot_be_is_named(hq: FlaskClient, session: Session, typed: dict[str, Any], field: str):
    answer = hq.post("/hq/policies/peaks/new", data={**WEEKEND, "name.en": "Weekend", "horizon_days": "14", **typed})
    assert answer.status_code == 422
    assert f'id="f-{field}-err"' in answer.text
    assert count(session, PeakRule) == 0


@pytest.mark.proves("B10")
def test_busy_times_with_too_few_people_on_the_roster_are_listed(hq: FlaskClient, shop: Shop):
    form = {**WEEKEND, "name.en": "Weekend", "staff_min": "3"}
    assert hq.post("/hq/policies/peaks/new", data=form).status_code == 303
    page = hq.get(f"/hq/policies/peaks?branch={shop.branch_id}").text
    assert page.count("Weekend, 10:00–18:00") == 8
    assert "Saturday, March 7, 2026" in page
    enough = {**form, "staff_min": "2"}
    rule = hq.get("/hq/policies/peaks").text.partition('href="/hq/policies/peaks/')[2]
    rule_id = next(part for part in hq.get("/hq/policies/peaks").text.split('href="/hq/policies/peaks/')[2:]).partition(
        '"'
    )[0]
    assert rule
    assert hq.post(f"/hq/policies/peaks/{rule_id}", data=enough).status_code == 303
    assert "has enough people" in hq.get(f"/hq/policies/peaks?branch={shop.branch_id}").text


def test_time_for_members_is_written_changed_and_removed(hq: FlaskClient, session: Session):
    form = {"weekdays": ["4"], "hours": "17:00–20:00", "tier": "2", "until_hours": "48"}
    answer = hq.post("/hq/policies/priority/new", data=form)
    assert answer.status_code == 303
    page = hq.get(answer.headers["Location"]).text
    assert "Friday" in page
    assert "Tier 2 and above" in page
    assert "48 hours before it begins" in page
    row = session.scalars(select(PriorityWindow)).one()
    assert hq.get(f"/hq/policies/priority/{row.id}").status_code == 200
    assert hq.post(f"/hq/policies/priority/{row.id}", data={**form, "until_hours": "0"}).status_code == 303
    session.expire_all()
    assert (row.tier, row.until_hours) == (2, 0)
    for wrong in ({"tier": "0"}, {"tier": "gold"}, {"until_hours": ""}, {"until_hours": "9999"}):
        refused = hq.post(f"/hq/policies/priority/{row.id}", data={**form, **wrong})
        assert refused.status_code == 422
        assert f'id="f-{next(iter(wrong))}-err"' in refused.text
    assert hq.post(f"/hq/policies/priority/{row.id}/removal").status_code == 303
    assert count(session, PriorityWindow) == 0


@pytest.fixture
def rules(session: Session, shop: Shop) -> dict[str, UUID]:
    return written(session, shop)


@pytest.fixture
def foreign(database: RolledBackDatabase, other_tenant: TenantContext, other_shop: Shop) -> dict[str, UUID]:
    with database.transaction(other_tenant) as elsewhere:
        return written(elsewhere, other_shop)


def written(session: Session, shop: Shop) -> dict[str, UUID]:
    """One rule of each kind."""
    times = TimesInput(shop.branch_id, [4], [(1020, 1200)])
    return {
        "policies": rulebook.add_policy(session, PolicyInput(shop.branch_id, None, {"max_moves": 3})),
        "policies/peaks": rulebook.save_peak(session, PeakInput(times, {"en": "Friday"}, staff_min=2)),
        "policies/priority": rulebook.save_window(session, WindowInput(times, 1, 24)),
    }


@pytest.mark.parametrize("role", ["manager", "frontdesk"])
def test_only_head_office_writes_rules(sign_in_as: SignIn, session: Session, rules: dict[str, UUID], role: str):
    browser = sign_in_as(role)
    for name, rule_id in rules.items():
        for address in (f"/hq/{name}", f"/hq/{name}/new", f"/hq/{name}/{rule_id}"):
            assert browser.get(address).status_code == 403
        for address in (f"/hq/{name}/new", f"/hq/{name}/{rule_id}", f"/hq/{name}/{rule_id}/removal"):
            assert browser.post(address, data={"max_moves": "1"}).status_code == 403
    assert [count(session, model) for model in (BookingPolicy, PeakRule, PriorityWindow)] == [1, 1, 1]


def test_nobody_writes_rules_without_a_sign_in(client: FlaskClient, session: Session, rules: dict[str, UUID]):
    for name, rule_id in rules.items():
        assert client.post(f"/hq/{name}/{rule_id}/removal").status_code in {303, 401}
        assert client.get(f"/hq/{name}").status_code == 303
    assert [count(session, model) for model in (BookingPolicy, PeakRule, PriorityWindow)] == [1, 1, 1]


def test_rules_and_places_of_another_chain_do_not_exist_here(
    hq: FlaskClient, foreign: dict[str, UUID], other_shop: Shop, session: Session
):
    for name, rule_id in foreign.items():
        assert hq.get(f"/hq/{name}/{rule_id}").status_code == 404
        assert hq.post(f"/hq/{name}/{rule_id}", data={"max_moves": "1"}).status_code == 404
        assert hq.post(f"/hq/{name}/{rule_id}/removal").status_code == 404
    place = {"branch": str(other_shop.branch_id), "max_moves": "1"}
    assert hq.post("/hq/policies/new", data=place).status_code == 404
    assert hq.get(f"/hq/policies?branch={other_shop.branch_id}").status_code == 404
    assert hq.get(f"/hq/policies/peaks?branch={other_shop.branch_id}").status_code == 404
    assert count(session, BookingPolicy) == 0


def test_long_lists_of_rules_come_in_pages(hq: FlaskClient, session: Session, shop: Shop):
    for number in range(30):
        times = TimesInput(None, [number % 7], [(600, 660)])
        rulebook.save_peak(session, PeakInput(times, {"en": f"Peak {number}"}, deposit_percent=10))
        rulebook.save_window(session, WindowInput(times, 1, number))
    assert "Page 1 of 2" in hq.get("/hq/policies/peaks").text
    assert "Page 2 of 2" in hq.get("/hq/policies/priority?page=2").text
