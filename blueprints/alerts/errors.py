"""What alerts refuse."""

from __future__ import annotations

from shopbell.errors import Conflict, NotFound
from shopbell.text import N_


class UnknownAlert(NotFound):
    code = "unknown_alert"
    title = N_("There is no such alert")


class UnknownChannel(NotFound):
    code = "unknown_alert_channel"
    title = N_("There is no such channel of alerts")


class TooManyChannels(Conflict):
    code = "too_many_alert_channels"
    title = N_("There are as many channels as there may be")
