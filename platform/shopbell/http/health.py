"""/healthz: the process answers. /readyz: it can also work, that is, reach its database."""

from __future__ import annotations

from flask import Flask, Response, jsonify
from sqlalchemy import text

from shopbell.http.context import application
from shopbell.http.permissions import open_to_all
from shopbell.http.problems import problem


def install_health(app: Flask) -> None:
    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/readyz", "readyz", readyz)


@open_to_all("load balancers ask this")
def healthz() -> Response:
    return jsonify(status="ok")


@open_to_all("load balancers ask this")
def readyz() -> Response:
    try:
        with application().database.transaction(None) as session:
            session.execute(text("select 1 from shared.tenants limit 1"))
    except Exception as error:
        return problem(503, "not_ready", "The database cannot be used", type(error).__name__)
    return jsonify(status="ready")
