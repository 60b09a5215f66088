"""What the console shows: a day's board, and what has changed since a device last looked."""

from blueprints.frontdesk.queries.board import board, changes
from blueprints.frontdesk.queries.frame import branch_at

__all__ = ["board", "branch_at", "changes"]
