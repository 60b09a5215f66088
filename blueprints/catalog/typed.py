"""Terms as a form shows and sends them: the same table for a branch and for a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from blueprints.catalog.queries import USUAL, ServiceView, TermsView
from shopbell import money
from shopbell.checks import NOT_A_NUMBER
from shopbell.pages.forms import Form


def terms_fields(services: Iterable[ServiceView], terms: Mapping[UUID, TermsView]) -> dict[str, str]:
    """The fields of "catalog/terms.html" for these services."""
    result: dict[str, str] = {}
    for service in services:
        found, field = terms.get(service.id, USUAL), f"terms.{service.id}"
        price = "" if found.price_minor is None else money.major_text(found.price_minor, service.currency)
        result |= {f"{field}.percent": str(found.minutes_percent), f"{field}.price": price}
        if found.offered:
            result[f"{field}.offered"] = "yes"
    return result


def read_terms(form: Form, services: Iterable[ServiceView]) -> dict[UUID, TermsView]:
    """What was typed of the services the form showed; an empty percentage is the usual one."""
    shown = set(form.ids("service"))
    return {service.id: _terms(form, service) for service in services if service.id in shown}


def signed_price(text: str, currency: str) -> int | None:
    """An amount in minor units that may have a minus before it; None when it is none."""
    negative = text[:1] in {"-", "−"}
    try:
        amount = money.parse_major(text[1:] if negative else text, currency)
    except money.BadAmount:
        return None
    return -amount if negative else amount


def _terms(form: Form, service: ServiceView) -> TermsView:
    field = f"terms.{service.id}"
    percent = form.number(f"{field}.percent") if form.text(f"{field}.percent") else 100
    price: int | None = None
    if text := form.text(f"{field}.price"):
        try:
            price = money.parse_major(text, service.currency)
        except money.BadAmount:
            price = NOT_A_NUMBER
    return TermsView(form.flag(f"{field}.offered"), percent, price)
