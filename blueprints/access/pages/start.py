"""The way from signing in to one's work."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from blueprints.access import rules
from blueprints.access.pages.blueprint import GATE, at_the_gate
from blueprints.access.pages.sign_in import START
from blueprints.catalog import api as catalog
from shopbell.http import current_principal, current_session, permit
from shopbell.http.context import application


@GATE.get(START)
@permit("access.start")
def start() -> Response:
    """Where this person works: head office, their one branch, or a choice of several."""
    person, permissions = current_principal(), application().permissions
    rooms = [entry for entry in application().navigation if not entry.personal]
    offices = [room.endpoint for room in rooms if person.may(room.permission)]
    branches = [branch for branch in catalog.branches(current_session()) if person.may_at("frontdesk.use", branch.id)]
    leads = any(permissions[name].chain_wide for name in person.permissions & set(rules.ticked(permissions)))
    if offices and (leads or not branches):
        return redirect(url_for(offices[0]), 303)
    if len(branches) == 1:
        return redirect(f"/b/{branches[0].slug}/", 303)
    return at_the_gate("start.html", branches=branches)
