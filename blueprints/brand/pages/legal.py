"""The legal texts of the chain: written, looked at, and published as versions."""

from __future__ import annotations

from flask import abort, redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from blueprints.brand import queries, service
from blueprints.brand.errors import LegalChanged
from blueprints.brand.pages.blueprint import PAGE_SIZE, PAGES, author
from blueprints.brand.queries.legal import today
from blueprints.brand.rules import LEGAL, LONGEST_LEGAL
from blueprints.brand.service import LegalInput
from shopbell.http import current_session, permit
from shopbell.http.sizes import takes_file
from shopbell.i18n import LOCALES
from shopbell.i18n import gettext as _
from shopbell.markdown import drawn
from shopbell.pages import render
from shopbell.pages.forms import Form, spread
from shopbell.pages.paging import paging
from shopbell.tenancy import current_tenant

PUBLISH = "publish"
MAX_TEXTS = 512 * 1024
"""Three long texts; what is too long is then refused with the form kept."""


@PAGES.get("/legal")
@permit("brand.edit")
def legal_texts() -> BaseResponse:
    """Every kind of text, with the version in force."""
    return render("brand/legal.html", kinds=queries.legal_kinds(current_session()), names=LOCALES)


@PAGES.get("/legal/<kind>")
@permit("brand.edit")
def legal_text(kind: str) -> BaseResponse:
    """The form for the next version, with the last one in it."""
    session = current_session()
    require_kind(kind)
    last = next(iter(queries.history(session, kind, 0, 1)), None)
    typed = {"valid_from": today().isoformat(), "number": str(queries.numbers(session, kind) + 1)}
    if last:
        typed |= spread("texts", last[0].texts) | ({"asks": "yes"} if last[0].asks else {})
    return show(Form(typed), kind)


@PAGES.post("/legal/<kind>")
@permit("brand.edit")
@takes_file(MAX_TEXTS)
def publish_legal_text(kind: str) -> BaseResponse:
    """Show what was typed as it would be drawn, or publish it."""
    require_kind(kind)
    form, session = Form(request.form), current_session()
    if form.text("go") != PUBLISH:
        return show(form, kind, looked_at=True)

    def work() -> None:
        service.publish_legal(session, kind, read(form), author().name, form.number("number"))

    try:
        done = form.attempt(session, work)
    except LegalChanged as error:
        form.status, done = error.status, False
        sentence = _("Somebody else has published a version meanwhile. Look at it below, then press again.")
        form.errors, form.values = {"valid_from": sentence}, form.values.copy()
        form.values["number"] = str(queries.numbers(session, kind) + 1)
    if not done:
        return show(form, kind)
    return redirect(url_for("brand.legal_text", kind=kind, saved="1"), 303)


def require_kind(kind: str) -> None:
    if kind not in LEGAL:
        abort(404)


def read(form: Form) -> LegalInput:
    return LegalInput(form.texts("texts"), form.day("valid_from"), form.flag("asks"))


def show(form: Form, kind: str, *, looked_at: bool = False) -> BaseResponse:
    session = current_session()
    page = paging(queries.numbers(session, kind), PAGE_SIZE)
    return render(
        "brand/legal_text.html",
        form.status,
        form=form,
        kind=kind,
        drawn=drawings(form) if looked_at else {},
        history=queries.history(session, kind, page.start, PAGE_SIZE),
        page=page,
        zone=current_tenant().time_zone,
        today=today(),
        names=LOCALES,
    )


def drawings(form: Form) -> dict[str, Markup]:
    """The typed texts as customers would see them."""
    return {locale: drawn(text[:LONGEST_LEGAL]) for locale, text in form.texts("texts").items() if text}
