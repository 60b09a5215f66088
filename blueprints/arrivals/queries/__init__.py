"""Reads: a branch as it stands, the queue as people see it, what came of promises."""

from blueprints.arrivals.queries.door import Door, door
from blueprints.arrivals.queries.figures import Figures, figures
from blueprints.arrivals.queries.queue import Place, Wait, plan, wait_now
from blueprints.arrivals.queries.ticket import Ticket, ticket

__all__ = ["Door", "Figures", "Place", "Ticket", "Wait", "door", "figures", "plan", "ticket", "wait_now"]
