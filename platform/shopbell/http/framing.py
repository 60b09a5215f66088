"""Pages in a frame of somebody else's web site.

Everything below /embed is the page of the same address without it, made to stand in a frame: /embed/vi/book/x is
/book/x in Vietnamese. The prefix becomes the root of all addresses that the page makes, so links, forms and redirects
stay in the frame and keep its language, although the browser may let a frame have no cookies.

Only public pages of features that offer it can be framed, and only by the sites that `g.frame_ancestors` names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g, request

from shopbell.errors import NotFound
from shopbell.i18n import LOCALES

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from shopbell.http.app import ShopbellApp

PREFIX = "/embed"
LOCALE = "shopbell.frame_locale"


def shift(environ: WSGIEnvironment) -> None:
    """Move the prefix, with the language behind it, from the path to the root."""
    path: str = environ.get("PATH_INFO", "")
    if path != PREFIX and not path.startswith(f"{PREFIX}/"):
        return
    root, rest, locale = PREFIX, path.removeprefix(PREFIX), ""
    first, _, others = rest.removeprefix("/").partition("/")
    if first in LOCALES:
        root, rest, locale = f"{PREFIX}/{first}", f"/{others}", first
    environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + root
    environ["PATH_INFO"] = rest or "/"
    environ[LOCALE] = locale


def framed() -> bool:
    """Whether the request is for a page in a frame."""
    return LOCALE in request.environ


def frame_locale() -> str:
    """The language that the frame's address names, or nothing."""
    return str(request.environ.get(LOCALE, ""))


def refuse_unframed(app: ShopbellApp) -> None:
    """Nothing that needs a permission, and nothing of a feature that offers no frames, is there in a frame."""
    if not framed():
        return
    view = app.view_functions.get(request.endpoint or "")
    if request.blueprint not in app.framed or view is None or hasattr(view, "permission"):
        raise NotFound


def ancestors() -> str:
    """Who may frame the page, for the content security policy."""
    return str(g.get("frame_ancestors") or "'none'") if framed() else "'none'"
