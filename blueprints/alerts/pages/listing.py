"""What happened, for whom it concerns: the bell leads here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import jsonify, redirect, request, url_for
from werkzeug.wrappers import Response

from blueprints.alerts import queries, service
from blueprints.alerts.pages.blueprint import PAGES
from blueprints.alerts.service.sending import words
from shopbell import clock
from shopbell.http import current_principal, current_session, permit
from shopbell.pages import render
from shopbell.pages.forms import Form


@dataclass(frozen=True)
class Line:
    """An alert as the list shows it; `path` is the page of ours that says more, if there is one."""

    id: UUID
    title: str
    said: str
    branch: str
    path: str
    times: int
    last_at: datetime
    unread: bool


@PAGES.get("/alerts")
@permit("alerts.read")
def listing() -> Response:
    session, asked, person = current_session(), Form(request.args), current_principal()
    only_unread = asked.text("show") == "unread"
    rows = queries.alerts(session, person, only_unread=only_unread, before=moment(asked.text("before")))
    lines = []
    for alert, unread in rows:
        title, said, branch = words(session, alert)
        path = str(alert.facts.get("path") or "")
        lines.append(Line(alert.id, title, said, branch, path, alert.times, alert.last_at, unread))
    older = lines[-1].last_at.isoformat() if len(lines) == queries.PAGE else None
    return render(
        "alerts/list.html",
        lines=lines,
        older=older,
        only_unread=only_unread,
        unread=queries.unread(session, person),
        most=queries.MOST_COUNTED,
    )


@PAGES.get("/alerts/unread.json")
@permit("alerts.read")
def unread() -> Response:
    """How many are unread, for the bell of a page that stays open."""
    return jsonify(unread=queries.unread(current_session(), current_principal()))


@PAGES.post("/alerts/<uuid:alert_id>/read")
@permit("alerts.read")
def read(alert_id: UUID) -> Response:
    """Has been read; on to the page that says more, or back to the list."""
    path = service.read(current_session(), alert_id, current_principal())
    return redirect(path or url_for(".listing"), 303)


@PAGES.post("/alerts/read")
@permit("alerts.read")
def read_all() -> Response:
    service.read_all(current_session(), current_principal())
    return redirect(url_for(".listing"), 303)


def moment(text: str) -> datetime | None:
    """What a link of ours said; anything else is the beginning of the list."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo and abs(found.year - clock.now().year) < 100 else None
