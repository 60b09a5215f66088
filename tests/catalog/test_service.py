"""What can be done to the catalogue, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from blueprints.catalog import queries, service
from blueprints.catalog.errors import AddressTaken, BadCatalogue, UnknownBranch, UnknownResource, UnknownService
from blueprints.catalog.service import BranchInput, ServiceInput, StepInput
from tests.support.world import Shop

MONDAY = date(2026, 3, 2)
BRANCH = BranchInput(
    name={"en": "West Lake", "zh-CN": "西湖店"},
    address={"en": "1 Lakeside Road"},
    phone="0571 8765 4321",
    time_zone="Asia/Shanghai",
)
SERVICE = ServiceInput(
    name={"en": "Fitting"}, category={"en": "Lenses"}, price_minor=5000, currency="CNY", description={}
)


def refused(error: pytest.ExceptionInfo[BadCatalogue]) -> set[str]:
    return set(error.value.fields)


def test_a_branch_is_added_last_and_its_phone_is_kept_in_one_form(session: Session) -> None:
    branch_id = service.add_branch(session, "west-lake", BRANCH)
    found = queries.branch(session, branch_id)
    assert queries.branches(session)[-1] == found
    assert (found.slug, found.phone, found.name["zh-CN"]) == ("west-lake", "+8657187654321", "西湖店")
    assert queries.branch_by_slug(session, "west-lake") == found


def test_everything_wrong_with_a_branch_is_said_at_once(session: Session) -> None:
    before = queries.branches(session)
    wrong = BranchInput(
        name={}, address={"vi": "x" * 201}, phone="12", time_zone="Moon/Base", latitude=91, slot_minutes=0
    )
    with pytest.raises(BadCatalogue) as error:
        service.add_branch(session, "West Lake", wrong)
    assert refused(error) == {"slug", "name.en", "address.vi", "phone", "time_zone", "latitude", "slot_minutes"}
    assert queries.branches(session) == before


@pytest.mark.parametrize("minutes", [7, 25, 125])
def test_start_times_repeat_every_day(session: Session, minutes: int) -> None:
    with pytest.raises(BadCatalogue) as error:
        service.add_branch(session, "west-lake", replace(BRANCH, slot_minutes=minutes))
    assert refused(error) == {"slot_minutes"}


def test_two_branches_cannot_share_a_short_name(session: Session) -> None:
    service.add_branch(session, "west-lake", BRANCH)
    with pytest.raises(AddressTaken) as error:
        service.add_branch(session, "west-lake", BRANCH)
    assert set(error.value.fields) == {"slug"}


def test_a_branch_is_changed_but_for_its_short_name(session: Session, shop: Shop) -> None:
    service.change_branch(session, shop.branch_id, replace(BRANCH, is_open=False, horizon_days=14))
    found = queries.branch(session, shop.branch_id)
    assert (found.slug, found.is_open, found.horizon_days) == ("xintiandi", False, 14)
    with pytest.raises(UnknownBranch):
        service.change_branch(session, shop.eye_test, BRANCH)


def test_hours_are_replaced_and_may_be_set_twice(session: Session, shop: Shop) -> None:
    for _ in range(2):
        service.set_hours(session, shop.branch_id, {0: [(780, 1080), (540, 720)], 6: [(0, 1440)]})
    found = queries.opening_spans(session, shop.branch_id, MONDAY, 7)
    assert [spans for spans in found.values() if spans] == [[(540, 720), (780, 1080)], [(0, 1440)]]


@pytest.mark.parametrize("spans", [[(600, 600)], [(-1, -1)], [(600, 1441)], [(540, 720), (700, 900)]])
def test_impossible_hours_name_their_weekday(session: Session, shop: Shop, spans: list[tuple[int, int]]) -> None:
    with pytest.raises(BadCatalogue) as error:
        service.set_hours(session, shop.branch_id, {3: spans})
    assert refused(error) == {"hours.3"}
    assert queries.opening_spans(session, shop.branch_id, MONDAY, 1)[MONDAY] == [(540, 1080)]


def test_a_day_that_differs_is_set_replaced_and_dropped(session: Session, shop: Shop) -> None:
    service.set_exception(session, shop.branch_id, MONDAY, reason="Stocktaking")
    assert queries.opening_spans(session, shop.branch_id, MONDAY, 1)[MONDAY] == []
    service.set_exception(session, shop.branch_id, MONDAY, [(600, 720)], reason="Stocktaking")
    assert queries.opening_spans(session, shop.branch_id, MONDAY, 1)[MONDAY] == [(600, 720)]
    assert [view.spans for view in queries.exceptions_from(session, shop.branch_id, MONDAY)] == [[(600, 720)]]
    service.drop_exception(session, shop.branch_id, MONDAY)
    service.drop_exception(session, shop.branch_id, MONDAY)
    assert queries.opening_spans(session, shop.branch_id, MONDAY, 1)[MONDAY] == [(540, 1080)]


def test_a_service_has_its_steps_in_order(session: Session, shop: Shop) -> None:
    steps = [
        StepInput({"en": "Talk"}, 10, shop.skill_id),
        StepInput({"en": "Wait"}, 15),
        StepInput({"en": "Measure"}, 20, shop.skill_id, "Exam room", "phoropter"),
    ]
    found = queries.service(session, service.add_service(session, "lens-fitting", SERVICE, steps))
    assert [(step.position, step.minutes) for step in found.steps] == [(0, 10), (1, 15), (2, 20)]
    assert (found.minutes, found.skill_ids, found.category) == (45, frozenset({shop.skill_id}), "Lenses")
    assert found.steps[2].room_type == "exam_room"


def test_everything_wrong_with_a_service_is_said_at_once(session: Session, shop: Shop) -> None:
    steps = [StepInput({}, 7, shop.branch_id), StepInput({"en": "Fine"}, 725, shop.skill_id)]
    with pytest.raises(BadCatalogue) as error:
        service.add_service(session, "lens", replace(SERVICE, name={}, price_minor=-1), steps)
    assert refused(error) == {
        "name.en",
        "price",
        "steps.0.name.en",
        "steps.0.minutes",
        "steps.0.skill",
        "steps.1.minutes",
    }


def test_a_service_that_needs_nothing_would_never_be_full(session: Session) -> None:
    with pytest.raises(BadCatalogue) as error:
        service.add_service(session, "lens", SERVICE, [StepInput({"en": "Wait"}, 15)])
    assert refused(error) == {"steps"}


def test_steps_move_one_place_and_stop_at_the_ends(session: Session, shop: Shop) -> None:
    def names() -> list[str]:
        return [step.name["en"] for step in queries.service(session, shop.eye_test).steps]

    service.move_step(session, shop.eye_test, 0, 1)
    assert names() == ["Step 2", "Step 1"]
    service.move_step(session, shop.eye_test, 0, -1)
    service.move_step(session, shop.eye_test, 1, 1)
    service.move_step(session, shop.eye_test, 9, 1)
    assert names() == ["Step 2", "Step 1"]


def test_a_retired_service_is_no_longer_offered_but_still_known(session: Session, shop: Shop) -> None:
    service.retire_service(session, shop.eye_test)
    service.retire_service(session, shop.eye_test)
    assert shop.eye_test not in {found.id for found in queries.services(session)}
    assert queries.service(session, shop.eye_test).active is False
    service.restore_service(session, shop.eye_test)
    assert shop.eye_test in {found.id for found in queries.services(session)}
    with pytest.raises(UnknownService):
        service.retire_service(session, shop.branch_id)


def test_a_room_out_of_use_is_not_offered_and_belongs_to_one_branch(session: Session, shop: Shop) -> None:
    room = service.add_resource(session, shop.branch_id, kind="room", type="Exam Room", name="Room 9")
    assert [found.type for found in queries.resources_at(session, shop.branch_id) if found.id == room] == ["exam_room"]
    service.retire_resource(session, shop.branch_id, room)
    assert room not in {found.id for found in queries.resources_at(session, shop.branch_id)}
    with pytest.raises(UnknownResource):
        service.restore_resource(session, shop.second_branch_id, room)


def test_the_states_of_branches_follow_their_own_clocks(session: Session, shop: Shop) -> None:
    saigon = service.add_branch(session, "saigon", replace(BRANCH, time_zone="Asia/Ho_Chi_Minh"))
    service.set_hours(session, saigon, {0: [(420, 1080)]})
    found = queries.states(session, queries.branches(session), datetime(2026, 3, 2, 0, 30, tzinfo=UTC))
    assert (found[shop.branch_id].kind, found[saigon].kind) == ("later", "open")
