"""One chain: what it is, how it is doing, what it may use, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Response, request, url_for

from blueprints.operator import credentials, rules
from blueprints.operator.pages.blueprint import PAGES, show
from blueprints.operator.queries import health
from blueprints.operator.queries import records as done
from blueprints.operator.service import chains as service
from shopbell import clock
from shopbell.http import current_session, permit
from shopbell.http.context import application
from shopbell.i18n import gettext as _
from shopbell.pages import see
from shopbell.pages.forms import Form
from shopbell.tenancy import TenantContext
from tenants import domains, migrate, quotas, resolve

LATEST = 10


@PAGES.get("/chains/<uuid:tenant_id>")
@permit("operator.read")
def chain(tenant_id: UUID) -> Response:
    return show_chain(service.get(current_session(), tenant_id))


@PAGES.post("/chains/<uuid:tenant_id>/suspension")
@permit("operator.change")
def suspend(tenant_id: UUID) -> Response:
    tenant = service.get(current_session(), tenant_id)
    service.suspend(current_session(), tenant, by=credentials.author())
    return changed(tenant, "suspended")


@PAGES.post("/chains/<uuid:tenant_id>/resumption")
@permit("operator.change")
def resume(tenant_id: UUID) -> Response:
    tenant = service.get(current_session(), tenant_id)
    service.resume(current_session(), tenant, by=credentials.author())
    return changed(tenant, "resumed")


@PAGES.post("/chains/<uuid:tenant_id>/names")
@permit("operator.change")
def rename(tenant_id: UUID) -> Response:
    directory, form = current_session(), Form(request.form)
    tenant = service.get(directory, tenant_id)
    name, slug = form.text("name"), form.text("slug")
    return attempt(form, tenant, lambda: service.rename(directory, tenant, name, slug, by=credentials.author()))


@PAGES.post("/chains/<uuid:tenant_id>/limits")
@permit("operator.limits")
def set_limits(tenant_id: UUID) -> Response:
    """An empty field is no limit."""
    directory, form = current_session(), Form(request.form)
    tenant = service.get(directory, tenant_id)
    limits = {name: form.number(name) if form.text(name) else None for name in quotas.NAMES}
    return attempt(form, tenant, lambda: service.set_limits(directory, tenant, limits, by=credentials.author()))


@PAGES.post("/chains/<uuid:tenant_id>/hosts")
@permit("operator.change")
def add_host(tenant_id: UUID) -> Response:
    directory, form = current_session(), Form(request.form)
    tenant = service.get(directory, tenant_id)
    return attempt(
        form, tenant, lambda: service.add_host(directory, tenant, form.text("host"), by=credentials.author())
    )


@PAGES.post("/chains/<uuid:tenant_id>/hosts/primary")
@permit("operator.change")
def make_primary(tenant_id: UUID) -> Response:
    directory, form = current_session(), Form(request.form)
    tenant = service.get(directory, tenant_id)
    service.make_primary(directory, tenant, form.text("host"), by=credentials.author())
    return changed(tenant, "hosts")


@PAGES.post("/chains/<uuid:tenant_id>/hosts/removal")
@permit("operator.change")
def remove_host(tenant_id: UUID) -> Response:
    directory, form = current_session(), Form(request.form)
    tenant = service.get(directory, tenant_id)
    service.remove_host(directory, tenant, form.text("host"), by=credentials.author())
    return changed(tenant, "hosts")


def attempt(form: Form, tenant: TenantContext, work: Callable[[], None]) -> Response:
    """Do it; when it names fields that are wrong, show the page with what was typed."""
    if form.attempt(current_session(), work):
        return changed(tenant, "saved")
    form.errors = {name: sentences().get(name, hint) for name, hint in form.errors.items()}
    return show_chain(tenant, form)


def sentences() -> dict[str, str]:
    number = _("Enter a whole number, or nothing for no limit.")
    return {
        "slug": _("Choose 3 to 40 lower-case letters, digits and hyphens that no other chain uses."),
        "name": _("Enter a name of at most %(n)s characters.", n=120),
        **dict.fromkeys(quotas.NAMES, number),
    }


def changed(tenant: TenantContext, what: str) -> Response:
    """This process knows at once, the others within seconds."""
    application().directory.forget()
    return see(url_for("operator.chain", tenant_id=tenant.id, saved=what))


def show_chain(tenant: TenantContext, form: Form | None = None) -> Response:
    directory, database, now = current_session(), application().database, clock.now()
    limits = {name: tenant.allowance(name).limit for name in quotas.NAMES}
    known = {"name": tenant.name, "slug": tenant.slug} | {
        name: str(limit) for name, limit in limits.items() if limit is not None
    }
    form = form or Form()
    # A form holds what was typed into it; the page's other forms what holds.
    shown = Form({**known, **form.values.to_dict()}, form.errors)
    usage = health.usage_of(directory, tenant.id)
    return show(
        "chain.html",
        form.status,
        form=shown,
        chain=tenant,
        suspended=not resolve.is_open(directory, tenant.id),
        hosts=domains.of(directory, tenant),
        claims=domains.claims_of(directory, tenant),
        health=health.of_chain(database, tenant),
        usage=usage,
        silent=rules.is_silent(usage.counted_at if usage else None, now),
        late=lambda oldest: rules.is_late(oldest, now),
        newest=migrate.head("tenant"),
        records=done.latest(directory, tenant_id=tenant.id, size=LATEST),
        labels=rules.RECORDED,
    )
