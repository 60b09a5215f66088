"""Changing what a place says of one thing: first into a draft."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from blueprints.catalog import api as catalog
from blueprints.settings import keys, queries, service
from blueprints.settings.pages.blueprint import PAGES
from blueprints.settings.pages.places import asked_for, settings, soon
from blueprints.settings.pages.shown import Names, value_text
from blueprints.settings.queries import Where
from blueprints.settings.rights import author, require_to_say
from shopbell.http import current_principal, current_session, permit
from shopbell.i18n import gettext as _
from shopbell.pages import render
from shopbell.pages.forms import Form, spread_week, weekday_names
from shopbell.tenancy import current_tenant
from tenants.settings.errors import BadSetting
from tenants.settings.keys import Key
from tenants.settings.store import Change


@PAGES.get("/settings/change")
@permit("settings.edit")
def setting() -> Response:
    """The form for one thing at a place; without one, all that could be changed there."""
    if "key" not in request.args:
        return settings()
    where, key, subject = what()
    found = where.said.resolve(key, where.path, on_day(where, key, subject), subject)
    own = where.said.own(key, where.place, subject)
    standing = found.source is not None and found.source.place == where.place
    form = Form(fields(key, found.value))
    form.values["own"] = "yes" if standing or not own or where.place.level == "chain" else "no"
    form.values["starts_on"] = where.today.isoformat()
    if standing and found.source and found.source.locked:
        form.values["locked"] = "yes"
    return show(form, where, key, subject)


@PAGES.post("/settings/change")
@permit("settings.edit")
def change_setting() -> Response:
    """Put the change into the person's draft, and go there."""
    session, person = current_session(), current_principal()
    where, key, subject = what()
    form, made = Form(request.form), list[UUID]()

    def work() -> None:
        made.append(service.put_into_draft(session, read(form, where, key, subject), author(person)))

    if not form.attempt(session, work):
        if key.name in form.errors:
            form.errors["value"] = form.errors.pop(key.name)
        return show(form, where, key, subject)
    return redirect(url_for("settings.draft", draft_id=made[0]), 303)


def what() -> tuple[Where, Key, str]:
    """The place, the key and the subject in the address. Raises UnknownSetting, or Forbidden for another's place."""
    where, session = asked_for(), current_session()
    require_to_say(session, current_principal(), where.place)
    key, subject = keys.key_named(request.args.get("key", "")), request.args.get("subject", "")
    queries.check_subject(session, key, subject)
    return where, key, subject


def read(form: Form, where: Where, key: Key, subject: str) -> Change:
    """What is said of one day is said at once.

    Raises BadSetting naming "starts_on", or "value" for a day that is over.
    """
    of_a_day = key.about == catalog.DAY
    starts_on = where.today if of_a_day else form.day("starts_on")
    if starts_on is None or not soon(date.fromisoformat(subject) if of_a_day else starts_on, where):
        raise BadSetting(
            fields={"value" if of_a_day else "starts_on": _("Choose a day from today on, within five years.")}
        )
    if key.kind.name == "week":
        value: Any = {str(day): [list(span) for span in spans] for day, spans in form.week("value").items() if spans}
    elif key.kind.name == "day":
        value = {"spans": [list(span) for span in form.spans("value")], "reason": form.text("reason")}
    elif key.kind.name == "price":
        value = key.kind.read(f"{form.text('value')} {currency_at(where)}") if form.text("value") else None
    else:
        value = key.kind.read(form.text("value"))
    own = form.text("own") != "no"
    return Change(key, where.path, starts_on, value if own else None, subject, own, own and form.flag("locked"))


def on_day(where: Where, key: Key, subject: str) -> date:
    """The day whose value is told: today, or the day that it is about."""
    return date.fromisoformat(subject) if key.about == catalog.DAY else where.today


def currency_at(where: Where) -> str:
    return where.said.value(catalog.CURRENCY, where.path, where.today) or current_tenant().currency


def fields(key: Key, value: Any) -> dict[str, str]:
    if key.kind.name == "week":
        week = {int(day): [(span[0], span[1]) for span in spans] for day, spans in (value or {}).items()}
        return spread_week("value", week)
    if key.kind.name == "price":
        return {"value": key.kind.typed(value).partition(" ")[0]}
    if key.kind.name == "day":
        return {"value": key.kind.typed(value), "reason": value["reason"] if value else ""}
    return {"value": key.kind.typed(value)}


def show(form: Form, where: Where, key: Key, subject: str) -> Response:
    names, on = Names(current_session()), on_day(where, key, subject)
    return render(
        "settings/change.html",
        form.status,
        form=form,
        where=where,
        title=names.place(where.place),
        names=names,
        key=key,
        subject=names.subject(subject),
        subject_id=subject,
        now=where.said.resolve(key, where.path, on, subject),
        above=where.said.value(key, where.path[:-1], on, subject) if len(where.path) > 1 else key.default,
        own=where.said.own(key, where.place, subject),
        currency=currency_at(where),
        value_text=value_text,
        weekdays=weekday_names(),
        options=key.choices,
    )
