"""What drafts refuse."""

from __future__ import annotations

from shopbell.errors import Conflict, NotFound
from shopbell.text import N_


class UnknownDraft(NotFound):
    code = "unknown_draft"
    title = N_("There is no such draft")


class DraftClosed(Conflict):
    code = "draft_closed"
    title = N_("This draft has been published or discarded already")


class DraftOutdated(Conflict):
    """What it changes is another thing by now than whoever publishes has seen."""

    code = "draft_outdated"
    title = N_("Somebody has changed this meanwhile. Look at the preview once more.")
