"""Head office's pages of webhooks: endpoints, their secrets, and what was delivered."""

from __future__ import annotations

import json
from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from blueprints.webhooks import queries, rules, service
from blueprints.webhooks.models import STATES, Endpoint
from blueprints.webhooks.service import EndpointInput
from shopbell.http import concerns, current_session, permit
from shopbell.i18n import gettext as _
from shopbell.pages import render
from shopbell.pages.forms import Form

PAGES = Blueprint("webhooks", __name__, template_folder="templates", url_prefix="/hq/webhooks")


def state_names() -> dict[str, str]:
    return dict(zip(STATES, (_("Waiting"), _("Delivered"), _("Given up")), strict=True))


def type_names() -> dict[str, str]:
    return {name: _(label) for name, label in rules.TYPES.items()}


@PAGES.get("")
@permit("webhooks.manage")
def endpoints() -> Response:
    rows = queries.endpoints(current_session())
    return render("webhooks/endpoints.html", rows=rows, types=type_names())


@PAGES.get("/new")
@permit("webhooks.manage")
def new() -> Response:
    return show_form(Form({"active": "yes"}), None)


@PAGES.post("/new")
@permit("webhooks.manage")
def add() -> Response:
    """Register an endpoint; the answer is the one page that shows its secret."""
    form, session = Form(request.form), current_session()
    made = []
    if not form.attempt(session, lambda: made.append(service.add(session, read(form)))):
        return show_form(form, None)
    concerns(made[0].id)
    return show_secret(made[0], 201)


@PAGES.get("/<uuid:endpoint_id>")
@permit("webhooks.manage")
def endpoint(endpoint_id: UUID) -> Response:
    """What was delivered to an endpoint, newest first."""
    session, asked = current_session(), Form(request.args)
    found, state = service.endpoint(session, endpoint_id), asked.text("state")
    state = state if state in STATES else ""
    rows = queries.deliveries(session, endpoint_id, state=state, before=asked.id("before"))
    older = rows[-1].id if len(rows) == queries.PAGE else None
    return render(
        "webhooks/endpoint.html",
        endpoint=found,
        rows=rows,
        older=older,
        state=state,
        states=state_names(),
        types={**type_names(), rules.TEST: _("Test")},
        counts=queries.counts(session, endpoint_id),
    )


@PAGES.get("/<uuid:endpoint_id>/change")
@permit("webhooks.manage")
def edit(endpoint_id: UUID) -> Response:
    found = service.endpoint(current_session(), endpoint_id)
    values = {"url": found.url, "note": found.note, "active": "yes" if found.active else ""}
    form = Form(values)
    form.values.setlist("types", found.types)
    return show_form(form, endpoint_id)


@PAGES.post("/<uuid:endpoint_id>/change")
@permit("webhooks.manage")
def change(endpoint_id: UUID) -> Response:
    form, session = Form(request.form), current_session()
    service.endpoint(session, endpoint_id)
    if not form.attempt(session, lambda: service.change(session, endpoint_id, read(form))):
        return show_form(form, endpoint_id)
    return redirect(url_for(".endpoint", endpoint_id=endpoint_id, saved="1"), 303)


@PAGES.post("/<uuid:endpoint_id>/secret")
@permit("webhooks.manage")
def rotate(endpoint_id: UUID) -> Response:
    """A new secret, shown this once; the old one goes on signing for a day."""
    found = service.rotate(current_session(), endpoint_id)
    return show_secret(found, 200, hours=int(rules.BOTH_SECRETS.total_seconds() // 3600))


def show_secret(found: Endpoint, status: int, *, hours: int = 0) -> Response:
    secret = service.secret_of(current_session(), found)
    return render("webhooks/secret.html", status, endpoint=found, secret=secret, hours=hours)


@PAGES.post("/<uuid:endpoint_id>/test")
@permit("webhooks.manage")
def test(endpoint_id: UUID) -> Response:
    service.send_test(current_session(), endpoint_id)
    return redirect(url_for(".endpoint", endpoint_id=endpoint_id, sent="1"), 303)


@PAGES.post("/<uuid:endpoint_id>/replay")
@permit("webhooks.manage")
def replay_failed(endpoint_id: UUID) -> Response:
    service.replay_failed(current_session(), endpoint_id)
    return redirect(url_for(".endpoint", endpoint_id=endpoint_id, sent="1"), 303)


@PAGES.post("/<uuid:endpoint_id>/removal")
@permit("webhooks.manage")
def remove(endpoint_id: UUID) -> Response:
    service.remove(current_session(), endpoint_id)
    return redirect(url_for(".endpoints", saved="1"), 303)


@PAGES.get("/deliveries/<uuid:delivery_id>")
@permit("webhooks.manage")
def delivery(delivery_id: UUID) -> Response:
    session = current_session()
    found = queries.delivery(session, delivery_id)
    return render(
        "webhooks/delivery.html",
        row=found,
        endpoint=service.endpoint(session, found.endpoint_id),
        states=state_names(),
        types={**type_names(), rules.TEST: _("Test")},
        body=json.dumps(found.payload, ensure_ascii=False, indent=2),
    )


@PAGES.post("/deliveries/<uuid:delivery_id>/replay")
@permit("webhooks.manage")
def replay(delivery_id: UUID) -> Response:
    endpoint_id = service.replay(current_session(), delivery_id)
    return redirect(url_for(".endpoint", endpoint_id=endpoint_id, sent="1"), 303)


def show_form(form: Form, endpoint_id: UUID | None) -> Response:
    choices = list(type_names().items())
    return render("webhooks/form.html", form.status, form=form, endpoint_id=endpoint_id, type_choices=choices)


def read(form: Form) -> EndpointInput:
    types = tuple(form.values.getlist("types"))
    return EndpointInput(form.text("url"), types, form.text("note"), form.text("active") == "yes")
