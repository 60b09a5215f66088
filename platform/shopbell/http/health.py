"""/healthz: the process answers. /readyz: it can also work, that is, reach its databases."""

from __future__ import annotations

from flask import Flask, Response, jsonify
from sqlalchemy import text

from shopbell.db import Database
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
    """Ready when the directory can be read. Another server that is away is named, and fails its own tenants alone."""
    database = application().database
    states = {server: _state(database, server) for server in database.servers}
    if states[MAIN] != OK:
        return problem(503, "not_ready", "The database cannot be used", states[MAIN], databases=states)
    return jsonify(status="ready" if set(states.values()) == {OK} else "degraded", databases=states)


def _state(database: Database, server: str) -> str:
    try:
        with database.transaction(None, server=server) as session:
            session.execute(text("select 1 from shared.tenants limit 1"))
    except Exception as error:
        return type(error).__name__
    return OK
