"""Carrying out what was done at the desk, each operation once."""

from blueprints.frontdesk.service.ledger import exchange

__all__ = ["exchange"]
