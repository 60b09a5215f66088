"""The composition root of the web application. Building it does no I/O; the first request opens a connection."""

from __future__ import annotations

from blueprints.brand import api as brand
from blueprints.registry import FEATURES, permissions, scopes
from shopbell import runtime
from shopbell.db import Database
from shopbell.http.apidocs import PREFIX, ProductApi, install_api_docs
from shopbell.http.app import ShopbellApp
from shopbell.http.health import install_health
from shopbell.http.wellknown import install_wellknown
from shopbell.pages import install_pages
from shopbell.settings import Settings
from tenants import rollout
from tenants.resolve import Directory

OPENAPI = {
    "API_TITLE": "Shopbell API",
    "API_VERSION": "v1",
    "OPENAPI_VERSION": "3.1.0",
    "API_SPEC_OPTIONS": {
        "info": {"description": "Bookings of a chain, over its own host. Errors are RFC 9457 problem documents."},
    },
}


def create_app(settings: Settings, database: Database | None = None) -> ShopbellApp:
    """The whole product as one WSGI application."""
    runtime.install(settings)
    database = database or Database.from_settings(settings, "shopbell-web")
    directory = Directory(database)
    app = ShopbellApp(settings, database, directory.door)
    app.directory = directory
    app.behind = lambda tenant: rollout.is_behind(app.database, tenant)
    app.report = lambda server: rollout.standing(app.database, server).summary
    app.authenticators = tuple(found for feature in FEATURES for found in feature.authenticators)
    app.permissions = permissions()
    app.scopes = scopes()
    app.navigation = tuple(
        sorted((entry for feature in FEATURES for entry in feature.navigation), key=lambda entry: entry.position)
    )
    app.framed = frozenset(pages.name for feature in FEATURES if feature.framed for pages in feature.pages)
    app.customers = frozenset(pages.name for feature in FEATURES if feature.customers for pages in feature.pages)
    app.greet = brand.greet
    app.config.update(OPENAPI)
    install_pages(app)
    install_health(app)
    install_wellknown(app)
    api = ProductApi(app)
    for feature in FEATURES:
        for pages in feature.pages:
            app.register_blueprint(pages, subdomain=feature.host or None)
        for blueprint in feature.api:
            api.register_blueprint(blueprint, url_prefix=PREFIX)
    install_api_docs(app, api)
    return app
