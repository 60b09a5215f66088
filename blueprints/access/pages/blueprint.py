"""What the pages of access share."""

from __future__ import annotations

import math
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy.orm import Session

from blueprints.brand import api as brand
from shopbell.http import current_session
from shopbell.http.context import application
from shopbell.i18n import gettext as _
from shopbell.i18n import ngettext
from shopbell.pages import private, render
from shopbell.pages.targets import safe_target
from shopbell.tenancy import current_tenant

GATE = Blueprint("access", "blueprints.access", template_folder="templates")
OWN = Blueprint("access_own", "blueprints.access", template_folder="templates", url_prefix="/account")
OFFICE = Blueprint("access_hq", "blueprints.access", template_folder="templates", url_prefix="/hq")
PAGE_SIZE = 25
LONGEST_FIELD = 300


def at_the_gate(template: str, status: int = 200, **context: Any) -> Response:
    """A page outside the consoles, under the chain's own name."""
    chain = brand.brand(current_session()).display_name
    return private(render(f"access/{template}", status, chain=chain, **context))


def apart() -> AbstractContextManager[Session]:
    """A transaction before the request's own, over when its block is: no connection is held while others are asked."""
    return application().database.transaction(current_tenant())


def typed(name: str) -> str:
    """What was typed, fit to compare and to store: PostgreSQL takes no NUL."""
    return request.form.get(name, "").replace("\x00", "\ufffd")[:LONGEST_FIELD]


def wanted_page(otherwise: str) -> str:
    return safe_target(request.args.get("next")) or otherwise


def wait_sentence(time: timedelta, why: str = "") -> str:
    """Too many guesses, or `why`: for how long to wait, in whole minutes unless it is less than one."""
    seconds = math.ceil(time.total_seconds())
    if seconds > 60:
        minutes = math.ceil(seconds / 60)
        span = ngettext("Try again in %(n)s minute.", "Try again in %(n)s minutes.", minutes)
    else:
        span = ngettext("Try again in %(n)s second.", "Try again in %(n)s seconds.", seconds)
    return (why or _("There were too many attempts to sign in.")) + " " + span


def later(response: Response, time: timedelta) -> Response:
    response.headers["Retry-After"] = str(math.ceil(time.total_seconds()))
    return response
