"""Pages at another root: in a frame of somebody else's web site, and as they would look.

Everything below /embed is the page of the same address without it, made to stand in a frame: /embed/vi/book/x is
/book/x in Vietnamese. Below /preview/dark/TOKEN it is the page in a look that nobody else sees yet, by day or by night;
what the token stands for is for others to read. The prefix becomes the root of all addresses that the page makes, so
links, forms and redirects stay there and keep the language, although the browser may let a frame have no cookies.

Only public pages of features that offer it can be framed, and only by the sites that `g.frame_ancestors` names. A
preview shows pages for customers, to ourselves alone, and changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, g

from shopbell.errors import Forbidden, NotFound
from shopbell.http.context import this_request
from shopbell.i18n import LOCALES
from shopbell.text import N_

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from shopbell.http.app import ShopbellApp

PREFIX, PREVIEW = "/embed", "/preview"
MODES = ("light", "dark")
LOCALE, FRAMED, LOOK, MODE = (f"shopbell.{name}" for name in ("frame_locale", "framed", "preview", "preview_mode"))
SAFE = {"GET", "HEAD", "OPTIONS"}


class PreviewOnly(Forbidden):
    code = "preview_only"
    title = N_("This is a preview: nothing can be booked or changed here")


def shift(environ: WSGIEnvironment) -> None:
    """Move the prefix, with the language behind it, from the path to the root."""
    path: str = environ.get("PATH_INFO", "")
    if path == PREFIX or path.startswith(f"{PREFIX}/"):
        environ[FRAMED], root = "yes", PREFIX
    elif path.startswith(f"{PREVIEW}/"):
        mode, _, token = path.removeprefix(f"{PREVIEW}/").partition("/")
        token = token.partition("/")[0]
        if mode not in MODES or not token:
            return
        environ[MODE], environ[LOOK], root = mode, token, f"{PREVIEW}/{mode}/{token}"
    else:
        return
    rest, locale = path.removeprefix(root), ""
    first, _, others = rest.removeprefix("/").partition("/")
    if first in LOCALES:
        root, rest, locale = f"{root}/{first}", f"/{others}", first
    environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + root
    environ["PATH_INFO"] = rest or "/"
    environ[LOCALE] = locale


def framed() -> bool:
    """Whether the request is for a page in a frame of another site."""
    return FRAMED in this_request().environ


def previewed() -> str:
    """What stands for the look that is asked for, nothing for everybody's."""
    return str(this_request().environ.get(LOOK, ""))


def preview_mode() -> str:
    """ "light" or "dark" in a preview, nothing elsewhere: there the browser knows."""
    return str(this_request().environ.get(MODE, ""))


def shifted() -> str:
    """The root that languages stand behind: /embed, or a preview's; nothing for pages at their own address."""
    if previewed():
        return f"{PREVIEW}/{preview_mode()}/{previewed()}"
    return PREFIX if framed() else ""


def frame_locale() -> str:
    """The language that the address names, or nothing."""
    return str(this_request().environ.get(LOCALE, ""))


def refuse_unframed(app: ShopbellApp) -> None:
    """Nothing that needs a permission, and nothing of a feature that offers none, is there in a frame or a preview.

    Raises NotFound, or PreviewOnly for what would change something.
    """
    if framed() and not app.is_public(app.framed):
        raise NotFound
    if previewed():
        if not app.is_public(app.customers):
            raise NotFound
        if this_request().method not in SAFE:
            raise PreviewOnly


def keep_to_ourselves(response: Response) -> None:
    """What a preview answers is kept by nobody, found by nobody, and leaves nothing in the browser."""
    if previewed():
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers.remove("Set-Cookie")


def ancestors() -> str:
    """Who may frame the page, for the content security policy."""
    if previewed():
        return "'self'"
    return str(g.get("frame_ancestors") or "'none'") if framed() else "'none'"
