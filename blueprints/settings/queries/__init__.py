"""What holds at places, what is drafted, and what that would break."""

from blueprints.settings.queries.drafts import (
    Draft,
    changed_meanwhile,
    draft,
    drafts,
    fingerprint,
    others_at_it,
)
from blueprints.settings.queries.impact import Impact, impact_of
from blueprints.settings.queries.places import Line, Where, branches_below, check_subject, days, lines, look, place_of

__all__ = [
    "Draft",
    "Impact",
    "Line",
    "Where",
    "branches_below",
    "changed_meanwhile",
    "check_subject",
    "days",
    "draft",
    "drafts",
    "fingerprint",
    "impact_of",
    "lines",
    "look",
    "others_at_it",
    "place_of",
]
