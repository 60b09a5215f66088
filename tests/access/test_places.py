"""A role holds where it was given: every view of a branch asks for its permission there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.access import queries
from blueprints.access.models import Role, RoleAssignment, User
from blueprints.catalog.models import Branch, Region
from shopbell import clock, ids
from shopbell.auth import Grant, Permissions, Principal
from shopbell.http.app import ShopbellApp
from tests.isolation.furnished import furnish
from tests.isolation.requests import DOCUMENTS, FORMS, QUERIES
from tests.isolation.walk import endpoints, everything
from tests.support.world import Shop

OF_A_BRANCH = {
    "branch_id",
    "branch",
    "branch_slug",
    "slug",
    "booking_id",
    "walk_in_id",
    "wish_id",
    "review_id",
    "charge_id",
    "device_id",
}
SignIn = Callable[..., FlaskClient]


def assign(session: Session, email: str, *held: tuple[str, UUID | None]) -> None:
    """Let somebody have these built-in roles at these branches, and no others."""
    user_id = session.scalar(select(User.id).where(User.email == email))
    session.query(RoleAssignment).filter_by(user_id=user_id).delete()
    for key, branch_id in held:
        role_id = session.scalar(select(Role.id).where(Role.key == key))
        session.add(RoleAssignment(id=ids.uuid7(), user_id=user_id, role_id=role_id, branch_id=branch_id))
    session.flush()


def permitted(app: ShopbellApp, rule: Any, method: str) -> bool:
    """Whether the view needs a permission at all."""
    view = app.view_functions[rule.endpoint]
    view_class = getattr(view, "view_class", None)
    return hasattr(getattr(view_class, method.lower()) if view_class else view, "permission")


def addresses(app: ShopbellApp, values: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(method, endpoint, address) of everything staff may do with something of a branch."""
    adapter = app.url_map.bind("localhost")
    for rule, method in endpoints(app):
        if rule.arguments & OF_A_BRANCH and permitted(app, rule, method):
            yield method, rule.endpoint, adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments})


def send(browser: FlaskClient, method: str, endpoint: str, address: str, values: dict[str, Any]) -> int:
    name = f"{method} {endpoint}"
    sent: dict[str, Any] = {}
    if name in QUERIES:
        sent["query_string"] = QUERIES[name]
    if method != "GET":
        sent |= {"json": DOCUMENTS[name](values)} if name in DOCUMENTS else {"data": FORMS.get(name, {})}
    return browser.open(address, method=method, **sent).status_code


def kept(database: Any, shop: Shop) -> dict[str, str]:
    """Everything the chain has; that somebody was refused may be on record."""
    return {name: value for name, value in everything(database, shop.tenant).items() if not name.startswith("audit")}


@pytest.mark.proves("T4")
def test_somebody_of_another_branch_finds_nothing_at_any_address_of_a_branch(
    app: ShopbellApp, database: Any, shop: Shop, sign_in_as: SignIn
) -> None:
    values = furnish(database, shop).values
    managers = sign_in_as("manager", [shop.second_branch_id])
    desks = sign_in_as("frontdesk", [shop.second_branch_id])
    found = list(addresses(app, values))
    assert len(found) > 40
    before = kept(database, shop)
    open_doors = [
        (method, address, status)
        for browser in (managers, desks)
        for method, endpoint, address in found
        if (status := send(browser, method, endpoint, address, values)) not in {403, 404}
    ]
    assert open_doors == []
    assert kept(database, shop) == before


@pytest.mark.proves("T4")
def test_one_person_leads_one_branch_and_works_at_the_desk_of_another(
    app: ShopbellApp, database: Any, shop: Shop, session: Session, sign_in_as: SignIn
) -> None:
    values = furnish(database, shop).values
    browser = sign_in_as("manager", [shop.second_branch_id])
    email = f"manager@{shop.tenant.slug}.example"
    assign(session, email, ("manager", shop.second_branch_id), ("frontdesk", shop.branch_id))
    slug = session.scalar(select(Branch.slug).where(Branch.id == shop.second_branch_id))
    assert browser.get("/b/only-there/").status_code == 200
    assert browser.get(f"/b/{slug}/").status_code == 200
    assert browser.get("/b/only-there/config.json").get_json()["user"]["may"] == ["waitlist.write"]
    assert "booking.override" in browser.get(f"/b/{slug}/config.json").get_json()["user"]["may"]
    assert browser.post("/door/only-there/code").status_code == 404
    assert browser.post(f"/door/{slug}/code").status_code == 303
    assert browser.get(f"/hq/charges/{values['charge_id']}").status_code == 404
    assert browser.post(f"/hq/reviews/{values['review_id']}/shown").status_code == 404


def test_a_role_ends_as_soon_as_it_is_taken_away(session: Session, shop: Shop, sign_in_as: SignIn) -> None:
    browser = sign_in_as("hq")
    assert browser.get("/hq/users").status_code == 200
    assign(session, f"hq@{shop.tenant.slug}.example", ("frontdesk", shop.branch_id))
    assert browser.get("/hq/users").status_code == 403


def test_a_role_held_at_a_branch_gives_nothing_that_concerns_the_chain(
    session: Session, shop: Shop, sign_in_as: SignIn
) -> None:
    browser = sign_in_as("hq")
    assign(session, f"hq@{shop.tenant.slug}.example", ("hq", shop.branch_id))
    for address in ("/hq/users", "/hq/roles", "/hq/brand", "/hq/services", f"/hq/branches/{shop.branch_id}"):
        assert browser.get(address).status_code == 403, address
    assert browser.get("/hq/").status_code == 200


def test_a_role_held_in_a_region_follows_its_branches(
    app: ShopbellApp, session: Session, shop: Shop, sign_in_as: SignIn
) -> None:
    browser = sign_in_as("manager", [shop.branch_id])
    region = Region(id=ids.uuid7(), name={"en": "East"})
    session.add(region)
    session.flush()
    session.query(RoleAssignment).update({"branch_id": None, "region_id": region.id})
    slugs = {row.id: row.slug for row in session.execute(select(Branch.id, Branch.slug))}
    assert browser.get(f"/b/{slugs[shop.branch_id]}/").status_code == 404
    session.query(Branch).filter_by(id=shop.second_branch_id).update({"region_id": region.id})
    assert browser.get(f"/b/{slugs[shop.second_branch_id]}/").status_code == 200
    assert browser.get(f"/b/{slugs[shop.branch_id]}/").status_code == 404


def test_a_principal_says_what_is_held_where() -> None:
    here, there = ids.uuid7(), ids.uuid7()
    lead, desk = Grant(frozenset({"lead", "work"}), frozenset({here})), Grant(frozenset({"work"}), frozenset({there}))
    person = Principal("staff", grants=(lead, desk))
    assert (person.may("lead"), person.may("own")) == (True, False)
    assert (person.may_at("lead", here), person.may_at("lead", there), person.may_at("work", there)) == (
        True,
        False,
        True,
    )
    assert person.branches_for("lead") == frozenset({here})
    assert person.branches_for("work") == frozenset({here, there})
    assert person.branches_for("own") == frozenset()
    assert Principal("staff", grants=(lead, Grant(frozenset({"lead"})))).branches_for("lead") is None


def test_knowing_who_asks_is_one_query_however_many_roles_they_have(session: Session, shop: Shop) -> None:
    email = "many@example.com"
    known = Permissions({})
    user = User(id=ids.uuid7(), email=email, password_hash="x", name="Many", created_at=clock.now())
    session.add(user)
    session.flush()
    assign(session, email, *(("manager", branch) for branch in (shop.branch_id, shop.second_branch_id)))
    account = queries.account(session, user.id)
    assert [role.key for role in account.roles] == ["manager", "manager"]
    assert len(queries.grants(session, account.roles, known)) == 2
