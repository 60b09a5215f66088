"""Head office's page of the audit trail, and the same as a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, request
from werkzeug.wrappers import Response

from blueprints.audit import queries
from blueprints.audit.names import kind_names, op_names, table_names
from blueprints.audit.queries import PAGE, Entry, Filter
from shopbell import clock
from shopbell.audit import KINDS
from shopbell.http import concerns, current_session, permit, shows_people
from shopbell.http.context import application
from shopbell.i18n import gettext as _
from shopbell.pages import render
from shopbell.pages.forms import Form
from shopbell.tenancy import current_tenant, entered

PAGES = Blueprint("audit", __name__, template_folder="templates", url_prefix="/hq")


@PAGES.get("/audit")
@permit("audit.read")
@shows_people
def trail() -> Response:
    """Entries by person, kind, day and row, newest first, a page at a time."""
    session, asked = current_session(), Form(request.args)
    wanted = filter_of(asked)
    found = queries.entries(session, wanted, before=asked.id("before"))
    return render(
        "audit/trail.html",
        asked=asked,
        entries=found,
        older=older_address(found),
        file=file_address(),
        actions=application().permissions,
        kinds=kind_names(),
        tables=table_names(),
        ops=op_names(),
        kind_choices=[("", _("All")), *kind_names().items()],
        actor_choices=[("", _("Everybody")), *((str(id_), name) for id_, name in queries.actors(session))],
    )


@PAGES.get("/audit.jsonl")
@permit("audit.read")
@shows_people
def file() -> Response:
    """The same entries as JSON Lines, however many there are."""
    wanted, database, tenant = filter_of(Form(request.args)), application().database, current_tenant()

    def lines() -> Iterator[str]:
        # Sent while it is read: after the view has returned, in a transaction of its own.
        with entered(tenant), database.transaction(tenant) as session:
            for entry in queries.all_entries(session, wanted):
                yield json.dumps(line_of(entry), ensure_ascii=False, separators=(",", ":")) + "\n"

    name = f"audit-{tenant.slug}-{clock.now():%Y-%m-%d}.jsonl"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(lines(), mimetype="application/jsonl", headers=headers)


def filter_of(asked: Form) -> Filter:
    zone, kind = clock.zone(current_tenant().time_zone), asked.text("kind")

    def begin(name: str, later: int = 0) -> datetime | None:
        try:
            day = date.fromisoformat(asked.text(name)) + timedelta(days=later)
        except (ValueError, OverflowError):
            return None
        return clock.at_local(day, 0, zone)

    subject = asked.id("subject")
    if subject:
        concerns(subject)
    return Filter(asked.id("actor"), kind if kind in KINDS else "", subject, begin("since"), begin("until", 1))


def older_address(found: list[Entry]) -> str | None:
    return _address(request.path, before=str(found[-1].id)) if len(found) == PAGE else None


def file_address() -> str:
    return _address("/hq/audit.jsonl")


def _address(path: str, **more: str) -> str:
    """The same search at another place."""
    kept = {name: value for name, value in request.args.items() if value and name != "before"}
    return f"{path}?{urlencode({**kept, **more})}"


def line_of(entry: Entry) -> dict[str, Any]:
    """An entry as it is written into a file; ids as text, times in UTC."""
    return {
        "id": str(entry.id),
        "at": entry.at.isoformat(),
        "kind": entry.kind,
        "actor": {"kind": entry.actor_kind, "id": _text(entry.actor_id), "name": entry.actor_name},
        "on_behalf_of": entry.behalf or None,
        "address": entry.address,
        "permission": entry.permission,
        "endpoint": entry.endpoint,
        "subjects": [str(subject) for subject in entry.subject_ids],
        "changes": [vars(change) for change in entry.changes],
        "changed_rows": entry.changed,
    }


def _text(value: UUID | None) -> str | None:
    return str(value) if value else None
