"""What the console shows: a day's board, what has changed since a device last looked, and customers."""

from blueprints.frontdesk.queries.board import board, changes
from blueprints.frontdesk.queries.customers import card, find
from blueprints.frontdesk.queries.frame import branch_at
from blueprints.frontdesk.queries.offered import offered
from blueprints.frontdesk.queries.requests import requests
from blueprints.frontdesk.queries.times import times

__all__ = ["board", "branch_at", "card", "changes", "find", "offered", "requests", "times"]
