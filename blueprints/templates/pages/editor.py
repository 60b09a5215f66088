"""Writing one text: the form, what it would look like, its draft, and publishing it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from blueprints.messaging import api as messaging
from blueprints.templates import queries
from blueprints.templates.defaults import default_parts
from blueprints.templates.errors import TextChanged
from blueprints.templates.pages.blueprint import PAGES, Where, asked_for, author, may_write, to_write
from blueprints.templates.pages.trying import Tried, try_out
from blueprints.templates.pages.words import channel_names, occasion_names, piece_names, variable_names
from blueprints.templates.queries import Desk, Spot
from blueprints.templates.rules.checking import complaints, hints
from blueprints.templates.rules.wordings import PIECES, WORDINGS
from blueprints.templates.service import writing
from blueprints.templates.service.writing import TextInput
from shopbell.http import current_session, permit, shows_people
from shopbell.http.limits import spend
from shopbell.i18n import BABEL_NAMES, LOCALES, current_locale
from shopbell.i18n import gettext as _
from shopbell.money import format_money, in_minor
from shopbell.pages import render
from shopbell.pages.forms import Form

TRIALS, TRIAL_SECONDS = 10, 3600


@PAGES.get("/texts/<name>/<channel>/<locale>")
@permit("templates.edit")
@shows_people
def text(name: str, channel: str, locale: str) -> Response:
    """The draft, or what holds, in the form; with what it looks like. Raises UnknownText."""
    where, spot = asked_for(), Spot(name, channel, locale).checked()
    desk = queries.desk(current_session(), where.path, spot)
    return show(Form(fields(desk)), where, desk)


@PAGES.post("/texts/<name>/<channel>/<locale>")
@permit("templates.edit")
@shows_people
def write_text(name: str, channel: str, locale: str) -> Response:
    """Show it, keep it as the draft, or publish it: what the button says."""
    where, spot = to_write(), Spot(name, channel, locale).checked()
    form, session = Form(request.form), current_session()
    go = form.text("go")
    work: dict[str, Callable[..., Any]] = {"publish": writing.publish, "draft": writing.save_draft}
    if go in work and attempt(
        form, lambda: work[go](session, where.path, spot, read(form, spot), author(), form.text("seen"))
    ):
        return redirect(address(where, spot, saved=go), 303)
    desk = queries.desk(session, where.path, spot)
    if go not in work:
        form.errors = complaints(name, channel, locale, read(form, spot).parts)
    elif "seen" not in form.errors:
        form.values = form.values.copy()
    return show(form, where, desk)


@PAGES.post("/texts/<name>/<channel>/<locale>/preview")
@permit("templates.edit")
@shows_people
def preview_text(name: str, channel: str, locale: str) -> Response:
    """The preview alone, after every change of the form."""
    where, spot, form = asked_for(), Spot(name, channel, locale).checked(), Form(request.form)
    form.errors = complaints(name, channel, locale, read(form, spot).parts)
    return render("templates/preview.html", **shown(form, where, spot))


@PAGES.post("/texts/<name>/<channel>/<locale>/inheritance")
@permit("templates.edit")
def take_over(name: str, channel: str, locale: str) -> Response:
    """Say again what is said above."""
    where, spot = to_write(), Spot(name, channel, locale).checked()
    writing.take_over(current_session(), where.path, spot, author())
    return redirect(address(where, spot, saved="above"), 303)


@PAGES.post("/texts/<name>/<channel>/<locale>/discard")
@permit("templates.edit")
def discard(name: str, channel: str, locale: str) -> Response:
    """Forget the draft."""
    where, spot = to_write(), Spot(name, channel, locale).checked()
    writing.discard(current_session(), where.path, spot)
    return redirect(address(where, spot, saved="discarded"), 303)


@PAGES.post("/texts/<name>/<channel>/<locale>/trial")
@permit("templates.edit")
def try_text(name: str, channel: str, locale: str) -> Response:
    """Send what is kept or published to whoever writes it."""
    where, spot, session = to_write(), Spot(name, channel, locale).checked(), current_session()
    desk, form = queries.desk(session, where.path, spot), Form(request.form)
    spend("texts_trial", str(author().id), TRIALS, TRIAL_SECONDS)
    trial = try_out(session, where, spot, desk.parts if desk.base else {}, plain=desk.plain)
    to = form.text("to")
    sent = messaging.Trial(name, channel, locale, trial.facts, trial.drawn)
    if not form.attempt(session, lambda: messaging.send_trial(session, sent, to)):
        again = Form({**fields(desk), "to": to}, form.errors)
        again.status = form.status
        return show(again, where, desk)
    return redirect(address(where, spot, saved="tried"), 303)


def attempt(form: Form, work: Callable[[], Any]) -> bool:
    """Do the work; a text that somebody else changed meanwhile is said beside it, and the next try is meant."""
    try:
        return form.attempt(current_session(), work)
    except TextChanged as error:
        form.status = error.status
        form.errors = {"seen": _("Somebody else has changed this text meanwhile. Press again to replace it.")}
        return False


def read(form: Form, spot: Spot) -> TextInput:
    parts = {piece: form.text(piece).replace("\r\n", "\n") for piece in PIECES[spot.channel]}
    return TextInput(parts, form.flag("plain"), form.flag("locked"))


def fields(desk: Desk) -> dict[str, str]:
    flags = {"plain": desk.plain, "locked": bool(desk.holding.source and desk.holding.source.locked)}
    return {**desk.parts, **{name: "yes" for name, on in flags.items() if on}}


def show(form: Form, where: Where, desk: Desk) -> Response:
    spot = desk.spot
    names = variable_names()
    return render(
        "templates/text.html",
        form.status,
        desk=desk,
        seen=desk.seal,
        default=default_parts(spot.name, spot.channel, spot.locale),
        variables=[(name, names[name]) for name in WORDINGS[spot.name].knows],
        may_write=may_write(where.place) and not desk.holding.locked_by,
        own=bool(desk.holding.source and desk.holding.source.place == where.place and desk.holding.version),
        **shown(form, where, spot),
    )


def shown(form: Form, where: Where, spot: Spot) -> dict[str, Any]:
    """What the preview and the page around it need."""
    session, typed = current_session(), read(form, spot)
    good = {piece: words for piece, words in typed.parts.items() if piece not in form.errors}
    trial = try_out(session, where, spot, good, plain=typed.plain, ref=form.text("ref"))
    return {
        "form": form,
        "where": where,
        "spot": spot,
        "trial": trial,
        "cost": cost_of(trial) if spot.channel == "sms" else "",
        "hints": hints(spot.name, spot.channel, spot.locale, typed.parts, plain=typed.plain),
        "pieces": piece_names(),
        "occasion": occasion_names()[spot.name],
        "channel": channel_names()[spot.channel],
        "language": LOCALES[spot.locale],
        "form_pieces": PIECES[spot.channel],
    }


def cost_of(trial: Tried) -> str:
    """What a thousand such text messages cost at home; nothing when nobody said."""
    price = messaging.usual_price(current_session(), "transactional", trial.texts.sms_length.segments)
    if price is None or not price.currency:
        return ""
    return format_money(in_minor(price.micros * 1000, price.currency), price.currency, BABEL_NAMES[current_locale()])


def address(where: Where, spot: Spot, **more: Any) -> str:
    return url_for("templates.text", name=spot.name, channel=spot.channel, locale=spot.locale, place=where.text, **more)
