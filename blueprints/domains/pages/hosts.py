"""The page of the chain's host names: they are kept in the directory of chains, not among its own tables."""

from __future__ import annotations

from contextlib import AbstractContextManager

from flask import redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from blueprints.domains.errors import HostInUse
from blueprints.domains.pages.blueprint import PAGES
from shopbell import clock
from shopbell.http import current_session, permit
from shopbell.http.context import application, host_name
from shopbell.i18n import gettext as _
from shopbell.pages import render
from shopbell.pages.forms import Form
from shopbell.tenancy import current_tenant
from tenants import domains as hosts
from tenants import ownership

REFRESH_SECONDS = "4"


@PAGES.get("")
@permit("domains.edit")
def domains() -> Response:
    return show(Form())


@PAGES.post("")
@permit("domains.edit")
def add() -> Response:
    """Note the name, and have a worker look for the proof that it is the chain's."""
    form = Form(request.form)
    if not form.attempt(current_session(), lambda: claim(form.text("host"))):
        return show(form)
    return done("added")


@PAGES.post("/<host>/check")
@permit("domains.edit")
def check(host: str) -> Response:
    hosts.look_again(application().database, current_tenant(), host)
    return done("looking")


@PAGES.post("/<host>/main")
@permit("domains.edit")
def make_main(host: str) -> Response:
    tenant = current_tenant()
    with directory() as session:
        hosts.make_primary(session, tenant, host)
    return done("main")


@PAGES.post("/<host>/removal")
@permit("domains.edit")
def remove(host: str) -> Response:
    """Never the name that this service gave: it is the one that works when all others fail."""
    if is_given(host) and host in led_here():
        raise HostInUse(_("This name is the one that always works, and stays."))
    if host.lower() == host_name(request):
        raise HostInUse(_("You are using this name now. Open head office by another one to remove it."))
    if host.lower() == current_tenant().host:
        raise HostInUse(_("Links lead to this name. Make another one the main name first."))
    tenant = current_tenant()
    with directory() as session:
        hosts.remove(session, tenant, host)
    return done("removed")


def claim(host: str) -> None:
    """Raises Invalid and HostTaken, naming the field."""
    checked = hosts.checked(host)
    if checked in led_here():
        raise HostInUse(fields={"host": _("This name leads here already.")})
    hosts.claim(application().database, current_tenant(), checked)


def led_here() -> list[str]:
    tenant = current_tenant()
    with directory() as session:
        return [named.host for named in hosts.of(session, tenant)]


def is_given(host: str) -> bool:
    """Whether the name is one of this service's own."""
    return host.lower().endswith(f".{application().settings.base_domain}")


def directory() -> AbstractContextManager[Session]:
    return application().database.transaction(None)


def done(what: str) -> Response:
    """Back to the page; this process knows at once what has changed, the others within seconds."""
    application().directory.forget()
    return redirect(url_for("domains.domains", done=what), 303)


def show(form: Form) -> Response:
    tenant = current_tenant()
    with directory() as session:
        named, claims = hosts.of(session, tenant), hosts.claims_of(session, tenant)
    given = next((each.host for each in named if is_given(each.host) and not each.redirects_until), "")
    now = clock.now()
    response = render(
        "domains/domains.html",
        form.status,
        form=form,
        named=named,
        claims=claims,
        given=given,
        is_given=is_given,
        record=ownership.RECORD,
        file=ownership.PATH,
        proof=ownership.proof,
        given_up={each.host for each in claims if each.claimed_at + hosts.GIVE_UP_AFTER <= now},
    )
    # A worker looks within seconds; a page that waits for one that is gone stops asking.
    if any(not each.tries and each.claimed_at + hosts.FIRST_PAUSE > now for each in claims):
        response.headers["Refresh"] = REFRESH_SECONDS
    return response
