"""Head office's pages of identity providers: how they are asked, what their groups give, and whether they work."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from blueprints.access import oidc, queries
from blueprints.access.oidc import Refusal
from blueprints.access.pages import oidc_words
from blueprints.access.pages.blueprint import OFFICE
from blueprints.access.pages.oidc_sign_in import send
from blueprints.access.pages.users import place_of, places, rights, wanted_in_row
from blueprints.access.service import oidc_exclusive
from blueprints.access.service import oidc_settings as service
from blueprints.access.service.oidc_settings import GroupRole, Provider
from blueprints.access.service.oidc_visits import Visit
from blueprints.access.service.roles import Wanted
from shopbell.http import current_principal, current_session, permit
from shopbell.i18n import gettext as _
from shopbell.pages import private, render
from shopbell.pages.forms import NOBODY, Form

EMPTY_ROWS = 3
TEXTS = ("name", "issuer", "client_id", "scopes", "groups_claim")


@OFFICE.get("/providers")
@permit("access.providers")
def providers() -> Response:
    return render("access/providers.html", providers=service.providers(current_session()))


@OFFICE.get("/providers/new")
@permit("access.providers")
def new_provider() -> Response:
    return show(Form({"groups_claim": "groups", "session_hours": "12", "active": "yes", "rows": str(EMPTY_ROWS)}), None)


@OFFICE.post("/providers/new")
@permit("access.providers")
def add_provider() -> Response:
    form, made = Form(request.form), list[UUID]()
    if not form.attempt(current_session(), lambda: made.append(service.add(current_session(), read(form), **rights()))):
        return show(form, None)
    return done(made[0])


@OFFICE.get("/providers/<uuid:provider_id>")
@permit("access.providers")
def provider(provider_id: UUID) -> Response:
    found = service.provider(current_session(), provider_id)
    return show(typed(found), found)


@OFFICE.post("/providers/<uuid:provider_id>")
@permit("access.providers")
def change_provider(provider_id: UUID) -> Response:
    form, session = Form(request.form), current_session()
    found = service.provider(session, provider_id)
    if not form.attempt(session, lambda: service.change(session, provider_id, read(form), **rights())):
        return show(form, found)
    return done(provider_id)


@OFFICE.get("/providers/<uuid:provider_id>/test")
@permit("access.providers")
def test_provider(provider_id: UUID) -> Response:
    """Ask the provider what it says of itself now, and go there and back without being signed in by that."""
    found = service.provider(current_session(), provider_id)
    oidc.forget(found.issuer)
    try:
        return send(found, Visit(found.id, "test", current_principal().id, ""))
    except Refusal as refusal:
        form = typed(found)
        form.status = 422
        return show(form, found, trouble=oidc_words.sentence(refusal))


@OFFICE.post("/providers/<uuid:provider_id>/passwords/closing")
@permit("access.providers")
def close_passwords(provider_id: UUID) -> Response:
    session, chosen = current_session(), Form(request.form)
    found = service.provider(session, provider_id)
    rescue_id = chosen.id("rescue")
    if not chosen.attempt(session, lambda: oidc_exclusive.close_passwords(session, provider_id, rescue_id, **rights())):
        form = typed(found)
        form.errors, form.status = chosen.errors, chosen.status
        return show(form, found)
    return done(provider_id)


@OFFICE.post("/providers/<uuid:provider_id>/passwords/opening")
@permit("access.providers")
def take_passwords(provider_id: UUID) -> Response:
    oidc_exclusive.take_passwords(current_session(), provider_id, **rights())
    return done(provider_id)


@OFFICE.post("/providers/<uuid:provider_id>/removal")
@permit("access.providers")
def remove_provider(provider_id: UUID) -> Response:
    service.remove(current_session(), provider_id, **rights())
    return redirect(url_for("access_hq.providers", saved="1"), 303)


def done(provider_id: UUID) -> Response:
    return redirect(url_for("access_hq.provider", provider_id=provider_id, saved="1"), 303)


def read(form: Form) -> service.ProviderInput:
    return service.ProviderInput(
        **{name: form.text(name) for name in TEXTS},
        secret=form.text("secret"),
        session_hours=form.number("session_hours"),
        active=form.flag("active"),
        roles=tuple(group_roles(form)),
    )


def group_roles(form: Form) -> list[GroupRole]:
    """The rows in which a group or a role was entered: one without the other is refused."""
    found = []
    for number in range(row_count(form)):
        group, wanted = form.text(f"group.{number}"), wanted_in_row(form, number)
        if group or wanted:
            found.append(GroupRole(group, wanted or Wanted(NOBODY)))
    return found


def row_count(form: Form) -> int:
    return min(max(form.number("rows"), EMPTY_ROWS), service.MOST_GROUP_ROLES + EMPTY_ROWS)


def typed(found: Provider) -> Form:
    """The form as it is when nobody has typed into it yet."""
    mapped = service.group_roles(current_session(), found.id)
    fields: MultiDict[str, str] = MultiDict({name: getattr(found, name) for name in TEXTS})
    fields.update({"session_hours": str(found.session_hours), "rows": str(len(mapped) + EMPTY_ROWS)})
    fields.update({"active": "yes"} if found.active else {})
    for number, each in enumerate(mapped):
        row = {"group": each.group, "role": str(each.wanted.role_id), "place": place_of(each.wanted)}
        fields.update({f"{name}.{number}": text for name, text in row.items()})
    return Form(fields)


def show(form: Form, found: Provider | None, trouble: str = "") -> Response:
    session = current_session()
    people = oidc_exclusive.rescues(session) if found else []
    page = render(
        "access/provider.html",
        form.status,
        form=form,
        provider=found,
        rows=range(row_count(form)),
        roles=[("", _("No role")), *((role.id, role.label) for role in queries.roles(session))],
        places=list(places().items()),
        rescues=[("", "–"), *((account.id, f"{account.name} · {account.mailbox}") for account in people)],
        rescue=queries.account(session, found.rescue_id) if found and found.rescue_id else None,
        back=service.address(service.BACK),
        hears=service.address(url_for("access.signed_out", provider_id=found.id)) if found else "",
        leaving=service.address("/sign-in"),
        trouble=trouble,
    )
    return private(page)
