"""Roles are made by ticking, given by those who hold as much, and somebody always leads the chain."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blueprints.access import errors, queries, rules, service
from blueprints.access.models import AccountRecord, Role, RoleAssignment
from blueprints.access.service import office, roles
from blueprints.access.service.roles import RoleInput, Wanted
from blueprints.registry import permissions
from shopbell import clock, ids
from shopbell.auth import Grant, Principal
from tests.access.conftest import PASSWORD
from tests.support.world import Shop

SignIn = Callable[..., FlaskClient]
KNOWN = permissions()
LEAD = Principal("staff", id=ids.uuid7(), grants=(Grant(KNOWN.held_by(frozenset({"hq"}))),))
CLERK = Principal("staff", id=ids.uuid7(), grants=(Grant(frozenset({"access.users", "crm.read", "frontdesk.use"})),))
READER = RoleInput("Reader", frozenset({"crm.read"}), False)


def key(session: Session, name: str) -> UUID:
    return session.scalars(select(Role.id).where(Role.key == name)).one()


def user(session: Session, role: str = "frontdesk", *branch_ids: UUID) -> UUID:
    return service.create_user(session, f"{ids.uuid7().hex}@example.com", PASSWORD, "Somebody", role, branch_ids)


def held(session: Session, user_id: UUID) -> list[tuple[str, UUID | None]]:
    return [(role.key or role.name, role.branch_id) for role in queries.account(session, user_id).roles]


def test_a_role_made_by_ticking_gives_exactly_what_was_ticked(session: Session, shop: Shop) -> None:
    role_id = roles.add_role(
        session, RoleInput(" Till  team", frozenset({"crm.read", "audit.read"}), True), by=LEAD, known=KNOWN
    )
    person = user(session)
    roles.set_roles(session, person, [Wanted(role_id, branch_id=shop.branch_id)], by=LEAD, known=KNOWN)
    (grant,) = queries.grants(session, queries.account(session, person).roles, KNOWN)
    assert grant == Grant(frozenset({"crm.read"}), frozenset({shop.branch_id}))
    roles.set_roles(session, person, [Wanted(role_id)], by=LEAD, known=KNOWN)
    (grant,) = queries.grants(session, queries.account(session, person).roles, KNOWN)
    assert grant == Grant(frozenset({"crm.read", "audit.read"}), None)
    assert [role.name for role in queries.roles(session)][-1] == "Till team"


def test_a_changed_role_changes_its_holders(session: Session) -> None:
    role_id = roles.add_role(session, READER, by=LEAD, known=KNOWN)
    person = user(session)
    roles.set_roles(session, person, [Wanted(role_id)], by=LEAD, known=KNOWN)
    roles.change_role(session, role_id, RoleInput("Reader", frozenset({"hq.read"}), False), by=LEAD, known=KNOWN)
    (grant,) = queries.grants(session, queries.account(session, person).roles, KNOWN)
    assert grant.permissions == {"hq.read"}


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (RoleInput("", frozenset({"crm.read"}), False), "name"),
        (RoleInput("x" * 81, frozenset({"crm.read"}), False), "name"),
        (RoleInput("Reader", frozenset(), False), "permissions"),
        (RoleInput("Reader", frozenset({"no.such"}), False), "permissions"),
        (RoleInput("Reader", frozenset({"access.account"}), False), "permissions"),
        (RoleInput("READER", frozenset({"crm.read"}), False), "name"),
    ],
)
def test_a_role_needs_a_name_of_its_own_and_permissions_that_exist(
    session: Session, wanted: RoleInput, field: str
) -> None:
    roles.add_role(session, READER, by=LEAD, known=KNOWN)
    with pytest.raises(errors.BadRole) as refused:
        roles.add_role(session, wanted, by=LEAD, known=KNOWN)
    assert set(refused.value.fields) == {field}
    assert session.scalar(select(func.count()).select_from(Role).where(Role.key.is_(None))) == 1


def test_nobody_puts_more_into_a_role_than_they_hold(session: Session) -> None:
    with pytest.raises(errors.BeyondOwnRights):
        roles.add_role(session, RoleInput("Mine", frozenset({"crm.read", "hq.read"}), False), by=CLERK, known=KNOWN)
    role_id = roles.add_role(session, RoleInput("Theirs", frozenset({"hq.read"}), False), by=LEAD, known=KNOWN)
    with pytest.raises(errors.BeyondOwnRights):
        roles.change_role(session, role_id, READER, by=CLERK, known=KNOWN)
    with pytest.raises(errors.BeyondOwnRights):
        roles.remove_role(session, role_id, by=CLERK, known=KNOWN)
    assert queries.role(session, role_id).name == "Theirs"


def test_nobody_gives_or_takes_away_more_than_they_hold(session: Session, shop: Shop) -> None:
    person, leader = user(session, "frontdesk", shop.branch_id), user(session, "hq")
    for target, wanted in ((person, "hq"), (person, "manager"), (leader, "frontdesk")):
        before = held(session, target)
        with pytest.raises(errors.BeyondOwnRights):
            roles.set_roles(session, target, [Wanted(key(session, wanted))], by=CLERK, known=KNOWN)
        assert held(session, target) == before
    role_id = roles.add_role(session, READER, by=CLERK, known=KNOWN)
    newcomer = user(session)
    session.query(RoleAssignment).filter_by(user_id=newcomer).delete()
    roles.set_roles(session, newcomer, [Wanted(role_id)], by=CLERK, known=KNOWN)
    assert held(session, newcomer) == [("Reader", None)]


def test_nobody_closes_resets_or_mails_the_account_of_somebody_who_may_more(session: Session) -> None:
    leader = user(session, "hq")
    user(session, "hq")
    at = clock.now()
    for work in (
        lambda: office.close(session, leader, by=CLERK, known=KNOWN),
        lambda: office.reopen(session, leader, by=CLERK, known=KNOWN),
        lambda: office.send_link(session, leader, by=CLERK, known=KNOWN, at=at),
        lambda: office.reset_totp(session, leader, by=CLERK, known=KNOWN),
        lambda: office.end_sessions(session, leader, by=CLERK, known=KNOWN),
    ):
        with pytest.raises(errors.BeyondOwnRights):
            work()
    assert session.scalar(select(func.count()).select_from(AccountRecord)) == 0


def test_a_right_held_at_one_branch_covers_no_other() -> None:
    here, there = ids.uuid7(), ids.uuid7()
    held = [Grant(frozenset({"a"}), frozenset({here})), Grant(frozenset({"b"}))]
    assert rules.covers(held, Grant(frozenset({"a", "b"}), frozenset({here})))
    assert not rules.covers(held, Grant(frozenset({"a"}), frozenset({here, there})))
    assert not rules.covers(held, Grant(frozenset({"a"})))
    assert rules.covers(
        [*held, Grant(frozenset({"a"}), frozenset({there}))], Grant(frozenset({"a"}), frozenset({here, there}))
    )
    assert rules.covers(held, Grant(frozenset({"b"}), frozenset({there})))


def test_the_last_account_of_head_office_neither_closes_nor_demotes_itself(session: Session) -> None:
    first, second = user(session, "hq"), user(session, "hq")
    office.close(session, second, by=LEAD, known=KNOWN)
    with pytest.raises(errors.LastHeadOffice):
        office.close(session, first, by=LEAD, known=KNOWN)
    with pytest.raises(errors.LastHeadOffice):
        roles.set_roles(session, first, [Wanted(key(session, "manager"))], by=LEAD, known=KNOWN)
    with pytest.raises(errors.LastHeadOffice):
        roles.set_roles(session, first, [], by=LEAD, known=KNOWN)
    assert held(session, first) == [("hq", None)]
    office.reopen(session, second, by=LEAD, known=KNOWN)
    office.close(session, first, by=LEAD, known=KNOWN)
    assert not queries.account(session, first).active


def test_a_role_that_somebody_has_stays(session: Session) -> None:
    role_id = roles.add_role(session, READER, by=LEAD, known=KNOWN)
    person = user(session)
    roles.set_roles(session, person, [Wanted(role_id)], by=LEAD, known=KNOWN)
    with pytest.raises(errors.RoleInUse):
        roles.remove_role(session, role_id, by=LEAD, known=KNOWN)
    with pytest.raises(errors.RoleInUse):
        roles.remove_role(session, key(session, "manager"), by=LEAD, known=KNOWN)
    roles.set_roles(session, person, [], by=LEAD, known=KNOWN)
    roles.remove_role(session, role_id, by=LEAD, known=KNOWN)
    with pytest.raises(errors.UnknownRole):
        queries.role(session, role_id)


@pytest.mark.parametrize("place", ["nowhere", "both", "role"])
def test_a_role_holds_at_a_place_of_this_chain(session: Session, other_shop: Shop, shop: Shop, place: str) -> None:
    person = user(session)
    wanted = {
        "nowhere": Wanted(key(session, "manager"), branch_id=other_shop.branch_id),
        "both": Wanted(key(session, "manager"), region_id=ids.uuid7(), branch_id=shop.branch_id),
        "role": Wanted(ids.uuid7()),
    }[place]
    with pytest.raises(errors.BadAccount) as refused:
        roles.set_roles(session, person, [wanted], by=LEAD, known=KNOWN)
    assert set(refused.value.fields) == {"roles"}
    assert held(session, person) == [("frontdesk", None)]


def test_what_happens_to_roles_is_on_record(session: Session) -> None:
    person = user(session)
    roles.set_roles(session, person, [Wanted(key(session, "manager"))], by=LEAD, known=KNOWN)
    roles.set_roles(session, person, [Wanted(key(session, "manager"))], by=LEAD, known=KNOWN)
    (record,) = session.scalars(select(AccountRecord)).all()
    assert (record.what, record.detail, record.by_user_id) == ("roles", "Manager", LEAD.id)


def test_head_office_makes_and_gives_a_role_on_its_pages(session: Session, shop: Shop, sign_in_as: SignIn) -> None:
    browser = sign_in_as("hq")
    form = {"name": "Till", "permissions": ["frontdesk.use", "crm.read"], "requires_totp": "yes"}
    assert browser.post("/hq/roles/new", data=form).status_code == 303
    made = next(role for role in queries.roles(session) if role.name == "Till")
    assert (made.permissions, made.requires_totp) == (frozenset({"frontdesk.use", "crm.read"}), True)
    person = user(session)
    fields = {"rows": "3", "role.0": str(made.id), "place.0": f"branch:{shop.branch_id}"}
    assert browser.post(f"/hq/users/{person}/roles", data=fields).status_code == 303
    assert held(session, person) == [("Till", shop.branch_id)]
    page = browser.get(f"/hq/users/{person}?lang=en")
    assert "selected>Till</option>" in page.text
    assert "Roles changed: Till" in page.text


def test_a_wrong_role_comes_back_with_what_was_typed(session: Session, sign_in_as: SignIn) -> None:
    browser = sign_in_as("hq")
    page = browser.post("/hq/roles/new?lang=en", data={"name": "Till <b>", "permissions": []})
    assert page.status_code == 422
    assert 'value="Till &lt;b&gt;"' in page.text
    assert "at least one permission" in page.text
    assert session.scalar(select(func.count()).select_from(Role).where(Role.key.is_(None))) == 0
