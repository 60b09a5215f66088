"""The list of services, and what is said of one."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from blueprints.catalog import queries, service
from blueprints.catalog.pages.blueprint import PAGE_SIZE, PAGES
from blueprints.catalog.pages.steps import choices, read_steps, renumber, typed_steps, words
from blueprints.catalog.process import picture
from blueprints.catalog.queries import ServiceView
from blueprints.catalog.rules import slug_from
from shopbell import money
from shopbell.checks import NOT_A_NUMBER
from shopbell.http import current_session, permit
from shopbell.pages import render
from shopbell.pages.forms import Form, spread
from shopbell.pages.paging import paging
from shopbell.tenancy import current_tenant


@PAGES.get("/services")
@permit("catalog.edit")
def services() -> Response:
    """All services, retired ones too."""
    found = queries.services(current_session(), active_only=False)
    page = paging(len(found), PAGE_SIZE)
    return render("catalog/services.html", services=page.cut(found), page=page)


@PAGES.get("/services/new")
@permit("catalog.edit")
def new_service() -> Response:
    return show_new(Form({"active": "yes", "steps": "1"}))


@PAGES.post("/services/new")
@permit("catalog.edit")
def add_service() -> Response:
    form, session = Form(request.form), current_session()
    slug = form.text("slug") or slug_from(form.text("name.en"))
    currency = current_tenant().currency
    added: list[UUID] = []

    def work() -> None:
        added.append(service.add_service(session, slug, read(form, currency), read_steps(form)))

    if not form.attempt(session, work):
        renumber(form)
        return show_new(form)
    return redirect(url_for("catalog.service_page", service_id=added[0], saved="1"), 303)


@PAGES.get("/services/<uuid:service_id>")
@permit("catalog.edit")
def service_page(service_id: UUID) -> Response:
    found = queries.service(current_session(), service_id)
    return show(Form(fields(found)), found)


@PAGES.post("/services/<uuid:service_id>")
@permit("catalog.edit")
def change_service(service_id: UUID) -> Response:
    form, session = Form(request.form), current_session()
    found = queries.service(session, service_id)
    if not form.attempt(session, lambda: service.change_service(session, service_id, read(form, found.currency))):
        return show(form, found)
    return redirect(url_for("catalog.service_page", service_id=service_id, saved="1"), 303)


def show(form: Form, found: ServiceView) -> Response:
    """The service with the picture of a visit: with the choices in ?option=, else the usual one."""
    skills = {skill.id: skill for skill in queries.skills(current_session())}
    wanted = set(Form(request.args).ids("option"))
    variants = [option.id for option in found.variants if option.id in wanted]
    chosen = found.chosen([*variants[:1], *(option.id for option in found.addons if option.id in wanted)])
    steps = found.process(chosen)
    return render(
        "catalog/service.html",
        form.status,
        form=form,
        service=found,
        skills=skills,
        chosen={option.id for option in chosen},
        price=found.price_with(chosen),
        course=steps,
        picture=picture(steps, before=found.buffer_before_minutes, after=found.buffer_after_minutes),
        **words(found),
    )


def show_new(form: Form) -> Response:
    session = current_session()
    steps = typed_steps(form)
    currency = current_tenant().currency
    return render(
        "catalog/service_new.html", form.status, form=form, steps=steps, currency=currency, **choices(session)
    )


def read(form: Form, currency: str) -> service.ServiceInput:
    try:
        price = money.parse_major(form.text("price"), currency)
    except money.BadAmount:
        price = NOT_A_NUMBER
    return service.ServiceInput(
        name=form.texts("name"),
        category=form.texts("category"),
        price_minor=price,
        currency=currency,
        description=form.texts("description"),
        active=form.flag("active"),
        buffer_before_minutes=minutes(form, "buffer_before"),
        buffer_after_minutes=minutes(form, "buffer_after"),
        needs_approval=form.flag("needs_approval"),
    )


def minutes(form: Form, name: str) -> int:
    """An empty field is no minutes."""
    return form.number(name) if form.text(name) else 0


def fields(found: ServiceView) -> dict[str, str]:
    return {
        **spread("name", found.name),
        **spread("category", found.category_name),
        **spread("description", found.description),
        "price": money.major_text(found.price_minor, found.currency),
        "buffer_before": str(found.buffer_before_minutes or ""),
        "buffer_after": str(found.buffer_after_minutes or ""),
        **({"active": "yes"} if found.active else {}),
        **({"needs_approval": "yes"} if found.needs_approval else {}),
    }
