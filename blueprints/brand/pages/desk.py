"""The branding page of HQ: a draft with the real pages in it beside the form, until it is published or discarded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from blueprints.brand import queries, service
from blueprints.brand.errors import DraftChanged
from blueprints.brand.pages.blueprint import MAX_UPLOAD, PAGES, author, uploaded
from blueprints.brand.queries import Desk
from blueprints.brand.rules import TEXTS, Look, readings, spoken
from blueprints.brand.service import LookInput
from blueprints.brand.shown import PUBLISHED, preview_root
from shopbell.http import current_session, permit
from shopbell.http.framing import MODES
from shopbell.http.sizes import takes_file
from shopbell.i18n import LOCALES, current_locale
from shopbell.i18n import gettext as _
from shopbell.pages import render
from shopbell.pages.forms import Form, spread

WIDTHS = ("phone", "desktop")
PUBLISH = "publish"


@dataclass(frozen=True)
class View:
    """How the preview is looked at."""

    width: str = "phone"
    mode: str = "light"

    @property
    def text(self) -> str:
        return f"{self.width}.{self.mode}"


def view_of(text: str) -> View:
    width, _dot, mode = text.partition(".")
    return View(width if width in WIDTHS else "phone", mode if mode in MODES else "light")


@PAGES.get("/brand")
@permit("brand.edit")
def brand() -> BaseResponse:
    """The form, with what it holds shown beside it."""
    desk = queries.desk(current_session())
    return show(Form(fields(desk.look)), desk, view_of(request.args.get("view", "")))


@PAGES.post("/brand")
@permit("brand.edit")
@takes_file(MAX_UPLOAD)
def set_brand() -> BaseResponse:
    """Keep what was typed as the draft and show it, or show it to customers."""
    form, session = Form(request.form), current_session()
    publish = form.text("go") == PUBLISH
    view = view_of(form.text("view" if publish else "go"))

    def work() -> None:
        keep = service.publish if publish else service.save_draft
        keep(session, read(form), author().name, form.text("seen"))

    if not attempt(form, work):
        return show(form, queries.desk(session), view)
    if publish:
        return redirect(url_for("brand.brand", saved="published", view=view.text), 303)
    return redirect(url_for("brand.brand", view=view.text, _anchor="preview"), 303)


@PAGES.post("/brand/preview")
@permit("brand.edit")
@takes_file(MAX_UPLOAD)
def preview() -> BaseResponse:
    """The preview alone, after every change of the form."""
    form, session = Form(request.form), current_session()
    attempt(form, lambda: service.save_draft(session, read(form), author().name, form.text("seen")))
    desk = queries.desk(session)
    seen = form.text("seen") if form.errors else desk.look.seal
    return render(
        "brand/preview.html",
        form.status,
        form=form,
        seen=seen,
        swapped=True,
        **framed(desk, view_of(form.text("view"))),
    )


@PAGES.post("/brand/discard")
@permit("brand.edit")
def discard() -> BaseResponse:
    """Forget the draft. Raises NothingDrafted."""
    service.discard(current_session(), Form(request.form).id("draft") or PUBLISHED)
    return redirect(url_for("brand.brand", saved="discarded"), 303)


@PAGES.post("/brand/freedom")
@permit("brand.edit")
def set_freedom() -> BaseResponse:
    """What regions and branches may have of their own."""
    form, session = Form(request.form), current_session()
    service.set_freedom(session, {name: form.flag(name) for name in queries.free(session)}, author())
    return redirect(url_for("brand.brand", saved="freedom", _anchor="freedom"), 303)


def attempt(form: Form, work: Any) -> bool:
    """Do the work; a draft that somebody else changed meanwhile is said beside the name, and the next try is meant."""
    session = current_session()
    try:
        return form.attempt(session, work)
    except DraftChanged as error:
        form.status = error.status
        form.errors = {"display_name": _("Somebody else has changed the draft meanwhile. Press again to replace it.")}
        form.values = form.values.copy()
        form.values["seen"] = queries.desk(session).look.seal
        return False


def read(form: Form) -> LookInput:
    return LookInput(
        display_name=form.text("display_name"),
        colour=form.text("colour"),
        accent=form.text("accent"),
        languages=languages(form),
        texts={name: form.texts(name) for name in TEXTS},
        logo=uploaded(),
        drop_logo=form.flag("drop_logo"),
    )


def languages(form: Form) -> tuple[str, ...]:
    """Those with a place, in the order of the places; two with the same one stay in the product's order."""
    places = {locale: form.text(f"language.{locale}") for locale in LOCALES}
    return tuple(sorted((locale for locale in LOCALES if places[locale]), key=lambda locale: places[locale]))


def fields(look: Look) -> dict[str, str]:
    order = {locale: str(place) for place, locale in enumerate(spoken(look.languages), 1)}
    return {
        "display_name": look.display_name,
        "colour": look.colour,
        "accent": look.accent,
        "seen": look.seal,
        **{f"language.{locale}": place for locale, place in order.items()},
        **{field: text for name in TEXTS for field, text in spread(name, look.texts.get(name, {})).items()},
    }


def show(form: Form, desk: Desk, view: View) -> BaseResponse:
    return render(
        "brand/desk.html",
        form.status,
        form=form,
        seen=form.value("seen"),
        swapped=False,
        free=queries.free(current_session()),
        places=[("", _("Off")), *((str(place), str(place)) for place in range(1, len(LOCALES) + 1))],
        **framed(desk, view),
    )


def framed(desk: Desk, view: View) -> dict[str, Any]:
    """What the preview shows: the draft, or what customers see."""
    root = preview_root(desk.draft.id if desk.draft else PUBLISHED, view.mode)
    return {
        "desk": desk,
        "view": view,
        "views": {width: {mode: View(width, mode).text for mode in MODES} for width in WIDTHS},
        "root": f"{root}/{current_locale()}/",
        "readings": readings(desk.look.colour, desk.look.accent),
        "logo": f"/logo/{desk.look.logo_id}" if desk.look.logo_id else "",
    }
