"""Reads of messages, as plain values; the number of queries never grows with the rows."""

from blueprints.messaging.queries.messages import (
    CONTENT,
    PAGE,
    MessageView,
    counts,
    failed,
    is_text_message,
    latest,
    left_since,
    oldest_unsent,
    opened,
)

__all__ = [
    "CONTENT",
    "PAGE",
    "MessageView",
    "counts",
    "failed",
    "is_text_message",
    "latest",
    "left_since",
    "oldest_unsent",
    "opened",
]
