"""What the pages of the console share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response

from shopbell.http import current_principal
from shopbell.http.context import application
from shopbell.pages import private, render
from shopbell.text import N_

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
def give_frame() -> dict[str, Callable[[], Any]]:
    return {"operator_entries": entries}


def entries() -> list[tuple[str, str, str]]:
    """(endpoint, label, icon) of the pages that whoever is signed in may open."""
    person = current_principal()
    return [(name, label, picture) for name, label, picture, needed in NAVIGATION if person.may(needed)]


def show(template: str, status: int = 200, **context: Any) -> Response:
    """A page of the console; times are in UTC, as its chains are everywhere."""
    url = application().settings.tenant_url
    return private(render(f"operator/{template}", status, product=PRODUCT, tenant_url=url, zone="UTC", **context))


def at_the_gate(template: str, status: int = 200, **context: Any) -> Response:
    return private(render(f"operator/{template}", status, chain=PRODUCT, **context))
