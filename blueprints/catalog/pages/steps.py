"""The steps of a service: one form for all of them, and buttons that move one up or down."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from blueprints.catalog import queries, service
from blueprints.catalog.pages.blueprint import PAGES
from blueprints.catalog.queries import ServiceView
from blueprints.catalog.service.steps import MAX_STEPS
from shopbell.http import current_session, permit
from shopbell.pages import render
from shopbell.pages.forms import Form, spread


@PAGES.get("/services/<uuid:service_id>/steps")
@permit("catalog.edit")
def steps(service_id: UUID) -> Response:
    """Every step, and with ?more= an empty one below."""
    found = queries.service(current_session(), service_id)
    return show(Form(fields(found)), found)


@PAGES.post("/services/<uuid:service_id>/steps")
@permit("catalog.edit")
def set_steps(service_id: UUID) -> Response:
    form, session = Form(request.form), current_session()
    found = queries.service(session, service_id)
    if not form.attempt(session, lambda: service.set_steps(session, service_id, read_steps(form))):
        renumber(form)
        return show(form, found)
    return redirect(url_for("catalog.service_page", service_id=service_id, saved="1"), 303)


@PAGES.post("/services/<uuid:service_id>/steps/<int:position>/move")
@permit("catalog.edit")
def move_step(service_id: UUID, position: int) -> Response:
    """Swap with a neighbour: `by` is -1 (up) or 1 (down). htmx gets the new list, everybody else the page."""
    session = current_session()
    by = -1 if request.form.get("by") == "-1" else 1
    service.move_step(session, service_id, position, by)
    if "HX-Request" not in request.headers:
        return redirect(url_for("catalog.service_page", service_id=service_id, saved="1"), 303)
    found = queries.service(session, service_id)
    skills = {skill.id: skill for skill in queries.skills(session)}
    focus = min(max(position + by, 0), len(found.steps) - 1)
    return render("catalog/steplist.html", service=found, skills=skills, focus=focus, moved=by)


def show(form: Form, found: ServiceView) -> Response:
    session = current_session()
    return render(
        "catalog/steps.html", form.status, form=form, service=found, steps=typed_steps(form), **choices(session)
    )


def choices(session: Session) -> dict[str, Any]:
    """What a step may need: skills, types of rooms, types of devices."""
    return {"skills": queries.skills(session), "types": queries.resource_types(session)}


def typed_steps(form: Form) -> list[int]:
    """The numbers of the steps the form shows, an empty one at the end included."""
    count = form.number("steps")
    return list(range(min(max(count, 1), MAX_STEPS)))


def read_steps(form: Form) -> list[service.StepInput]:
    """The steps as typed; those marked for removal and those left empty are not among them."""
    return [read_step(form, number) for number in kept_steps(form)]


def kept_steps(form: Form) -> list[int]:
    return [number for number in typed_steps(form) if not is_left_out(form, number)]


def renumber(form: Form) -> None:
    """The service counts the steps it was given; say what is wrong by the numbers the form shows."""
    kept = kept_steps(form)

    def shown(field: str) -> str:
        head, dot, rest = field.partition(".")
        number, _, name = rest.partition(".")
        return f"steps.{kept[int(number)]}.{name}" if head == "steps" and dot else field

    form.errors = {shown(field): sentence for field, sentence in form.errors.items()}


def is_left_out(form: Form, number: int) -> bool:
    field = f"steps.{number}"
    named = any(form.texts(f"{field}.name").values())
    return form.flag(f"{field}.remove") or not (named or form.text(f"{field}.minutes"))


def read_step(form: Form, number: int) -> service.StepInput:
    field = f"steps.{number}"
    return service.StepInput(
        name=form.texts(f"{field}.name"),
        minutes=form.number(f"{field}.minutes"),
        skill_id=form.id(f"{field}.skill"),
        room_type=form.text(f"{field}.room_type") or None,
        device_type=form.text(f"{field}.device_type") or None,
    )


def fields(found: ServiceView) -> dict[str, str]:
    result = {"steps": str(len(found.steps) + 1)}
    for number, step in enumerate(found.steps):
        field = f"steps.{number}"
        result |= {
            **spread(f"{field}.name", step.name),
            f"{field}.minutes": str(step.minutes),
            f"{field}.skill": str(step.skill_id or ""),
            f"{field}.room_type": step.room_type or "",
            f"{field}.device_type": step.device_type or "",
        }
    return result
