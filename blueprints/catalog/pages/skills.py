"""Skills: what people learn and steps ask for."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from blueprints.catalog import queries, service
from blueprints.catalog.errors import UnknownSkill
from blueprints.catalog.pages.blueprint import PAGE_SIZE, PAGES
from blueprints.catalog.queries import SkillView
from blueprints.catalog.rules import slug_from
from shopbell.http import current_session, permit
from shopbell.pages import render
from shopbell.pages.forms import Form, spread
from shopbell.pages.paging import paging


@PAGES.get("/skills")
@permit("catalog.edit")
def skills() -> Response:
    return show(Form())


@PAGES.post("/skills")
@permit("catalog.edit")
def add_skill() -> Response:
    form, session = Form(request.form), current_session()
    key = form.text("key") or slug_from(form.text("name.en"))
    if not form.attempt(session, lambda: service.add_skill(session, key=key, name=form.texts("name"))):
        return show(form)
    return redirect(url_for("catalog.skills", saved="1"), 303)


@PAGES.get("/skills/<uuid:skill_id>")
@permit("catalog.edit")
def skill(skill_id: UUID) -> Response:
    found = one_skill(skill_id)
    return render("catalog/skill.html", skill=found, form=Form(spread("name", found.name)))


@PAGES.post("/skills/<uuid:skill_id>")
@permit("catalog.edit")
def change_skill(skill_id: UUID) -> Response:
    form, session = Form(request.form), current_session()
    found = one_skill(skill_id)
    if not form.attempt(session, lambda: service.change_skill(session, skill_id, name=form.texts("name"))):
        return render("catalog/skill.html", form.status, skill=found, form=form)
    return redirect(url_for("catalog.skills", saved="1"), 303)


def one_skill(skill_id: UUID) -> SkillView:
    """Raises UnknownSkill."""
    for found in queries.skills(current_session()):
        if found.id == skill_id:
            return found
    raise UnknownSkill


def show(form: Form) -> Response:
    found = queries.skills(current_session())
    page = paging(len(found), PAGE_SIZE)
    return render("catalog/skills.html", form.status, form=form, skills=page.cut(found), page=page)
