"""The pages of the console, all of them at the operators' own host."""

from blueprints.operator.pages import account, chain, chains, gate, installation
from blueprints.operator.pages.blueprint import GATE, PAGES

__all__ = ["GATE", "PAGES", "account", "chain", "chains", "gate", "installation"]
