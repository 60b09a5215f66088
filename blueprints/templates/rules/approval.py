"""How a text goes through a provider's approval. Pure."""

from __future__ import annotations

STATES = ("draft", "submitted", "approved", "rejected")
