"""Reads of messages, as plain values; the number of queries never grows with the rows."""

from blueprints.messaging.queries.messages import (
    CONTENT,
    counts,
    failed,
    is_text_message,
    left_since,
    oldest_unsent,
    opened,
)

__all__ = [
    "CONTENT",
    "counts",
    "failed",
    "is_text_message",
    "left_since",
    "oldest_unsent",
    "opened",
]
