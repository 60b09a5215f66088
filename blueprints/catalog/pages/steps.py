"""The steps of a service: one form for all of them, and buttons that move one up or down."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from blueprints.catalog import queries, service
from blueprints.catalog.pages.blueprint import PAGES
from blueprints.catalog.place_types import type_name
from blueprints.catalog.process import LEVELS, PHASES, ROLES, phases
from blueprints.catalog.queries import ServiceView
from blueprints.catalog.service.steps import MAX_STEPS
from shopbell.http import current_session, permit
from shopbell.pages import render
from shopbell.pages.forms import Form, spread


@PAGES.get("/services/<uuid:service_id>/steps")
@permit("catalog.edit")
def steps(service_id: UUID) -> Response:
    """Every step, and an empty one below."""
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
    return render("catalog/steplist.html", service=found, skills=skills, focus=focus, moved=by, **words(found))


def show(form: Form, found: ServiceView) -> Response:
    session = current_session()
    return render(
        "catalog/steps.html",
        form.status,
        form=form,
        service=found,
        steps=typed_steps(form),
        options=found.options,
        **choices(session),
    )


def choices(session: Session) -> dict[str, Any]:
    """What a step may need: skills, types of rooms, types of devices; and who does it how well."""
    return {
        "skills": queries.skills(session),
        "types": queries.resource_types(session),
        "type_name": type_name,
        "roles": ROLES,
        "levels": LEVELS,
    }


def words(found: ServiceView) -> dict[str, Any]:
    """What the list of a service's steps needs besides the service: what each step is, and words for it."""
    return {
        "phase_of": dict(zip((step.position for step in found.steps), phases(found.steps), strict=True)),
        "option_names": {option.id: option.name for option in found.options},
        "roles": ROLES,
        "levels": LEVELS,
        "phases": PHASES,
        "type_name": type_name,
    }


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
        option_id=form.id(f"{field}.option"),
        role=form.text(f"{field}.role") or "main",
        level=given(form, f"{field}.level", 1),
        room_count=given(form, f"{field}.room_count", 1),
        device_count=given(form, f"{field}.device_count", 1),
        wait_minutes=given(form, f"{field}.wait", 0),
        was=form.number(f"{field}.was") if form.text(f"{field}.was") else None,
    )


def given(form: Form, name: str, usual: int) -> int:
    """The number in the field; an empty one stands for the usual."""
    return form.number(name) if form.text(name) else usual


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
            f"{field}.option": str(step.option_id or ""),
            f"{field}.role": step.role,
            f"{field}.level": str(step.level),
            f"{field}.room_count": str(step.room_count),
            f"{field}.device_count": str(step.device_count),
            f"{field}.wait": str(step.wait_minutes or ""),
            f"{field}.was": str(step.position),
        }
    return result
