"""What holds for whom: deadlines, moves, fees and deposits, per chain, branch and service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from blueprints.booking.models import BookingPolicy
from blueprints.booking.pages import typed
from blueprints.booking.pages.blueprint import PAGE_SIZE, PAGES
from blueprints.booking.queries import rulebook as written
from blueprints.booking.queries.views import usual_terms
from blueprints.booking.rules.rulebook import Policy, Rulebook
from blueprints.booking.rules.say import sentences
from blueprints.booking.rules.terms import NAMES, Terms
from blueprints.booking.service import rulebook as service
from blueprints.booking.service.rulebook import HOURS, PolicyInput
from blueprints.catalog import api as catalog
from shopbell.http import current_session, permit
from shopbell.i18n import gettext as _
from shopbell.i18n import localized
from shopbell.pages import render
from shopbell.pages.forms import Form
from shopbell.pages.paging import paging


@dataclass(frozen=True)
class Line:
    """A policy in the list: for whom, and everything that holds there with it."""

    id: UUID
    title: str
    sentences: list[str]


@PAGES.get("/policies")
@permit("booking.rules")
def policies() -> Response:
    """All policies; with ?branch= (and ?service=) what holds at one place."""
    rows = written.all_policies(current_session())
    page = paging(len(rows), PAGE_SIZE)
    lines = Lines(rows)
    asked = Form(request.args)
    return render(
        "booking/policies.html",
        lines=[lines.line(row) for row in page.cut(rows)],
        page=page,
        asked=asked,
        answer=answer(asked),
        branches=typed.branch_choices(_("Choose a branch")),
        services=typed.service_choices(_("Any service")),
    )


@PAGES.get("/policies/new")
@permit("booking.rules")
def new_policy() -> Response:
    return show(Form(), None)


@PAGES.post("/policies/new")
@permit("booking.rules")
def add_policy() -> Response:
    form, session = Form(request.form), current_session()

    def work() -> None:
        service.add_policy(session, PolicyInput(form.id("branch"), form.id("service"), read(form)))

    if not form.attempt(session, work):
        return show(form, None)
    return redirect(url_for("booking_pages.policies", saved="1"), 303)


@PAGES.get("/policies/<uuid:policy_id>")
@permit("booking.rules")
def policy(policy_id: UUID) -> Response:
    row = written.policy(current_session(), policy_id)
    return show(Form(fields(row)), row)


@PAGES.post("/policies/<uuid:policy_id>")
@permit("booking.rules")
def change_policy(policy_id: UUID) -> Response:
    form, session = Form(request.form), current_session()
    row = written.policy(session, policy_id)
    if not form.attempt(session, lambda: service.change_policy(session, policy_id, read(form))):
        return show(form, row)
    return redirect(url_for("booking_pages.policies", saved="1"), 303)


@PAGES.post("/policies/<uuid:policy_id>/removal")
@permit("booking.rules")
def drop_policy(policy_id: UUID) -> Response:
    service.drop_policy(current_session(), policy_id)
    return redirect(url_for("booking_pages.policies", saved="1"), 303)


def show(form: Form, row: BookingPolicy | None) -> Response:
    return render(
        "booking/policy.html",
        form.status,
        form=form,
        title=Lines([]).title(row) if row else "",
        rule_id=row.id if row else None,
        branches=typed.branch_choices(_("All branches")),
        services=typed.service_choices(_("All services")),
    )


def read(form: Form) -> dict[str, int | None]:
    return {name: typed.minutes(form, name) if name in HOURS else typed.number(form, name) for name in NAMES}


def fields(row: BookingPolicy) -> dict[str, str]:
    found = {name: getattr(row, name) for name in NAMES}
    return {
        name: typed.hours_text(value) if name in HOURS else str(value)
        for name, value in found.items()
        if value is not None
    }


def answer(asked: Form) -> list[str]:
    """What holds for a service at a branch, or for any service without rules of its own."""
    branch_id = asked.id("branch")
    if branch_id is None:
        return []
    session = current_session()
    book = written.rulebook(session, catalog.branch(session, branch_id))
    service_id = asked.id("service")
    return sentences(book.terms(catalog.service(session, service_id).id if service_id else None))


class Lines:
    """Puts policies into words: each one together with the less specific ones it completes."""

    def __init__(self, rows: Sequence[BookingPolicy]) -> None:
        self.rows = rows
        self.branches = typed.branches()
        self.services = {one.id: one for one in catalog.services(current_session(), active_only=False)}
        self.deadlines = {one.cancel_deadline_minutes for one in self.branches.values()}

    def line(self, row: BookingPolicy) -> Line:
        within = [
            written.policy_of(other)
            for other in self.rows
            if other.branch_id in {None, row.branch_id} and other.service_id in {None, row.service_id}
        ]
        said = sentences(Rulebook(self.usual(row), tuple(within)).terms(row.service_id))
        return Line(row.id, self.title(row), [*self.left_open(row, within, said)])

    def title(self, row: BookingPolicy) -> str:
        if row.service_id is None and row.branch_id is None:
            return _("The whole chain")
        name = localized(self.services[row.service_id].name) if row.service_id else _("All services")
        if row.branch_id is None:
            return _("%(service)s at all branches", service=name)
        return _("%(service)s at %(branch)s", service=name, branch=typed.where(row.branch_id, self.branches))

    def usual(self, row: BookingPolicy) -> Terms:
        if row.branch_id:
            return usual_terms(self.branches[row.branch_id])
        return next((usual_terms(one) for one in self.branches.values()), Terms())

    def left_open(self, row: BookingPolicy, within: Sequence[Policy], said: list[str]) -> list[str]:
        """Where branches differ, a deadline that no policy names cannot be told for all of them at once."""
        if row.branch_id or len(self.deadlines) < 2:
            return said
        for place, name in enumerate(("cancel_minutes", "move_minutes")):
            if all(one.terms[name] is None for one in within):
                each = (
                    _("You can cancel until the branch's deadline."),
                    _("You can move until the branch's deadline."),
                )
                said[place] = each[place]
        return said
