"""What webhooks refuse."""

from __future__ import annotations

from shopbell.errors import Conflict, NotFound
from shopbell.text import N_


class UnknownEndpoint(NotFound):
    code = "unknown_endpoint"
    title = N_("There is no such webhook")


class UnknownDelivery(NotFound):
    code = "unknown_delivery"
    title = N_("There is no such delivery")


class TooManyEndpoints(Conflict):
    code = "too_many_endpoints"
    title = N_("There are as many webhooks as there may be")
