"""The list of people, and what is said of one."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from blueprints.catalog import api as catalog
from blueprints.staff import queries, service
from blueprints.staff.pages.blueprint import PAGE_SIZE, PAGES
from blueprints.staff.queries import PersonView
from shopbell.http import current_session, permit
from shopbell.pages import render
from shopbell.pages.forms import Form, spread
from shopbell.pages.paging import paging


@PAGES.get("/people")
@permit("staff.edit")
def people() -> Response:
    """Everybody, or with ?branch= those whose home it is."""
    session = current_session()
    filters = Form(request.args)
    branches = catalog.branches(session)
    wanted = filters.id("branch")
    page = paging(queries.count_people(session, wanted), PAGE_SIZE)
    return render(
        "staff/people.html",
        people=queries.all_people(session, wanted, limit=page.size, offset=page.start),
        branches=branches,
        places={branch.id: branch for branch in branches},
        filters=filters,
        page=page,
    )


@PAGES.get("/people/new")
@permit("staff.edit")
def new_person() -> Response:
    return show(Form(), None)


@PAGES.post("/people/new")
@permit("staff.edit")
def add_person() -> Response:
    form, session = Form(request.form), current_session()
    added: list[UUID] = []
    if not form.attempt(
        session, lambda: added.append(service.add_person(session, read(form), read_skills(session, form)))
    ):
        renumber(form)
        return show(form, None)
    return redirect(url_for("staff.roster", person_id=added[0], saved="new"), 303)


@PAGES.get("/people/<uuid:person_id>")
@permit("staff.edit")
def person(person_id: UUID) -> Response:
    found = queries.person(current_session(), person_id)
    return show(Form(fields(found)), found)


@PAGES.post("/people/<uuid:person_id>")
@permit("staff.edit")
def change_person(person_id: UUID) -> Response:
    form, session = Form(request.form), current_session()
    found = queries.person(session, person_id)
    if not form.attempt(
        session, lambda: service.change_person(session, person_id, read(form), read_skills(session, form))
    ):
        renumber(form)
        return show(form, found)
    return redirect(url_for("staff.person", person_id=person_id, saved="1"), 303)


@PAGES.post("/people/<uuid:person_id>/retirement")
@permit("staff.edit")
def retire_person(person_id: UUID) -> Response:
    service.retire_person(current_session(), person_id)
    return redirect(url_for("staff.person", person_id=person_id, saved="1"), 303)


@PAGES.post("/people/<uuid:person_id>/return")
@permit("staff.edit")
def restore_person(person_id: UUID) -> Response:
    service.restore_person(current_session(), person_id)
    return redirect(url_for("staff.person", person_id=person_id, saved="1"), 303)


def show(form: Form, person: PersonView | None) -> Response:
    session = current_session()
    return render(
        "staff/person.html",
        form.status,
        form=form,
        person=person,
        branches=catalog.branches(session),
        skills=catalog.skills(session),
        levels=catalog.LEVELS,
        rows=shown_rows(form),
    )


def read(form: Form) -> service.PersonInput:
    return service.PersonInput(
        name=form.text("name"),
        title=form.texts("title"),
        bio=form.texts("bio"),
        languages=form.values.getlist("languages"),
        home_branch_id=form.id("home_branch"),
        qualifications=[read_qualification(form, number) for number in filled_rows(form)],
    )


def read_skills(session: Session, form: Form) -> dict[UUID, int]:
    """The skills for which a level was chosen."""
    fields = {skill.id: f"level.{skill.id}" for skill in catalog.skills(session)}
    return {skill_id: form.number(field) for skill_id, field in fields.items() if form.text(field)}


def shown_rows(form: Form) -> list[int]:
    """The numbers of the qualifications the form shows, an empty one at the end included."""
    return list(range(min(max(form.number("rows"), 1), service.MOST_QUALIFICATIONS)))


def filled_rows(form: Form) -> list[int]:
    return [number for number in shown_rows(form) if is_filled(form, f"qualifications.{number}")]


def is_filled(form: Form, field: str) -> bool:
    return any(form.texts(f"{field}.name").values()) or bool(form.text(f"{field}.issuer") or form.text(f"{field}.year"))


def read_qualification(form: Form, number: int) -> service.Qualification:
    field = f"qualifications.{number}"
    year = form.number(f"{field}.year") if form.text(f"{field}.year") else None
    return service.Qualification(form.texts(f"{field}.name"), form.text(f"{field}.issuer"), year)


def renumber(form: Form) -> None:
    """The service counts the qualifications it was given; say what is wrong by the numbers the form shows."""
    filled = filled_rows(form)

    def shown(field: str) -> str:
        head, dot, rest = field.partition(".")
        number, _, name = rest.partition(".")
        return f"{head}.{filled[int(number)]}.{name}" if head == "qualifications" and dot else field

    form.errors = {shown(field): sentence for field, sentence in form.errors.items()}


def fields(person: PersonView) -> MultiDict[str, str]:
    result = MultiDict(
        {
            "name": person.name,
            **spread("title", person.title),
            **spread("bio", person.bio),
            "home_branch": str(person.home_branch_id or ""),
            "rows": str(len(person.qualifications) + 1),
            **{f"level.{skill_id}": str(level) for skill_id, level in person.levels.items()},
        }
    )
    for number, qualification in enumerate(person.qualifications):
        field = f"qualifications.{number}"
        result.update(spread(f"{field}.name", qualification["name"]))
        result[f"{field}.issuer"] = qualification.get("issuer") or ""
        result[f"{field}.year"] = str(qualification.get("year") or "")
    result.setlist("languages", list(person.languages))
    return result
