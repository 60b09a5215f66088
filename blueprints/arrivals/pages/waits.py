"""How long people waited, against what they were promised."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from blueprints.arrivals import queries
from blueprints.arrivals.pages.blueprint import PAGES
from blueprints.arrivals.rules.promises import TARGET_MINUTES
from blueprints.catalog import api as catalog
from shopbell.http import current_session, permit, permitted_at
from shopbell.pages import render

PERIODS = (7, 28, 84)


@PAGES.get("/hq/waits")
@permit("arrivals.figures")
def waits() -> Response:
    """Managers see their own branches."""
    session = current_session()
    asked = request.args.get("days", "")
    days = int(asked) if asked in {str(period) for period in PERIODS} else PERIODS[0]
    branches = [branch for branch in catalog.branches(session) if permitted_at(branch.id)]
    chosen = [branch for branch in branches if branch.slug == request.args.get("branch")]
    return render(
        "arrivals/waits.html",
        figures=queries.figures(session, chosen or branches, days),
        branches=branches,
        chosen=chosen[0] if chosen else None,
        days=days,
        periods=PERIODS,
        target=TARGET_MINUTES,
    )
