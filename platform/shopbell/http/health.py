"""/healthz: the process answers. /readyz: it can also work, that is, reach its databases."""

from __future__ import annotations

from flask import Flask, Response, jsonify
from sqlalchemy import text

from shopbell.http.app import ShopbellApp
from shopbell.http.context import application
from shopbell.http.permissions import open_to_all
from shopbell.http.problems import problem
from shopbell.tenancy import MAIN

OK = "ok"


def install_health(app: Flask) -> None:
    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/readyz", "readyz", readyz)


@open_to_all("load balancers ask this")
def healthz() -> Response:
    return jsonify(status="ok")


@open_to_all("load balancers ask this")
def readyz() -> Response:
    """Ready when the directory can be read.

    Another server that is away is named, and fails its own tenants alone; so are tenants that wait for a migration.
    """
    app = application()
    states = {server: _state(app, server) for server in app.database.servers}
    if states[MAIN]["state"] != OK:
        return problem(503, "not_ready", "The database cannot be used", str(states[MAIN]["state"]), databases=states)
    fine = all(state["state"] == OK and not state.get("behind") for state in states.values())
    return jsonify(status="ready" if fine else "degraded", databases=states)


def _state(app: ShopbellApp, server: str) -> dict[str, int | str]:
    try:
        with app.database.transaction(None, server=server) as session:
            session.execute(text("select 1 from shared.tenants limit 1"))
        return {"state": OK, **app.report(server)}
    except Exception as error:
        return {"state": type(error).__name__}
