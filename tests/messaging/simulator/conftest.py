"""A simulator for a whole module of tests, and somebody it calls back."""

from collections.abc import Iterator

import pytest

from infra.devtools.tools import DevTools
from tests.messaging.simulator.listener import Listener


@pytest.fixture(scope="module")
def simulator() -> Iterator[DevTools]:
    tools = DevTools()
    tools.start()
    yield tools
    tools.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()
