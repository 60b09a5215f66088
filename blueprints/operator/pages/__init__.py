"""The pages of the console, all of them at the operators' own host."""

from blueprints.operator.pages import chain, chains, gate, installation
from blueprints.operator.pages.blueprint import GATE, PAGES

__all__ = ["GATE", "PAGES", "chain", "chains", "gate", "installation"]
