"""How the installation is doing, and what operators did with it."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request, url_for

from blueprints.operator import credentials, rules
from blueprints.operator.pages.blueprint import PAGES, show
from blueprints.operator.queries import health as queries
from blueprints.operator.queries import records as done
from blueprints.operator.service import work
from blueprints.operator.wakeups import wake_ups
from shopbell import clock
from shopbell.http import current_session, permit
from shopbell.http.context import application
from shopbell.pages import see
from shopbell.pages.forms import Form
from tenants import migrate


@PAGES.get("/health")
@permit("operator.health")
def health() -> Response:
    """Servers, work, facts, workers, migrations, and what was given up."""
    directory, database, now = current_session(), application().database, clock.now()
    return show(
        "health.html",
        servers=queries.servers(directory, database),
        wake_ups=wake_ups(application().settings.redis_url),
        failures=queries.failures(directory, database),
        failed_messages=queries.failed_messages(directory),
        worker_states=rules.WORKER_STATES,
        newest=migrate.head("tenant"),
        late=lambda oldest: rules.is_late(oldest, now),
        now=now,
    )


@PAGES.post("/work/<server>/<uuid:work_id>/again")
@permit("operator.work")
def try_again(server: str, work_id: UUID) -> Response:
    """Work that was given up is due now."""
    work.try_again(current_session(), application().database, server, work_id, by=credentials.author())
    return see(url_for("operator.health", saved="again"))


@PAGES.get("/records")
@permit("operator.records")
def records() -> Response:
    """What operators did, newest first, a page at a time."""
    found = done.latest(current_session(), before=Form(request.args).id("before"))
    older = url_for("operator.records", before=found[-1].id) if len(found) == done.PAGE else None
    return show("records.html", records=found, older=older, labels=rules.RECORDED)
