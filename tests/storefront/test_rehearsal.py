"""Before its processes are forked, the web has asked for a few pages of a chain."""

import logging

import pytest
from flask import request, request_finished

from blueprints.app import create_app
from blueprints.rehearsal import rehearse
from shopbell import config_version
from shopbell.db import Database
from tenants.models import TenantUsage
from tenants.resolve import busiest

NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:9/nothing"


@pytest.fixture
def whole(settings, migrated, shops):
    """An application with connections of its own, to a database in which chains are."""
    return create_app(settings, Database(migrated))


def test_customers_pages_are_asked_for_in_every_language_and_no_connection_stays_open(whole):
    asked = []

    def note(_app, response):
        asked.append((request.path.split("/")[1:2], request.accept_languages.best, response.status_code))

    with request_finished.connected_to(note, whole):
        rehearse(whole)
    assert {status for _path, _language, status in asked} == {200}
    assert {language for _path, language, _status in asked} == {"en", "zh-CN", "vi"}
    assert [path for [path], _language, _status in asked[::3]] == ["", "book", "book", "find"]
    assert whole.database.engine.pool.checkedin() == 0


def test_without_a_database_the_start_goes_on_and_says_so(settings, caplog):
    app = create_app(settings, Database(NOWHERE))
    with caplog.at_level(logging.WARNING, "blueprints.rehearsal"):
        rehearse(app)
    assert "before the start" in caplog.text


def test_the_busiest_chain_is_the_one_with_the_most_appointments(session, shops):
    quiet, busy = (shop.tenant for shop in shops)
    for tenant, bookings in ((quiet, 3), (busy, 4)):
        counted = {"branches": 1, "bookings": bookings, "messages": 0, "failed_messages": 0}
        month, now = config_version.EPOCH.date(), config_version.EPOCH
        session.merge(TenantUsage(tenant_id=tenant.id, month=month, counted_at=now, **counted))
    session.flush()
    found = busiest(session)
    assert found is not None
    assert found.id == busy.id
