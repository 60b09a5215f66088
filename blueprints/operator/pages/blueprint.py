"""What the pages of the console share."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response

from shopbell.http import current_principal
from shopbell.http.context import application
from shopbell.i18n import gettext as _
from shopbell.i18n import ngettext
from shopbell.pages import private, render
from shopbell.text import N_
from tenants.packs import PACKS

GATE = Blueprint("operator_gate", "blueprints.operator", template_folder="templates")
PAGES = Blueprint("operator", "blueprints.operator", template_folder="templates")
PAGE_SIZE = 25
PRODUCT = "Shopbell"

NAVIGATION = (
    ("operator.chains", N_("Chains"), "building-store", "operator.read"),
    ("operator.new_chain", N_("New chain"), "plus", "operator.create"),
    ("operator.health", N_("Health"), "chart-bar", "operator.health"),
    ("operator.records", N_("What operators did"), "history", "operator.records"),
)


@PAGES.app_context_processor
def give_frame() -> dict[str, Callable[..., Any]]:
    return {"operator_entries": entries, "trade": trade}


def entries() -> list[tuple[str, str, str]]:
    """(endpoint, label, icon) of the pages that whoever is signed in may open."""
    person = current_principal()
    return [(name, label, picture) for name, label, picture, needed in NAVIGATION if person.may(needed)]


def trade(key: str) -> str:
    """A trade in words; one that this release does not know keeps its key."""
    return _(PACKS[key].name) if key in PACKS else key


def show(template: str, status: int = 200, **context: Any) -> Response:
    """A page of the console; times are in UTC, as its chains are everywhere."""
    url = application().settings.tenant_url
    return private(render(f"operator/{template}", status, product=PRODUCT, tenant_url=url, zone="UTC", **context))


def at_the_gate(template: str, status: int = 200, **context: Any) -> Response:
    return private(render(f"operator/{template}", status, chain=PRODUCT, **context))


def wait_sentence(time: timedelta) -> str:
    seconds = math.ceil(time.total_seconds())
    if seconds > 60:
        minutes = math.ceil(seconds / 60)
        span = ngettext("Try again in %(n)s minute.", "Try again in %(n)s minutes.", minutes)
    else:
        span = ngettext("Try again in %(n)s second.", "Try again in %(n)s seconds.", seconds)
    return _("There were too many attempts to sign in.") + " " + span
