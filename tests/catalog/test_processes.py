"""Services as processes: steps with roles, levels and waits, variants, add-ons, and what a branch does differently."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from blueprints.catalog import queries, service
from blueprints.catalog.errors import BadCatalogue, UnknownBranch, UnknownChoice
from blueprints.catalog.process import Bar, phases, picture
from blueprints.catalog.queries import USUAL, ServiceView, StepView, TermsView
from blueprints.catalog.service import OptionInput, StepInput
from tests.support.world import Shop

SignIn = Callable[..., FlaskClient]
SKILL = UUID(int=1)


def step(position: int, minutes: int, **needs: Any) -> StepView:
    return replace(StepView(position, {"en": "x"}, minutes, None, None, None), **needs)


def colour(session: Session, shop: Shop) -> ServiceView:
    """Apply (30, stylist, chair), develop (35, chair), rinse (15, assistant, basin), dry (25, stylist, chair)."""
    steps = [
        StepInput({"en": "Apply"}, 30, shop.skill_id, "chair", level=2, was=0),
        StepInput({"en": "Develop"}, 35, None, "chair", was=1),
        StepInput({"en": "Rinse"}, 15, shop.skill_id, "basin", role="assistant"),
        StepInput({"en": "Dry"}, 25, shop.skill_id, "chair", wait_minutes=10),
    ]
    service.set_steps(session, shop.eye_test, steps)
    return queries.service(session, shop.eye_test)


@pytest.mark.proves("B7")
def test_steps_say_who_does_them_how_well_and_what_they_take(session: Session, shop: Shop) -> None:
    found = colour(session, shop)
    assert [(s.role, s.level, s.skill_id is not None, s.wait_minutes) for s in found.steps] == [
        ("main", 2, True, 0),
        ("main", 1, False, 0),
        ("assistant", 1, True, 0),
        ("main", 1, True, 10),
    ]
    assert found.minutes == 105
    assert phases(found.steps) == ["active", "processing", "finishing", "finishing"]
    assert found.fits({shop.skill_id: 2})
    assert not found.fits({shop.skill_id: 1})


def test_the_picture_shows_who_is_busy_when_waits_and_buffers_included() -> None:
    steps = [
        step(0, 30, skill_id=SKILL, room_type="chair"),
        step(1, 35, room_type="chair"),
        step(2, 20, skill_id=SKILL, room_type="basin", wait_minutes=15, role="assistant", room_count=2),
    ]
    found = picture(steps, before=5, after=10)
    assert (found.minutes, found.longest, found.total) == (85, 100, 115)
    lanes = {(lane.kind, lane.name): lane for lane in found.lanes}
    assert list(lanes) == [
        ("customer", ""),
        ("person", "main"),
        ("person", "assistant"),
        ("room", "chair"),
        ("room", "basin"),
    ]
    assert lanes["customer", ""].bars == (
        Bar("active", 5, 30, 1),
        Bar("processing", 35, 35, 2),
        Bar("wait", 70, 15),
        Bar("finishing", 85, 20, 3),
    )
    assert lanes["person", "main"].bars == (Bar("buffer", 0, 5), Bar("active", 5, 30, 1))
    assert lanes["person", "assistant"].bars == (Bar("finishing", 85, 20, 3), Bar("buffer", 105, 10))
    assert lanes["room", "basin"].count == 2
    assert found.percent(115) == "100.00%"


def test_everything_wrong_with_a_step_is_said_at_once(session: Session, shop: Shop) -> None:
    before = queries.service(session, shop.eye_test)
    wrong = StepInput({"en": "x"}, 10, shop.skill_id, "chair", "lamp", shop.fitting, "chief", 4, 0, 21, 7)
    with pytest.raises(BadCatalogue) as error:
        service.set_steps(session, shop.eye_test, [StepInput({"en": "x"}, 10, shop.skill_id), wrong])
    names = ("option", "role", "level", "room_count", "device_count", "wait")
    assert set(error.value.fields) == {f"steps.1.{name}" for name in names}
    assert queries.service(session, shop.eye_test) == before


def test_nobody_waits_before_the_first_step(session: Session, shop: Shop) -> None:
    with pytest.raises(BadCatalogue) as error:
        service.set_steps(session, shop.eye_test, [StepInput({"en": "x"}, 10, shop.skill_id, wait_minutes=5)])
    assert set(error.value.fields) == {"steps.0.wait"}
    colour(session, shop)
    service.move_step(session, shop.eye_test, 3, -1)
    service.move_step(session, shop.eye_test, 2, -1)
    service.move_step(session, shop.eye_test, 1, -1)
    assert [s.wait_minutes for s in queries.service(session, shop.eye_test).steps] == [0, 0, 0, 0]


@pytest.mark.proves("B7")
def test_variants_and_add_ons_change_minutes_steps_and_price(session: Session, shop: Shop) -> None:
    colour(session, shop)
    short = service.add_option(session, shop.eye_test, OptionInput("variant", {"en": "Short"}))
    long = service.add_option(session, shop.eye_test, OptionInput("variant", {"en": "Long"}, 8000, {0: 15, 3: 10}))
    mask = service.add_option(session, shop.eye_test, OptionInput("addon", {"en": "Mask"}, 3000))
    steps = [replace_input(view) for view in queries.service(session, shop.eye_test).steps]
    steps.insert(3, StepInput({"en": "Mask"}, 10, shop.skill_id, "basin", option_id=mask, role="assistant"))
    service.set_steps(session, shop.eye_test, steps)
    found = queries.service(session, shop.eye_test)
    assert found.minutes == 105
    assert found.chosen(())[0].id == short
    chosen = found.chosen([long, mask])
    assert [s.minutes for s in found.process(chosen)] == [45, 35, 15, 10, 35]
    assert found.price_with(chosen) == 19900 + 8000 + 3000
    service.move_step(session, shop.eye_test, 0, 1)
    found = queries.service(session, shop.eye_test)
    assert [s.minutes for s in found.process(found.chosen([long]))] == [35, 45, 15, 35]


def replace_input(view: StepView) -> StepInput:
    names = ("minutes", "skill_id", "room_type", "device_type", "option_id", "role", "level", "wait_minutes")
    return StepInput(name=view.name, was=view.position, **{name: getattr(view, name) for name in names})


def test_minutes_added_to_a_step_that_is_left_out_go_with_it(session: Session, shop: Shop) -> None:
    colour(session, shop)
    option = service.add_option(session, shop.eye_test, OptionInput("addon", {"en": "x"}, 0, {1: 5, 3: 20}))
    steps = [replace_input(view) for view in queries.service(session, shop.eye_test).steps]
    service.set_steps(session, shop.eye_test, [steps[0], steps[3]])
    (found,) = queries.service(session, shop.eye_test).options
    assert (found.id, found.step_minutes) == (option, {"1": 20})


@pytest.mark.parametrize(
    ("option", "fields"),
    [
        (OptionInput("size", {"en": "x"}), {"kind"}),
        (OptionInput("addon", {}), {"name.zh-CN"}),
        (OptionInput("addon", {"en": "x"}, -19901), {"price"}),
        (OptionInput("addon", {"en": "x"}, 10**12), {"price"}),
        (OptionInput("addon", {"en": "x"}, 0, {0: 7}), {"minutes.0"}),
        (OptionInput("addon", {"en": "x"}, 0, {9: 5}), {"minutes.9"}),
        (OptionInput("variant", {"en": "x"}, 0, {0: -10, 1: -20}), {"minutes.0"}),
    ],
)
def test_a_choice_that_cannot_be_is_named(session: Session, shop: Shop, option: OptionInput, fields: set[str]) -> None:
    with pytest.raises(BadCatalogue) as error:
        service.add_option(session, shop.eye_test, option)
    assert {name.split(".")[0] for name in error.value.fields} == {name.split(".")[0] for name in fields}
    assert queries.service(session, shop.eye_test).options == ()


def test_the_first_variant_on_offer_counts_when_nothing_is_chosen(session: Session, shop: Shop) -> None:
    first, second, third = (
        service.add_option(session, shop.eye_test, OptionInput(kind, {"en": name}))
        for kind, name in (("variant", "Short"), ("addon", "Mask"), ("variant", "Long"))
    )
    service.move_option(session, shop.eye_test, third, -1)
    assert [option.id for option in queries.service(session, shop.eye_test).variants] == [third, first]
    service.retire_option(session, shop.eye_test, third)
    found = queries.service(session, shop.eye_test)
    assert [option.id for option in found.chosen(())] == [first]
    assert [option.id for option in found.chosen([third])] == [third]
    service.restore_option(session, shop.eye_test, third)
    service.move_option(session, shop.eye_test, second, 1)
    with pytest.raises(UnknownChoice):
        service.retire_option(session, shop.fitting, first)


def test_a_branch_may_leave_a_service_out_be_slower_or_dearer(session: Session, shop: Shop, other_shop: Shop) -> None:
    slower = TermsView(True, 125, 25000)
    service.set_branch_terms(
        session, shop.branch_id, {shop.eye_test: slower, shop.fitting: TermsView(False, 100, None)}
    )
    found = queries.branch_terms(session, shop.branch_id)
    assert found == {shop.eye_test: slower, shop.fitting: TermsView(False, 100, None)}
    service.set_branch_terms(session, shop.branch_id, {shop.eye_test: USUAL})
    assert queries.branch_terms(session, shop.branch_id) == {shop.fitting: TermsView(False, 100, None)}
    assert queries.branch_terms(session, shop.second_branch_id) == {}
    for terms in ({shop.eye_test: TermsView(True, 20, None)}, {shop.eye_test: TermsView(True, 100, -1)}):
        with pytest.raises(BadCatalogue):
            service.set_branch_terms(session, shop.branch_id, terms)
    with pytest.raises(BadCatalogue):
        service.set_branch_terms(session, shop.branch_id, {other_shop.eye_test: USUAL})
    with pytest.raises(UnknownBranch):
        service.set_branch_terms(session, shop.eye_test, {})


# Pages


def test_a_service_page_draws_the_visit_with_the_choices_asked_for(
    sign_in_as: SignIn, session: Session, shop: Shop
) -> None:
    colour(session, shop)
    service.add_option(session, shop.eye_test, OptionInput("variant", {"en": "Short hair"}))
    long = service.add_option(session, shop.eye_test, OptionInput("variant", {"en": "Long hair"}, 5000, {0: 30}))
    browser = sign_in_as("hq")
    usual = browser.get(f"/hq/services/{shop.eye_test}").text
    assert "4 steps, 105 minutes" in usual
    assert "up to 115 with waiting" in usual
    assert "Processing: nobody is busy" in usual
    assert "Assistant: " in usual
    other = browser.get(f"/hq/services/{shop.eye_test}?option={long}").text
    assert "4 steps, 135 minutes" in other
    assert browser.get(f"/hq/services/{shop.eye_test}?option=x&option={shop.skill_id}").status_code == 200


def test_a_variant_is_added_changed_and_no_longer_offered(sign_in_as: SignIn, session: Session, shop: Shop) -> None:
    browser, base = sign_in_as("hq"), f"/hq/services/{shop.eye_test}"
    typed = {"kind": "variant", "name.en": "Long <hair>", "price": "-20.50", "minutes.0": "15", "minutes.1": "−5"}
    assert browser.get(f"{base}/options/new?kind=variant").status_code == 200
    assert browser.post(f"{base}/options/new", data=typed).status_code == 303
    session.expire_all()
    (found,) = queries.service(session, shop.eye_test).options
    assert (found.price_minor, found.step_minutes) == (-2050, {"0": 15, "1": -5})
    page = browser.get(f"{base}/options/{found.id}").text
    assert 'value="-20.50"' in page
    assert "Long &lt;hair&gt;" in page
    wrong = browser.post(f"{base}/options/{found.id}", data=typed | {"price": "cheap", "minutes.0": "7"})
    assert wrong.status_code == 422
    assert 'href="#f-price"' in wrong.text
    assert 'href="#f-minutes-0"' in wrong.text
    assert 'value="cheap"' in wrong.text
    assert browser.post(f"{base}/options/{found.id}/move", data={"by": "1"}).status_code == 303
    assert browser.post(f"{base}/options/{found.id}/retirement").status_code == 303
    assert "Offer again" in browser.get(base).text
    assert browser.post(f"{base}/options/{found.id}/return").status_code == 303
    elsewhere = f"/hq/services/{shop.fitting}/options/{found.id}"
    assert browser.get(elsewhere).status_code == 404
    assert browser.post(f"{elsewhere}/retirement").status_code == 404


def test_all_of_a_step_comes_back_from_the_form_as_it_was(sign_in_as: SignIn, session: Session, shop: Shop) -> None:
    before = colour(session, shop)
    service.add_option(session, shop.eye_test, OptionInput("variant", {"en": "Long"}, 0, {0: 15, 3: 10}))
    before = queries.service(session, shop.eye_test)
    typed = {"steps": "5"}
    for number, view in enumerate(before.steps):
        typed |= {
            f"steps.{number}.name.en": view.name["en"],
            f"steps.{number}.minutes": str(view.minutes),
            f"steps.{number}.skill": str(view.skill_id or ""),
            f"steps.{number}.room_type": view.room_type or "",
            f"steps.{number}.role": view.role,
            f"steps.{number}.level": str(view.level),
            f"steps.{number}.wait": str(view.wait_minutes or ""),
            f"steps.{number}.was": str(number),
        }
    address = f"/hq/services/{shop.eye_test}/steps"
    browser = sign_in_as("hq")
    page = browser.get(address).text
    assert 'name="steps.3.was" value="3"' in page
    assert browser.post(address, data=typed).status_code == 303
    session.expire_all()
    assert queries.service(session, shop.eye_test) == before
    assert browser.post(address, data=typed | {"steps.1.remove": "yes"}).status_code == 303
    session.expire_all()
    assert queries.service(session, shop.eye_test).options[0].step_minutes == {"0": 15, "2": 10}


def test_a_branch_says_on_one_page_what_it_does_differently(sign_in_as: SignIn, session: Session, shop: Shop) -> None:
    browser, address = sign_in_as("hq"), f"/hq/branches/{shop.branch_id}/services"
    field = f"terms.{shop.eye_test}"
    typed = {"service": str(shop.eye_test), f"{field}.percent": "120", f"{field}.price": "250"}
    assert f'name="{field}.offered" value="yes" checked' in browser.get(address).text
    wrong = browser.post(address, data=typed | {f"{field}.percent": "5"})
    assert wrong.status_code == 422
    assert f'href="#f-terms-{shop.eye_test}-percent"' in wrong.text
    assert browser.post(address, data=typed).status_code == 303
    session.expire_all()
    assert queries.branch_terms(session, shop.branch_id) == {shop.eye_test: TermsView(False, 120, 25000)}
    assert 'value="250.00"' in browser.get(address).text


def test_buffers_and_approval_are_said_with_the_service(sign_in_as: SignIn, session: Session, shop: Shop) -> None:
    browser, address = sign_in_as("hq"), f"/hq/services/{shop.eye_test}"
    typed = {"name.en": "Colour", "category.en": "Colour", "price": "1", "active": "yes"}
    typed |= {"buffer_before": "5", "buffer_after": "10", "needs_approval": "yes"}
    wrong = browser.post(address, data=typed | {"buffer_after": "7"})
    assert wrong.status_code == 422
    assert 'href="#f-buffer_after"' in wrong.text
    assert browser.post(address, data=typed).status_code == 303
    session.expire_all()
    found = queries.service(session, shop.eye_test)
    assert (found.buffer_before_minutes, found.buffer_after_minutes, found.needs_approval) == (5, 10, True)
    assert "Needs approval" in browser.get(address).text


@pytest.mark.parametrize("role", ["manager", "frontdesk"])
def test_only_head_office_changes_processes(sign_in_as: SignIn, session: Session, shop: Shop, role: str) -> None:
    browser = sign_in_as(role, [shop.branch_id])
    option = service.add_option(session, shop.eye_test, OptionInput("addon", {"en": "x"}))
    base, before = f"/hq/services/{shop.eye_test}", queries.service(session, shop.eye_test)
    for address in (f"{base}/options/new", f"{base}/options/{option}", f"{base}/options/{option}/retirement"):
        assert browser.post(address, data={"kind": "addon", "name.en": "y"}).status_code == 403
    assert browser.post(f"/hq/branches/{shop.branch_id}/services", data={}).status_code == 403
    session.expire_all()
    assert queries.service(session, shop.eye_test) == before
