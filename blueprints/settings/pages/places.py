"""What holds at a place: general settings, and the services there."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from blueprints.catalog import api as catalog
from blueprints.settings import keys, queries
from blueprints.settings.pages.blueprint import PAGE_SIZE, PAGES
from blueprints.settings.pages.shown import Names, value_text
from blueprints.settings.queries import Where
from blueprints.settings.rights import may_look, may_say
from shopbell.errors import NotFound
from shopbell.http import current_principal, current_session, permit
from shopbell.i18n import gettext as _
from shopbell.pages import render
from shopbell.pages.forms import Form
from shopbell.pages.paging import paging


@PAGES.get("/settings")
@permit("settings.read")
def settings() -> Response:
    """What the place says, takes over, and will say: all but services."""
    where = asked_for()
    return show("settings/place.html", where, groups=grouped(queries.lines(where, keys.general())))


@PAGES.get("/settings/services")
@permit("settings.read")
def services() -> Response:
    """A page of the services with whether, how long and at what price they are given at the place."""
    where = asked_for()
    found = catalog.services(current_session())
    page = paging(len(found), PAGE_SIZE)
    shown = page.cut(found)
    told = queries.lines(where, [catalog.OFFERED, catalog.PERCENT, catalog.PRICE], [str(one.id) for one in shown])
    rows = [(one, told[number * 3 : number * 3 + 3]) for number, one in enumerate(shown)]
    return show("settings/services.html", where, rows=rows, page=page)


@PAGES.get("/settings/days")
@permit("settings.read")
def days() -> Response:
    """The single days with hours of their own at the place; a day that is named (?day=) leads to its form."""
    where, form = asked_for(), Form(request.args)
    if "day" in request.args:
        day = form.day("day")
        if day and soon(day, where):
            key, subject = catalog.DAY_HOURS.name, day.isoformat()
            return redirect(url_for("settings.setting", place=where.text, key=key, subject=subject), 303)
        form.errors["day"], form.status = _("Choose a day from today on, within five years."), 422
    found = queries.days(where)
    page = paging(len(found), PAGE_SIZE)
    return show("settings/days.html", where, form.status, rows=page.cut(found), page=page, form=form)


def soon(day: date, where: Where) -> bool:
    """Whether something may be said of the day, or from it on."""
    return where.today <= day and day.year <= where.today.year + 5


@PAGES.get("/settings/services/<uuid:service_id>")
@permit("settings.read")
def service(service_id: UUID) -> Response:
    """Everything that is said of one service at the place, its terms and its options among it."""
    where = asked_for()
    found = catalog.service(current_session(), service_id)
    told = queries.lines(where, keys.of_subject("service"), [str(found.id)])
    options = queries.lines(where, keys.of_subject("option"), [str(option.id) for option in found.options])
    return show("settings/service.html", where, service=found, groups=grouped(told), options=options)


def asked_for() -> Where:
    """The place in the address. Raises NotFound for one that is none, or not for this person."""
    place = queries.place_of(request.args.get("place", ""))
    if not may_look(current_principal(), place, "settings.read"):
        raise NotFound
    return queries.look(current_session(), place)


def show(template: str, where: Where, status: int = 200, **values: Any) -> Response:
    session, person = current_session(), current_principal()
    names = Names(session)
    seen = [(text, name) for text, name in names.places() if may_look(person, queries.place_of(text), "settings.read")]
    return render(
        template,
        status,
        where=where,
        title=names.place(where.place),
        names=names,
        places=seen,
        may_say=may_say(session, person, where.place),
        value_text=value_text,
        asked=Form({"place": where.text}),
        **values,
    )


def grouped(lines: list[queries.Line]) -> dict[str, list[queries.Line]]:
    groups: dict[str, list[queries.Line]] = {}
    for line in lines:
        groups.setdefault(line.key.group, []).append(line)
    return groups
