"""Variants and add-ons of a service."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from blueprints.catalog import queries, service
from blueprints.catalog.errors import UnknownChoice
from blueprints.catalog.pages.blueprint import PAGES
from blueprints.catalog.queries import OptionView, ServiceView
from blueprints.catalog.service.options import LARGEST_DIFFERENCE
from blueprints.catalog.typed import signed_price
from shopbell import money
from shopbell.checks import NOT_A_NUMBER
from shopbell.http import current_session, permit
from shopbell.pages import render
from shopbell.pages.forms import Form, spread

NO_PRICE = LARGEST_DIFFERENCE + 1
"""Stands for what is no amount: every service refuses it."""


@PAGES.get("/services/<uuid:service_id>/options/new")
@permit("catalog.edit")
def new_option(service_id: UUID) -> Response:
    kind = "addon" if request.args.get("kind") == "addon" else "variant"
    return show(Form({"kind": kind}), queries.service(current_session(), service_id), None)


@PAGES.post("/services/<uuid:service_id>/options/new")
@permit("catalog.edit")
def add_option(service_id: UUID) -> Response:
    form, session = Form(request.form), current_session()
    found = queries.service(session, service_id)
    if not form.attempt(session, lambda: service.add_option(session, service_id, read(form, found))):
        return show(form, found, None)
    return back(service_id)


@PAGES.get("/services/<uuid:service_id>/options/<uuid:option_id>")
@permit("catalog.edit")
def option(service_id: UUID, option_id: UUID) -> Response:
    found = queries.service(current_session(), service_id)
    chosen = one_option(found, option_id)
    return show(Form(fields(found, chosen)), found, chosen)


@PAGES.post("/services/<uuid:service_id>/options/<uuid:option_id>")
@permit("catalog.edit")
def change_option(service_id: UUID, option_id: UUID) -> Response:
    form, session = Form(request.form), current_session()
    found = queries.service(session, service_id)
    chosen = one_option(found, option_id)
    if not form.attempt(session, lambda: service.change_option(session, service_id, option_id, read(form, found))):
        return show(form, found, chosen)
    return back(service_id)


@PAGES.post("/services/<uuid:service_id>/options/<uuid:option_id>/retirement")
@permit("catalog.edit")
def retire_option(service_id: UUID, option_id: UUID) -> Response:
    service.retire_option(current_session(), service_id, option_id)
    return back(service_id)


@PAGES.post("/services/<uuid:service_id>/options/<uuid:option_id>/return")
@permit("catalog.edit")
def restore_option(service_id: UUID, option_id: UUID) -> Response:
    service.restore_option(current_session(), service_id, option_id)
    return back(service_id)


@PAGES.post("/services/<uuid:service_id>/options/<uuid:option_id>/move")
@permit("catalog.edit")
def move_option(service_id: UUID, option_id: UUID) -> Response:
    """Swap with the neighbour of its kind: `by` is -1 (up) or 1 (down)."""
    service.move_option(current_session(), service_id, option_id, -1 if request.form.get("by") == "-1" else 1)
    return back(service_id)


def back(service_id: UUID) -> Response:
    return redirect(url_for("catalog.service_page", service_id=service_id, saved="1", _anchor="options"), 303)


def one_option(found: ServiceView, option_id: UUID) -> OptionView:
    """Raises UnknownChoice when the service has no such one."""
    for known in found.options:
        if known.id == option_id:
            return known
    raise UnknownChoice


def show(form: Form, found: ServiceView, chosen: OptionView | None) -> Response:
    return render("catalog/option.html", form.status, form=form, service=found, option=chosen)


def read(form: Form, found: ServiceView) -> service.OptionInput:
    price = signed_price(form.text("price") or "0", found.currency)
    return service.OptionInput(
        kind=form.text("kind"),
        name=form.texts("name"),
        price_minor=NO_PRICE if price is None else price,
        step_minutes={step.position: more(form, f"minutes.{step.position}") for step in found.steps},
    )


def more(form: Form, name: str) -> int:
    """Minutes added, with a minus before them for fewer; an empty field adds none."""
    text = form.text(name)
    if text[:1] not in {"-", "−"}:
        return form.number(name) if text else 0
    digits = text[1:].strip()
    return -int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 6 else NOT_A_NUMBER


def fields(found: ServiceView, chosen: OptionView) -> dict[str, Any]:
    price, amount = chosen.price_minor, money.major_text(abs(chosen.price_minor), found.currency)
    return {
        "kind": chosen.kind,
        **spread("name", chosen.name),
        "price": f"-{amount}" if price < 0 else amount if price else "",
        **{f"minutes.{position}": str(minutes) for position, minutes in chosen.step_minutes.items()},
    }
