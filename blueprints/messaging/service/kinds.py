"""The kinds of due work of messaging; the key of each is a message's id."""

from __future__ import annotations

SEND = "messaging.send"
SETTLE = "messaging.settle"
FORGET = "messaging.forget"
