"""The console's shell. It holds no customer's data, so a device may keep it for a start without network."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, send_from_directory, url_for

from blueprints.alerts import api as alerts
from blueprints.brand import api as brand
from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView, UnknownBranch
from blueprints.frontdesk import queries
from blueprints.frontdesk.texts import console_texts
from shopbell import clock, i18n
from shopbell.http import current_principal, current_session, open_to_all, permit, permitted_at
from shopbell.http.context import application
from shopbell.i18n import gettext as _
from shopbell.pages import render
from shopbell.pages.environment import DIST
from shopbell.tenancy import current_tenant

MAY = frozenset({"booking.override", "booking.charges", "waitlist.write"})
"""What the console offers only to those who may."""

blp = Blueprint("frontdesk_pages", __name__, template_folder="templates")


@blp.get("/b/<slug>/")
@permit("frontdesk.use")
def shell(slug: str) -> Response:
    branch = seen_branch(slug)
    return render("frontdesk/console.html", branch=branch, look=brand.brand(current_session()))


@blp.get("/b/<slug>/config.json")
@permit("frontdesk.use")
def config(slug: str) -> Response:
    branch, person, locale = seen_branch(slug), current_principal(), i18n.current_locale()
    api, home = f"/api/v1/branches/{branch.id}", f"/b/{branch.slug}/"
    return jsonify(
        branch={
            "id": str(branch.id),
            "slug": branch.slug,
            "name": localized(branch.name),
            "tenant": brand.brand(current_session()).display_name,
            "tz": branch.time_zone,
            "country": current_tenant().country,
            "slot_minutes": branch.slot_minutes,
        },
        user={
            "name": person.name,
            "role": person.role,
            "may": sorted(name for name in MAY if person.may_at(name, branch.id)),
        },
        locale=locale,
        messages=console_texts(locale),
        today=clock.local_minutes(clock.now(), clock.zone(branch.time_zone))[0].isoformat(),
        told=told(),
        unread=alerts.unread(current_session(), person),
        services=queries.offered(current_session(), branch.id),
        endpoints={
            "sync": f"{api}/sync",
            "board": f"{api}/board",
            "plan": f"{api}/queue",
            "requests": f"{api}/requests",
            "times": f"{api}/times",
            "customers": f"{api}/customers",
            "waitlist": "/api/v1/waitlist",
            "signin": f"/sign-in?next={home}",
            "signout": "/sign-out",
            "alerts": "/alerts",
            "unread": "/alerts/unread.json",
        },
        links=links(branch),
    )


def told() -> dict[str, Any] | None:
    """What staff tell customers of whom they enter, and the box for it; None where there is nothing to tell."""
    texts = [text for text in brand.brand(current_session()).legal if text.asks]
    names = ", ".join(_(text.name) for text in texts)
    sentence = _("I have told the customer about: %(texts)s", texts=names)
    return {"ids": [text.id for text in texts], "text": sentence} if texts else None


def links(branch: BranchView) -> list[dict[str, str]]:
    """The other pages that the signed-in person may open: the code for the door, and their part of head office."""
    entries = [entry for entry in application().navigation if current_principal().may(entry.permission)]
    return [
        {"icon": "door", "text": _("Code for the door"), "href": f"/door/{branch.slug}"},
        account_link(),
        *({"icon": entry.icon, "text": _(entry.label), "href": url_for(entry.endpoint)} for entry in entries),
    ]


def account_link() -> dict[str, str]:
    """To the own account; for somebody who showed a PIN only, to whoever takes over."""
    if current_principal().may("access.account"):
        return {"icon": "user", "text": _("My account"), "href": "/account"}
    return {"icon": "users", "text": _("Somebody else takes over"), "href": "/switch"}


@blp.get("/b/<slug>/manifest.webmanifest")
@permit("frontdesk.use")
def manifest(slug: str) -> Response:
    """What a tablet needs to put the console on its home screen."""
    branch, look = seen_branch(slug), brand.brand(current_session())
    home, name = f"/b/{branch.slug}/", localized(branch.name)
    response = jsonify(
        id=home,
        name=f"{name} · {look.display_name}",
        short_name=name,
        start_url=home,
        scope=home,
        display="standalone",
        lang=i18n.current_locale(),
        background_color="#ffffff",
        theme_color=look.colour,
        icons=[{"src": "/logo", "sizes": "any"}] if look.has_logo else [],
    )
    response.mimetype = "application/manifest+json"
    return response


@blp.get("/sw.js")
@open_to_all("the built service worker holds nothing private")
def worker() -> Response:
    """Served from the root, because a worker governs only what lies below its own address."""
    response = send_from_directory(DIST, "sw.js", mimetype="text/javascript", max_age=0)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Service-Worker-Allowed"] = "/b/"
    return response


def seen_branch(slug: str) -> BranchView:
    """The branch, if this person may see it. Raises UnknownBranch: what one may not see does not exist."""
    branch = catalog.branch_by_slug(current_session(), slug)
    if not permitted_at(branch.id):
        raise UnknownBranch
    return branch


def localized(texts: dict[str, str]) -> str:
    return i18n.localized(texts, current_tenant().locale)
