"""What the tests of a run on one machine share."""

import random

import pytest

from infra.dev import ports


@pytest.fixture
def port() -> int:
    """The first of a run's ports, all free and below those that systems hand out (Linux from 32768, IANA from 49152),
    so that no other test is given one of them meanwhile.
    """
    for first in random.sample(range(12000, 32000, 50), 100):
        try:
            ports.must_be_free(first)
        except ports.PortProblem:
            continue
        return first
    raise AssertionError("no free ports")
