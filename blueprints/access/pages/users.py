"""Head office's pages of users: who they are, what they may do where, and whether they can sign in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from blueprints.access import queries
from blueprints.access.pages.blueprint import LONGEST_FIELD, OFFICE, PAGE_SIZE
from blueprints.access.queries import Account, HeldRole
from blueprints.access.service import office, oidc_settings, roles, totp
from blueprints.access.service.roles import Wanted
from blueprints.catalog import api as catalog
from shopbell import clock
from shopbell.http import current_principal, current_session, permit
from shopbell.http.context import application
from shopbell.i18n import LOCALES, localized
from shopbell.i18n import gettext as _
from shopbell.pages import private, render
from shopbell.pages.forms import NOBODY, Form
from shopbell.pages.paging import paging
from shopbell.tenancy import current_tenant

MOST_ROLES = 40
EMPTY_ROWS = 2


@OFFICE.get("/users")
@permit("access.users")
def users() -> Response:
    """Everybody who signs in, or with ?q= those whose name or address contains it."""
    session, filters = current_session(), Form(request.args)
    q = filters.text("q")[:LONGEST_FIELD]
    page = paging(queries.count_users(session, q), PAGE_SIZE)
    found = queries.list_users(session, q, limit=page.size, offset=page.start)
    with_codes = queries.with_totp(session, [user.id for user in found])
    return render("access/users.html", users=found, with_codes=with_codes, filters=filters, page=page, places=places())


@OFFICE.get("/users/new")
@permit("access.users")
def new_user() -> Response:
    return show_new(Form({"locale": current_tenant().locale}))


@OFFICE.post("/users/new")
@permit("access.users")
def invite() -> Response:
    form, session = Form(request.form), current_session()
    made: list[UUID] = []

    def work() -> None:
        locale = form.text("locale") or None
        account = (form.text("email"), form.text("name"), locale, wanted(form))
        made.append(office.invite(session, *account, **rights(), at=clock.now()))

    if not form.attempt(session, work):
        return show_new(form)
    return redirect(url_for("access_hq.user", user_id=made[0], saved="invited"), 303)


@OFFICE.get("/users/<uuid:user_id>")
@permit("access.users")
def user(user_id: UUID) -> Response:
    found = queries.account(current_session(), user_id)
    return show(Form(typed_roles(found.roles)), found)


@OFFICE.post("/users/<uuid:user_id>/roles")
@permit("access.users")
def change_roles(user_id: UUID) -> Response:
    form, session = Form(request.form), current_session()
    found = queries.account(session, user_id)
    if not form.attempt(session, lambda: roles.set_roles(session, user_id, wanted(form), **rights())):
        return show(form, found)
    return done(user_id)


@OFFICE.post("/users/<uuid:user_id>/link")
@permit("access.users")
def send_link(user_id: UUID) -> Response:
    office.send_link(current_session(), user_id, **rights(), at=clock.now())
    return done(user_id, "link")


@OFFICE.post("/users/<uuid:user_id>/closing")
@permit("access.users")
def close(user_id: UUID) -> Response:
    return try_or_show(user_id, lambda: office.close(current_session(), user_id, **rights()))


@OFFICE.post("/users/<uuid:user_id>/opening")
@permit("access.users")
def reopen(user_id: UUID) -> Response:
    return try_or_show(user_id, lambda: office.reopen(current_session(), user_id, **rights()))


@OFFICE.post("/users/<uuid:user_id>/signing-out")
@permit("access.users")
def end_sessions(user_id: UUID) -> Response:
    return try_or_show(user_id, lambda: office.end_sessions(current_session(), user_id, **rights()))


@OFFICE.post("/users/<uuid:user_id>/codes-reset")
@permit("access.users")
def reset_codes(user_id: UUID) -> Response:
    return try_or_show(user_id, lambda: office.reset_totp(current_session(), user_id, **rights()))


def try_or_show(user_id: UUID, work: Callable[[], None]) -> Response:
    """Do it, or say on the person's page why not."""
    found, form = queries.account(current_session(), user_id), Form()
    if not form.attempt(current_session(), work):
        form.values = typed_roles(found.roles)
        return show(form, found)
    return done(user_id)


def rights() -> dict[str, Any]:
    return {"by": current_principal(), "known": application().permissions}


def done(user_id: UUID, what: str = "1") -> Response:
    return redirect(url_for("access_hq.user", user_id=user_id, saved=what), 303)


def wanted(form: Form) -> list[Wanted]:
    """The rows in which a role was chosen. What is no place becomes one that nobody has."""
    rows = (wanted_in_row(form, number) for number in range(row_count(form)))
    return [row for row in rows if row is not None]


def wanted_in_row(form: Form, number: int) -> Wanted | None:
    role_id = form.id(f"role.{number}")
    if role_id is None:
        return None
    kind, _colon, place = form.text(f"place.{number}").partition(":")
    ids = {f"{kind}_id": Form({"id": place}).id("id") or NOBODY} if kind in {"region", "branch"} else {}
    return Wanted(role_id, **ids) if kind in {"chain", "region", "branch"} else Wanted(NOBODY)


def row_count(form: Form) -> int:
    return min(max(form.number("rows"), EMPTY_ROWS), MOST_ROLES)


def typed_roles(held: tuple[HeldRole, ...]) -> MultiDict[str, str]:
    fields = MultiDict({"rows": str(len(held) + EMPTY_ROWS)})
    for number, role in enumerate(held):
        fields[f"role.{number}"], fields[f"place.{number}"] = str(role.role_id), place_of(role)
    return fields


def place_of(role: HeldRole | Wanted) -> str:
    if role.branch_id:
        return f"branch:{role.branch_id}"
    return f"region:{role.region_id}" if role.region_id else "chain:"


def places() -> dict[str, str]:
    """Every place where a role can hold, as the form names it, with what it is called."""
    session, home = current_session(), current_tenant().locale
    named = {"chain:": _("Whole chain")}
    for region in catalog.regions(session):
        named[f"region:{region.id}"] = _("Region: %(name)s", name=localized(region.name, home))
    for branch in catalog.branches(session):
        named[f"branch:{branch.id}"] = localized(branch.name, home)
    return named


def choices(form: Form) -> dict[str, Any]:
    return {
        "rows": range(row_count(form)),
        "roles": [("", _("No role")), *((role.id, role.label) for role in queries.roles(current_session()))],
        "places": list(places().items()),
    }


def show_new(form: Form) -> Response:
    return render("access/new_user.html", form.status, form=form, locales=LOCALES, **choices(form))


def show(form: Form, found: Account) -> Response:
    session = current_session()
    page = render(
        "access/user.html",
        form.status,
        form=form,
        user=found,
        sessions=queries.sessions(session, found.id),
        records=queries.records(session, found.id),
        codes_on=totp.is_on(session, found.id),
        providers=oidc_settings.vouching_for(session, found.id),
        **choices(form),
    )
    return private(page)
