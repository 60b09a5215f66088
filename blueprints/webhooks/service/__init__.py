"""What can be done with webhooks."""

from blueprints.webhooks.service.endpoints import (
    EndpointInput,
    add,
    change,
    endpoint,
    remove,
    rotate,
    secret_of,
    switch_on,
)
from blueprints.webhooks.service.outgoing import SEND, replay, replay_failed, send_test, tell

__all__ = [
    "SEND",
    "EndpointInput",
    "add",
    "change",
    "endpoint",
    "remove",
    "replay",
    "replay_failed",
    "rotate",
    "secret_of",
    "send_test",
    "switch_on",
    "tell",
]
