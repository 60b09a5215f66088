"""The demonstration chains, made and kept living by calling the services that staff and customers use.

`ensure` creates the chains that are missing, in one transaction each, and on a later day adds what has to have happened
since: visits served, new appointments. It is only for development and tests; production refuses it.
"""

from infra.demo.chains import DemoRefused, ensure

__all__ = ["DemoRefused", "ensure"]
