"""Rendering a page, and the pages that say what went wrong."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Response, make_response, redirect, render_template, request
from werkzeug.exceptions import HTTPException

from shopbell.errors import DomainError, Unauthenticated
from shopbell.i18n import gettext as _

SIGN_IN = "/sign-in"


def render(template: str, status: int = 200, **context: Any) -> Response:
    """An HTML answer from a template."""
    return make_response(render_template(template, **context), status)


def private(response: Response) -> Response:
    """For pages with one customer's data: not kept by anybody on the way, not listed by search engines."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def see(address: str) -> Response:
    """Send the browser on after a form: reloading then repeats nothing."""
    return make_response(redirect(address, 303))


def render_error(error: BaseException, incident: str | None = None) -> Response:
    """The page for an error: what happened and what to do. Nobody signed in is sent to sign in, and back."""
    if isinstance(error, Unauthenticated):
        return make_response(redirect(f"{SIGN_IN}?next={quote(error.extra.get('next', request.path))}", 303))
    status, title, detail = describe(error)
    # Where nobody is let in, the start is closed as well.
    response = render("error.html", status, title=title, detail=detail, incident=incident, home=status != 503)
    if isinstance(error, DomainError) and error.retry_after:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def describe(error: BaseException) -> tuple[int, str, str]:
    if isinstance(error, DomainError):
        return error.status, _(error.title), error.detail if error.detail != error.title else ""
    if isinstance(error, HTTPException) and error.code == 404:
        return 404, _("There is nothing here"), _("The address may be mistyped, or the page has moved.")
    if isinstance(error, HTTPException) and error.code:
        return error.code, _("This cannot be done here"), _("Go back to the page you came from and try again.")
    return 500, _("Something went wrong on our side"), _("Nothing was changed. Please try again in a moment.")
