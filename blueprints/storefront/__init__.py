"""The chain's public booking pages; they need no JavaScript."""
