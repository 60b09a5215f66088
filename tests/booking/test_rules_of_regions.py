"""Busy times and time for members of a region: of each of its branches, and of no other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from blueprints.booking.errors import BadRule, NotForYou
from blueprints.booking.models import PeakRule, PriorityWindow
from blueprints.booking.queries import stretches
from blueprints.booking.queries.earliest import earliest
from blueprints.booking.queries.rulebook import rulebooks
from blueprints.booking.service import rulebook
from blueprints.booking.service.rulebook import PeakInput, TimesInput, WindowInput
from blueprints.booking.values import Guest, Item
from blueprints.catalog import api as catalog
from blueprints.catalog import service as catalog_service
from shopbell import marks
from shopbell.ids import uuid7
from tests.booking.test_priority import FIVE, reserve
from tests.support.world import Shop

SignIn = Callable[..., FlaskClient]
FRIDAYS = [(17 * 60, 20 * 60)]


@pytest.fixture
def region(session: Session, shop: Shop) -> UUID:
    south = catalog_service.add_region(session, {"en": "South"})
    catalog_service.place_branches(session, south, inside={shop.branch_id}, outside=set())
    return south


def keep(session: Session, region: UUID, rule_id: UUID | None = None, hours: int = 48) -> UUID:
    times = TimesInput(None, [4], FRIDAYS, region_id=region)
    return rulebook.save_window(session, WindowInput(times, 2, hours), rule_id)


@pytest.mark.proves("T2")
@pytest.mark.proves("B4")
def test_time_for_members_of_a_region_is_kept_in_its_branches(session: Session, shop: Shop, region: UUID) -> None:
    keep(session, region)
    with pytest.raises(NotForYou), session.begin_nested():
        reserve(session, shop)
    catalog_service.place_branches(session, region, inside=set(), outside={shop.branch_id})
    assert reserve(session, shop).starts_at == FIVE, "a branch that leaves the region leaves its rules"


@pytest.mark.proves("T2")
@pytest.mark.proves("B10")
def test_a_busy_time_of_a_region_holds_in_its_branches_in_as_many_queries(
    session: Session, shop: Shop, region: UUID
) -> None:
    branches = [catalog.branch(session, one) for one in (shop.branch_id, shop.second_branch_id)]
    seen: list[str] = []
    event.listen(session.connection(), "before_cursor_execute", lambda *given: seen.append(given[2]))

    def count() -> int:
        catalog.branches(session)
        seen.clear()
        rulebooks(session, branches)
        return len(seen)

    before = count()
    for place in (TimesInput(None, [4], FRIDAYS, region_id=region), TimesInput(None, [5], FRIDAYS)):
        rulebook.save_peak(session, PeakInput(place, {"en": "Evening"}, deposit_percent=20))
    assert count() == before
    assert [len(book.peaks) for book in rulebooks(session, branches).values()] == [2, 1]


@pytest.mark.proves("T2")
def test_the_search_over_the_chain_reads_only_the_regions_branches_anew(
    session: Session, shop: Shop, region: UUID
) -> None:
    wish = [Guest((Item(shop.fitting, (), None),))]
    earliest(session, wish)
    before = marks.read(session, stretches.RULES)
    rule = keep(session, region)
    after = marks.read(session, stretches.RULES)
    assert {one for one in before.keys() | after.keys() if before.get(one) != after.get(one)} == {shop.branch_id}
    keep(session, region, rule, 24)
    again = marks.read(session, stretches.RULES)
    assert {one for one in after.keys() | again.keys() if after.get(one) != again.get(one)} == {shop.branch_id}
    rulebook.save_window(session, WindowInput(TimesInput(None, [4], FRIDAYS), 2, 48))
    changed = marks.read(session, stretches.RULES)
    assert {one for one in again.keys() | changed.keys() if again.get(one) != changed.get(one)} == {None}


@pytest.mark.proves("T2")
def test_head_office_chooses_a_region_on_the_pages(
    sign_in_as: SignIn, session: Session, shop: Shop, region: UUID
) -> None:
    browser = sign_in_as("hq")
    times = {"place": f"region:{region}", "weekdays": ["4"], "hours": "17:00–20:00"}
    kinds: list[tuple[str, dict[str, str], type[PeakRule] | type[PriorityWindow]]] = [
        ("peaks", {"name.en": "Evening", "deposit_percent": "20"}, PeakRule),
        ("priority", {"tier": "2", "until_hours": "48"}, PriorityWindow),
    ]
    for name, typed, model in kinds:
        answer = browser.post(f"/hq/policies/{name}/new", data={**times, **typed})
        assert answer.status_code == 303, answer.text
        assert "Region South" in browser.get(answer.location).text
        row: Any = session.scalars(select(model)).one()
        assert (row.region_id, row.branch_id) == (region, None)
        assert f'value="region:{region}" selected' in browser.get(f"/hq/policies/{name}/{row.id}").text
        moved = {**times, **typed, "place": str(shop.branch_id)}
        assert browser.post(f"/hq/policies/{name}/{row.id}", data=moved).status_code == 303
        session.expire_all()
        assert (row.region_id, row.branch_id) == (None, shop.branch_id)
        for nowhere in (f"region:{uuid7()}", "region:x", "x"):
            assert (
                browser.post(f"/hq/policies/{name}/new", data={**times, **typed, "place": nowhere}).status_code == 404
            )


def test_a_rule_is_of_one_place(session: Session, shop: Shop, region: UUID) -> None:
    both = TimesInput(shop.branch_id, [4], FRIDAYS, region_id=region)
    with pytest.raises(BadRule) as refused:
        rulebook.save_window(session, WindowInput(both, 1, 24))
    assert list(refused.value.fields) == ["region"]
    keep(session, region)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(text("update priority_windows set branch_id = :branch"), {"branch": shop.branch_id})


def test_a_region_that_goes_takes_its_rules_along(session: Session, shop: Shop, region: UUID) -> None:
    keep(session, region)
    catalog_service.place_branches(session, region, inside=set(), outside={shop.branch_id})
    catalog_service.drop_region(session, region)
    assert session.scalars(select(PriorityWindow.id)).all() == []


@pytest.mark.proves("T2")
def test_programs_write_the_rules_of_regions(api_client: SignIn, session: Session, shop: Shop, region: UUID) -> None:
    program = api_client("settings")
    when = {"weekdays": [4], "hours": [1020, 1200], "region": str(region)}
    for path, more in (
        ("busy-times", {"name": {"en": "Evening"}, "deposit_percent": 20}),
        ("member-times", {"tier": 2, "until_hours": 48}),
    ):
        address = f"/api/v1/{path}"
        made = program.post(address, json=when | more)
        assert made.status_code == 201, made.text
        told = made.get_json()
        assert (told["region"], told["branch"], told["hours"]) == (str(region), None, [1020, 1200])
        assert program.get(address).get_json() == {"items": [told], "next": None}
        assert program.get(f"{address}?limit=1").get_json()["next"] == told["id"]
        changed = program.put(f"{address}/{told['id']}", json={**when, **more, "region": None, "weekdays": [5]})
        assert (changed.status_code, changed.get_json()["region"], changed.get_json()["weekdays"]) == (200, None, [5])
        for wrong, status in (
            ({"branch": str(shop.branch_id)}, 422),
            ({"region": str(uuid7())}, 404),
            ({"hours": [1200, 1020]}, 422),
            ({"weekdays": []}, 422),
        ):
            assert program.post(address, json=when | more | wrong).status_code == status, wrong
        gone = program.post(f"{address}/{told['id']}/removal")
        assert (gone.status_code, gone.get_json()) == (200, changed.get_json())
        assert program.post(f"{address}/{told['id']}/removal").status_code == 404
        assert api_client("booking").get(address).status_code == 403
