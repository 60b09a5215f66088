"""The booking pages on other web sites: the script that puts them there, who may, and the page that explains it."""

from __future__ import annotations

from flask import Response, g, redirect, request, send_from_directory, url_for
from werkzeug.wrappers import Response as BaseResponse

from blueprints.brand import api as brand
from blueprints.catalog import api as catalog
from blueprints.storefront.pages.frame import PAGES
from shopbell import runtime
from shopbell.http import current_session, open_to_all, permit
from shopbell.http.framing import framed
from shopbell.i18n import LOCALES
from shopbell.pages import render
from shopbell.pages.environment import DIST
from shopbell.pages.forms import Form
from shopbell.tenancy import current_tenant, tenant_or_none

SCRIPT_SECONDS = 3600


@PAGES.get("/widget.js")
@open_to_all("other sites' pages load it; it is the same for everybody")
def widget() -> Response:
    """A stable address for the script of today's build. A page of any site may load it, strict ones too."""
    response = send_from_directory(DIST, "widget.js", mimetype="text/javascript", max_age=SCRIPT_SECONDS)
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@PAGES.after_app_request
def let_sites_frame(response: Response) -> Response:
    """In a frame, the sites that head office has named may stand around the page, and no cookie is set."""
    if framed():
        if tenant_or_none() is not None:
            g.frame_ancestors = " ".join(brand.brand(current_session()).embed_origins)
        response.headers.remove("Set-Cookie")
    return response


@PAGES.get("/hq/widget")
@permit("brand.edit")
def widget_settings() -> BaseResponse:
    """The line to copy, for the branch and the language that are chosen, and the sites that may use it."""
    look = brand.brand(current_session())
    return settings_page(Form({"origins": "\n".join(look.embed_origins)}))


@PAGES.post("/hq/widget")
@permit("brand.edit")
def set_widget_sites() -> BaseResponse:
    form, session = Form(request.form), current_session()
    lines = form.text("origins").replace("\r", "\n").split("\n")
    if not form.attempt(session, lambda: brand.set_embed_origins(session, lines)):
        return settings_page(form)
    return redirect(url_for("storefront.widget_settings", saved="1"), 303)


def settings_page(form: Form) -> BaseResponse:
    branches = catalog.branches(current_session())
    wanted = Form(request.args)
    branch = next((one.slug for one in branches if one.slug == wanted.text("branch")), "")
    lang = wanted.text("lang_of") if wanted.text("lang_of") in LOCALES else ""
    return render(
        "storefront/widget.html",
        form.status,
        form=form,
        wanted=wanted,
        branches=branches,
        branch=branch,
        lang=lang,
        origin=runtime.settings().tenant_url(current_tenant().host),
    )
