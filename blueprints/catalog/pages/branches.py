"""The list of branches, and what is said of one."""

from __future__ import annotations

from functools import cache
from importlib import resources
from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from blueprints.catalog import queries, service
from blueprints.catalog.pages.blueprint import PAGE_SIZE, PAGES
from blueprints.catalog.pages.origins import author, origins_of
from blueprints.catalog.queries import BranchView
from blueprints.catalog.rules import slug_from
from blueprints.catalog.settings import CURRENCY, OF_BRANCH
from shopbell import clock, phone
from shopbell.http import current_session, permit
from shopbell.pages import render
from shopbell.pages.forms import Form, spread
from shopbell.pages.paging import paging
from shopbell.tenancy import current_tenant


@PAGES.get("/branches")
@permit("catalog.edit")
def branches() -> Response:
    """All branches with what they are doing now."""
    session = current_session()
    found = queries.branches(session)
    page = paging(len(found), PAGE_SIZE)
    shown = page.cut(found)
    states = queries.states(session, shown, clock.now())
    return render("catalog/branches.html", branches=shown, states=states, page=page, display=phone.display)


@PAGES.get("/branches/new")
@permit("catalog.edit")
def new_branch() -> Response:
    return show(Form(start_fields(current_tenant().time_zone)), None)


@PAGES.post("/branches/new")
@permit("catalog.edit")
def add_branch() -> Response:
    form, session = Form(request.form), current_session()
    slug = form.text("slug") or slug_from(form.text("name.en"))
    added: list[UUID] = []
    if not form.attempt(session, lambda: added.append(service.add_branch(session, slug, read(form), author()))):
        return show(form, None)
    return redirect(url_for("catalog.hours", branch_id=added[0], saved="new"), 303)


@PAGES.get("/branches/<uuid:branch_id>")
@permit("catalog.edit")
def branch(branch_id: UUID) -> Response:
    found = queries.branch(current_session(), branch_id)
    return show(Form(fields(found)), found)


@PAGES.post("/branches/<uuid:branch_id>")
@permit("catalog.edit")
def change_branch(branch_id: UUID) -> Response:
    form, session = Form(request.form), current_session()
    found = queries.branch(session, branch_id)
    if not form.attempt(session, lambda: service.change_branch(session, branch_id, read(form), author())):
        return show(form, found)
    return redirect(url_for("catalog.branch", branch_id=branch_id, saved="1"), 303)


def show(form: Form, branch: BranchView | None) -> Response:
    shown = (*OF_BRANCH, CURRENCY)
    origins = origins_of(current_session(), branch, shown) if branch else None
    return render(
        "catalog/branch.html",
        form.status,
        form=form,
        branch=branch,
        zones=zone_names(),
        origins=origins,
        origin_keys=shown,
    )


def read(form: Form) -> service.BranchInput:
    return service.BranchInput(
        name=form.texts("name"),
        address=form.texts("address"),
        phone=form.text("phone"),
        time_zone=form.text("time_zone"),
        latitude=form.decimal("latitude"),
        longitude=form.decimal("longitude"),
        is_open=form.flag("is_open"),
        slot_minutes=form.number("slot_minutes"),
        lead_minutes=form.number("lead_minutes"),
        horizon_days=form.number("horizon_days"),
        cancel_deadline_minutes=form.number("cancel_deadline_minutes"),
    )


def fields(branch: BranchView) -> dict[str, str]:
    return {
        **spread("name", branch.name),
        **spread("address", branch.address),
        "phone": phone.display(branch.phone, current_tenant().country),
        "time_zone": branch.time_zone,
        "latitude": "" if branch.latitude is None else str(branch.latitude),
        "longitude": "" if branch.longitude is None else str(branch.longitude),
        **({"is_open": "yes"} if branch.is_open else {}),
        "slot_minutes": str(branch.slot_minutes),
        "lead_minutes": str(branch.lead_minutes),
        "horizon_days": str(branch.horizon_days),
        "cancel_deadline_minutes": str(branch.cancel_deadline_minutes),
    }


def start_fields(time_zone: str) -> dict[str, str]:
    """What a new branch's form starts with: the service's own defaults."""
    usual = service.BranchInput(name={}, address={}, phone="", time_zone=time_zone)
    return {
        "time_zone": time_zone,
        "is_open": "yes",
        "slot_minutes": str(usual.slot_minutes),
        "lead_minutes": str(usual.lead_minutes),
        "horizon_days": str(usual.horizon_days),
        "cancel_deadline_minutes": str(usual.cancel_deadline_minutes),
    }


@cache
def zone_names() -> list[str]:
    """Every zone of the pinned tz database that is named after a place."""
    names = resources.files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()
    return sorted(name for name in names if "/" in name and not name.startswith("Etc/"))
