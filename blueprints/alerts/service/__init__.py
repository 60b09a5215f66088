"""What can be done with alerts."""

from blueprints.alerts.service.channels import (
    ChannelInput,
    add,
    change,
    channel,
    remove,
    send_test,
    shown_address,
    typed_address,
)
from blueprints.alerts.service.raising import raise_alert
from blueprints.alerts.service.reading import read, read_all

__all__ = [
    "ChannelInput",
    "add",
    "change",
    "channel",
    "raise_alert",
    "read",
    "read_all",
    "remove",
    "send_test",
    "shown_address",
    "typed_address",
]
