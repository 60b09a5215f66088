"""What is owed: deposits and fees, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from blueprints.booking.errors import UnknownCharge
from blueprints.booking.pages import typed
from blueprints.booking.pages.blueprint import PAGE_SIZE, PAGES
from blueprints.booking.queries import charges as owed
from blueprints.booking.queries.charges import Filter, Owed
from blueprints.booking.rules.fees import KINDS, STATES, STEPS
from blueprints.booking.service import charges as service
from blueprints.catalog import api as catalog
from blueprints.crm import api as crm
from shopbell import clock
from shopbell.http import current_principal, current_session, permit, permitted_at, permitted_branches, shows_people
from shopbell.i18n import gettext as _
from shopbell.pages import render
from shopbell.pages.forms import Form
from shopbell.pages.paging import paging


def state_names() -> dict[str, str]:
    names = (_("Due"), _("Paid"), _("Kept"), _("Waived"), _("Given back"), _("No longer due"))
    return dict(zip(STATES, names, strict=True))


def kind_names() -> dict[str, str]:
    return dict(zip(KINDS, (_("Deposit"), _("Late cancellation"), _("No-show")), strict=True))


def step_names() -> dict[str, str]:
    return {
        "paid": _("It was paid"),
        "waived": _("Waive it"),
        "kept": _("Keep it: the customer does not get it back"),
        "refunded": _("It was given back"),
        "due": _("It is due after all"),
    }


@PAGES.get("/charges")
@permit("booking.charges")
@shows_people
def charges() -> Response:
    """What is due, or by ?state= all, of the branches this person may see; filters for branch and kind."""
    session, asked = current_session(), Form({"state": "due", **request.args.to_dict()})
    wanted = filter_of(asked)
    page = paging(owed.count_charges(session, wanted), PAGE_SIZE)
    rows = owed.list_charges(session, wanted, limit=page.size, offset=page.start)
    return render(
        "booking/charges.html",
        rows=rows,
        page=page,
        asked=asked,
        total=owed.total_due(session, wanted),
        branch_choices=[("", _("All branches")), *((str(one.id), one.name) for one in seen_branches())],
        state_choices=[("due", _("Due")), ("all", _("All")), *list(state_names().items())[1:]],
        kind_choices=[("", _("All")), *kind_names().items()],
        **context(rows),
    )


def seen_branches() -> list[Any]:
    return [branch for branch in typed.branches().values() if permitted_at(branch.id)]


def filter_of(asked: Form) -> Filter:
    """What was asked for, within the branches that this person may see."""
    wanted, seen = asked.id("branch"), permitted_branches()
    branches = None if seen is None else tuple(seen)
    if wanted is not None:
        branches = (wanted,) if permitted_at(wanted) else ()
    state, kind = asked.text("state"), asked.text("kind")
    return Filter(branches, (state,) if state in STATES else (), (kind,) if kind in KINDS else ())


def context(rows: Sequence[Owed]) -> dict[str, Any]:
    """Names for the ids in the rows, in three queries."""
    session = current_session()
    branches = typed.branches()
    return {
        "branches": branches,
        "zones": {branch.id: clock.zone(branch.time_zone) for branch in branches.values()},
        "services": {one.id: one for one in catalog.services(session, active_only=False)},
        "customers": crm.contacts(session, {row.customer_id for row in rows if row.customer_id}),
        "states": state_names(),
        "kinds": kind_names(),
    }


@PAGES.get("/charges/<uuid:charge_id>")
@permit("booking.charges")
@shows_people
def charge(charge_id: UUID) -> Response:
    return show(Form(), seen(charge_id))


@PAGES.post("/charges/<uuid:charge_id>")
@permit("booking.charges")
def settle(charge_id: UUID) -> Response:
    """Say what became of it: `state`, and why."""
    form, session, person = Form(request.form), current_session(), current_principal()
    found = seen(charge_id)
    state, reason = form.text("state"), form.text("reason")
    if state not in STEPS.get(found.charge.state, ()):
        form.errors, form.status = {"state": _("Choose what became of it.")}, 422
        return show(form, found)
    if not form.attempt(session, lambda: service.settle(session, charge_id, state, reason, person.id)):
        return show(form, found)
    return redirect(url_for("booking_pages.charges", saved="1"), 303)


def seen(charge_id: UUID) -> Owed:
    """Raises UnknownCharge, also for one of a branch this person may not see."""
    found = owed.charge(current_session(), charge_id)
    if not permitted_at(found.branch_id):
        raise UnknownCharge
    return found


def show(form: Form, found: Owed) -> Response:
    names = step_names()
    steps = [(state, names[state]) for state in STATES if state in STEPS.get(found.charge.state, ())]
    return render("booking/charge.html", form.status, form=form, row=found, steps=steps, **context([found]))
