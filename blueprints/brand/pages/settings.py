"""The branding page of HQ: name, colour and logo, with a preview that follows the colour."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from blueprints.brand import queries, service
from blueprints.brand.rules import MAX_LOGO, preview_css, readings
from shopbell.http import current_session, permit
from shopbell.http.sizes import takes_file
from shopbell.pages import render
from shopbell.pages.forms import Form
from shopbell.theme import BadColour, theme

MAX_UPLOAD = 8 * 1024 * 1024
"""A photo may be sent and is then refused with the form kept; more than this is cut off."""

PAGES = Blueprint("brand", "blueprints.brand", template_folder="templates", url_prefix="/hq")


@PAGES.get("/brand")
@permit("brand.edit")
def brand() -> BaseResponse:
    """The form; with ?colour= it shows that colour without saving it."""
    current = queries.brand(current_session())
    typed = {name: request.args[name] for name in ("display_name", "colour") if name in request.args}
    return show(Form({"display_name": current.display_name, "colour": current.colour, **typed}))


@PAGES.post("/brand")
@permit("brand.edit")
@takes_file(MAX_UPLOAD)
def set_brand() -> BaseResponse:
    form, session = Form(request.form), current_session()
    upload = request.files.get("logo")
    # One byte more than allowed is enough to be refused.
    logo = upload.read(MAX_LOGO + 1) if upload else b""

    def work() -> None:
        name, colour = form.text("display_name"), form.text("colour")
        service.set_brand(
            session, display_name=name, colour=colour, logo=logo or None, drop_logo=form.flag("drop_logo")
        )

    if not form.attempt(session, work):
        return show(form)
    return redirect(url_for("brand.brand", saved="1"), 303)


@PAGES.get("/brand/preview")
@permit("brand.edit")
def preview() -> BaseResponse:
    """The preview alone, for htmx."""
    form = Form(request.args)
    return render("brand/preview.html", form=form, brand=queries.brand(current_session()), **seen(form))


@PAGES.get("/brand/preview.css")
@permit("brand.edit")
def preview_style() -> Response:
    """The custom properties of ?colour=rrggbb for the two previews. Raises BadColour's sentence as a comment."""
    colour = "#" + request.args.get("colour", "")
    try:
        text = preview_css(theme(colour))
    except BadColour as error:
        text = f"/* {error} */"
    return Response(text, mimetype="text/css", headers={"Cache-Control": "private, max-age=3600"})


def show(form: Form) -> BaseResponse:
    current = queries.brand(current_session())
    return render("brand/settings.html", form.status, form=form, brand=current, **seen(form))


def seen(form: Form) -> dict[str, Any]:
    """What the preview shows: nothing but a sentence when the colour is none."""
    try:
        return {"colour": form.text("colour").lower(), "readings": readings(theme(form.text("colour")))}
    except BadColour:
        return {"colour": "", "readings": {}}
