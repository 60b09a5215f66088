"""What can be booked at a branch, with what can be chosen besides."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.catalog import api as catalog
from blueprints.catalog.api import USUAL, OptionView, ServiceView, TermsView
from shopbell import i18n
from shopbell.money import format_money
from shopbell.tenancy import current_tenant


def offered(session: Session, branch_id: UUID) -> list[dict[str, Any]]:
    """The branch's services in the chain's order; an option's minutes and price are what it adds."""
    terms = catalog.branch_terms(session, branch_id)
    return [
        _service(service, terms.get(service.id, USUAL))
        for service in catalog.services_at(session, catalog.branch(session, branch_id))
        if terms.get(service.id, USUAL).offered
    ]


def _service(service: ServiceView, terms: TermsView) -> dict[str, Any]:
    usual = service.chosen(())
    price = service.price_with(usual) if terms.price_minor is None else terms.price_minor
    return {
        "id": str(service.id),
        "name": _localized(service.name),
        "minutes": _minutes(service, usual, terms),
        "category": _localized(service.category_name),
        "price": money(price, service.currency),
        "approval": service.needs_approval,
        "options": [_option(service, option, terms) for option in (*service.variants, *service.addons)],
    }


def _option(service: ServiceView, option: OptionView, terms: TermsView) -> dict[str, Any]:
    usual = service.chosen(())
    chosen = (option,) if option.kind == "variant" else (*usual, option)
    price = service.price_with(chosen) - service.price_with(usual)
    return {
        "id": str(option.id),
        "kind": option.kind,
        "name": _localized(option.name),
        "minutes": _minutes(service, chosen, terms) - _minutes(service, usual, terms),
        "price": money(price, service.currency) if price else "",
    }


def _minutes(service: ServiceView, options: tuple[OptionView, ...], terms: TermsView) -> int:
    """As the branch takes for it, in whole five minutes per step."""
    return sum(-(-step.minutes * terms.minutes_percent // 500) * 5 for step in service.process(options))


def money(minor: int, currency: str) -> str:
    return format_money(minor, currency, i18n.BABEL_NAMES[i18n.current_locale()])


def _localized(texts: dict[str, str]) -> str:
    return i18n.localized(texts, current_tenant().locale)
