"""Servers that asyncio has, for whoever has no loop of their own."""

from __future__ import annotations

import asyncio
import threading
from abc import ABC, abstractmethod
from collections.abc import Coroutine
from typing import Any


class LoopedServer(ABC):
    """A server with a loop in a thread of its own, so that the caller may be busy. `start` raises OSError when the port
    is taken."""

    def __init__(self, name: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=name, daemon=True)
        self._server: asyncio.Server | None = None

    @property
    def port(self) -> int:
        """The port in use, also when 0 was asked for; 0 before the start."""
        return 0 if self._server is None else int(self._server.sockets[0].getsockname()[1])

    def start(self) -> None:
        """Begin to take connections."""
        self._thread.start()
        self._server = self._run(self._open())

    def close(self) -> None:
        """End all conversations and free the port."""
        if self._thread.is_alive():
            self._run(self._stop())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    @abstractmethod
    async def _open(self) -> asyncio.Server:
        """Listen."""

    async def _stop(self) -> None:
        if self._server is not None:
            self._server.close()
        conversations = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in conversations:
            task.cancel()
        await asyncio.gather(*conversations, return_exceptions=True)
