"""Every endpoint there is, with addresses made of a chain's own ids, and what the tables of a chain hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import url_for
from sqlalchemy import text
from werkzeug.routing import Rule

from tests.isolation.furnished import Furnished
from tests.isolation.requests import PUBLIC_NAMES

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
FINGERPRINT = "select md5(coalesce(string_agg(t::text, chr(10) order by t::text), '')) from \"{}\" t"


def endpoints(app, *, all_rules: bool = False) -> Iterator[tuple[Rule, str]]:
    """Those of chains; what is at the installation's own hosts is not there (tests/kit/test_own_hosts.py)."""
    for rule in sorted((rule for rule in app.url_map.iter_rules() if not rule.subdomain), key=str):
        for method in METHODS:
            if method in rule.methods and (all_rules or rule.arguments - PUBLIC_NAMES):
                yield rule, method


def everywhere(app, tenant) -> list[tuple[Rule, str, str]]:
    """Every endpoint with its method and host, reading first: a chain's, and those at the installation's own hosts."""
    return [
        (rule, method, f"{rule.subdomain}.{app.settings.base_domain}" if rule.subdomain else tenant.host)
        for method in METHODS
        for rule in sorted(app.url_map.iter_rules(), key=str)
        if method in rule.methods
    ]


def view_of(app, rule: Rule, method: str) -> Any:
    """The function that answers; of a class of views the one for the method."""
    view = app.view_functions[rule.endpoint]
    return getattr(view.view_class, method.lower()) if hasattr(view, "view_class") else view


def built(app, rule: Rule, there: Furnished) -> str:
    """The address. Raises KeyError for a parameter that nothing furnished has: give it a builder in rows.py."""
    with app.test_request_context():
        values = {name: there.values[name] for name in rule.arguments}
        return url_for(rule.endpoint, **values, _external=False).split("?")[0]


def everything(database, tenant) -> dict[str, str]:
    """A fingerprint of every table of a chain, and of what is due for it, in one question."""
    with database.transaction(tenant) as session:
        tables = session.scalars(
            text("select table_name from information_schema.tables where table_schema = current_schema() order by 1")
        ).all()
        parts = [f"select '{table}', ({FINGERPRINT.format(table)})" for table in tables]
        for shared in ("due_work", "outbox"):
            chosen = FINGERPRINT.replace('"{}" t', f"shared.{shared} t where tenant_id = '{tenant.id}'")
            parts.append(f"select 'shared.{shared}', ({chosen})")
        return dict(session.execute(text(" union all ".join(parts))).all())  # type: ignore[arg-type]
