"""Head office's pages of roles: the built-in ones, and those made by ticking permissions."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from blueprints.access import queries, rules
from blueprints.access.pages.blueprint import OFFICE
from blueprints.access.queries import RoleView
from blueprints.access.service import roles as service
from shopbell.auth import Permissions
from shopbell.http import current_principal, current_session, permit
from shopbell.http.context import application
from shopbell.i18n import gettext as _
from shopbell.pages import render
from shopbell.pages.forms import Form


@OFFICE.get("/roles")
@permit("access.users")
def roles() -> Response:
    return render("access/roles.html", roles=queries.roles(current_session()))


@OFFICE.get("/roles/new")
@permit("access.users")
def new_role() -> Response:
    return show(Form(), None)


@OFFICE.post("/roles/new")
@permit("access.users")
def add_role() -> Response:
    form, session = Form(request.form), current_session()
    by = current_principal()
    if not form.attempt(session, lambda: service.add_role(session, read(form), by=by, known=known())):
        return show(form, None)
    return redirect(url_for("access_hq.roles", saved="1"), 303)


@OFFICE.get("/roles/<uuid:role_id>")
@permit("access.users")
def role(role_id: UUID) -> Response:
    found = queries.role(current_session(), role_id)
    fields = MultiDict({"name": found.name, **({"requires_totp": "yes"} if found.requires_totp else {})})
    for field in ("permissions", "chain_permissions"):
        fields.setlist(field, sorted(found.permissions))
    return show(Form(fields), found)


@OFFICE.post("/roles/<uuid:role_id>")
@permit("access.users")
def change_role(role_id: UUID) -> Response:
    form, session = Form(request.form), current_session()
    found = queries.role(session, role_id)
    by = current_principal()
    if not form.attempt(session, lambda: service.change_role(session, role_id, read(form), by=by, known=known())):
        return show(form, found)
    return redirect(url_for("access_hq.roles", saved="1"), 303)


@OFFICE.post("/roles/<uuid:role_id>/removal")
@permit("access.users")
def remove_role(role_id: UUID) -> Response:
    service.remove_role(current_session(), role_id, by=current_principal(), known=known())
    return redirect(url_for("access_hq.roles", saved="1"), 303)


def known() -> Permissions:
    return application().permissions


def read(form: Form) -> service.RoleInput:
    ticked = [name for field in ("permissions", "chain_permissions") for name in form.values.getlist(field)]
    return service.RoleInput(form.text("name"), frozenset(ticked), form.flag("requires_totp"))


def show(form: Form, found: RoleView | None) -> Response:
    names = rules.ticked(known())
    held = known().held_by(frozenset({found.key})) if found and found.key else frozenset()
    return render(
        "access/role.html",
        form.status,
        form=form,
        role=found,
        local=[(name, _(known()[name].label)) for name in names if not known()[name].chain_wide],
        chain_wide=[(name, _(known()[name].label)) for name in names if known()[name].chain_wide],
        held=[_(known()[name].label) for name in names if name in held],
    )
