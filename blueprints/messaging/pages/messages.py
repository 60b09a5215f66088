"""The log of messages: what was written to whom, what became of it, and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from blueprints.catalog import api as catalog
from blueprints.messaging import queries
from blueprints.messaging.gate.explain import explain
from blueprints.messaging.models import ADDRESS_KEY
from blueprints.messaging.pages import steps, words
from blueprints.messaging.pages.blueprint import PAGES
from blueprints.messaging.queries import log
from blueprints.messaging.queries.log import Asked, Line
from blueprints.messaging.queries.undelivered import SECRET, Cause
from blueprints.messaging.rules import CHANNELS, PURPOSES, STATES
from blueprints.messaging.service import undelivered
from shopbell import clock, phone
from shopbell.http import current_principal, current_session, permit, permitted_branches, shows_people
from shopbell.i18n import gettext as _
from shopbell.money import in_minor
from shopbell.pages import render
from shopbell.pages.environment import localized
from shopbell.pages.forms import Form
from shopbell.tenancy import current_tenant
from shopbell.vault import keys

COUNTED_DAYS = 7
Choices = list[tuple[str, str]]


@PAGES.get("/messages")
@permit("messaging.read")
@shows_people
def messages() -> Response:
    """The messages that are asked for, the newest first, a page at a time; managers see their branches' own."""
    session, form = current_session(), Form(request.args)
    asked, branches = what(form), permitted_branches()
    found = log.page(session, asked, branches, form.id("before"))
    return render(
        "messaging/messages.html",
        words=words,
        form=form,
        asked=asked,
        messages=found.lines,
        recipients={message.id: shown(message) for message in found.lines},
        counts=queries.counts(session, clock.now() - timedelta(days=COUNTED_DAYS), branches),
        older=address_of_older(found.older) if found.older else "",
        looked_through=log.LOOKED_THROUGH,
        filtered=asked != Asked(),
        days=COUNTED_DAYS,
        choices=choices(),
    )


def address_of_older(last: UUID) -> str:
    return f"{request.path}?{urlencode({**request.args.to_dict(), 'before': str(last)})}"


def what(form: Form) -> Asked:
    """What the address asks for; what makes no sense in it is left open."""
    address = form.text("to")
    return Asked(
        state=_known(form.text("state"), STATES),
        channel=_known(form.text("channel"), CHANNELS),
        purpose=_known(form.text("purpose"), PURPOSES),
        branch_id=form.id("branch"),
        customer_id=form.id("customer"),
        address_key=address_key(address) if address else None,
        cause=Cause(_known(form.text("channel"), CHANNELS), form.text("cause")) if "cause" in request.args else None,
    )


def address_key(text: str) -> int:
    """The blind index of a number or mailbox as somebody types it; one that is neither finds nothing."""
    try:
        address = text if "@" in text else phone.normalise(text, current_tenant().country)
    except ValueError:
        address = text
    return keys.at_hand(current_session()).index(ADDRESS_KEY, address)


def choices() -> dict[str, Choices]:
    session, branches = current_session(), permitted_branches()
    named = [branch for branch in catalog.branches(session) if branches is None or branch.id in branches]
    return {
        "states": _choices({name: entry[0] for name, entry in words.STATES.items()}),
        "channels": _choices(words.CHANNELS),
        "purposes": _choices(words.PURPOSES),
        "branches": [("", _("All")), *((str(branch.id), localized(branch.name)) for branch in named)],
    }


def _choices(named: Mapping[str, str]) -> Choices:
    return [("", _("All")), *((name, _(label)) for name, label in named.items())]


def _known(text: str, those: tuple[str, ...]) -> str:
    return text if text in those else ""


@PAGES.get("/messages/<uuid:message_id>")
@permit("messaging.read")
@shows_people
def message(message_id: UUID) -> Response:
    """One message: what it says, and step by step why it was sent or not."""
    return show(message_id)


@PAGES.post("/messages/<uuid:message_id>/again")
@permit("messaging.replay")
def again(message_id: UUID) -> Response:
    """Try it again from the beginning; the gate is asked again too."""
    session, form = current_session(), Form(request.form)
    log.whole(session, message_id, permitted_branches())
    if not form.attempt(session, lambda: undelivered.replay(session, message_id, current_principal().name)):
        return show(message_id, form)
    return redirect(url_for("messaging.message", message_id=message_id), 303)


def show(message_id: UUID, form: Form | None = None) -> Response:
    session = current_session()
    found = log.whole(session, message_id, permitted_branches())
    happened = log.steps(session, message_id)
    zone = clock.zone(current_tenant().time_zone)
    decided: list[dict[str, Any]] = [step.detail for step in happened if step.kind == "decided"]
    return render(
        "messaging/message.html",
        form.status if form else 200,
        words=words,
        form=form or Form({}),
        message=found,
        secret=found.template in SECRET,
        shown=shown(found),
        cost=in_minor(found.cost_micros, found.currency) if found.cost_micros and found.currency else None,
        steps=[(step, steps.told(step, zone)) for step in happened],
        why=explain(decided[-1], zone) if decided else [],
        branch=catalog.branch(session, found.branch_id) if found.branch_id else None,
    )


def shown(message: Line) -> str:
    """Enough of an address to recognise it; the whole one is on the customer's card."""
    if message.channel == "sms":
        return phone.masked(message.recipient)
    local, _at, domain = message.recipient.rpartition("@")
    return f"{local[:2]}…@{domain}"
