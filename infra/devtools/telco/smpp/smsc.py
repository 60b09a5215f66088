"""The SMSC as a server in a thread of its own."""

from __future__ import annotations

import asyncio
import itertools
import secrets
import threading
from collections.abc import Coroutine
from typing import Any

from infra.devtools.accounts import Smpp
from infra.devtools.journal import Entry
from infra.devtools.telco.doors import Door
from infra.devtools.telco.plans import Step
from infra.devtools.telco.smpp import pdu, receipts, texts
from infra.devtools.telco.smpp.pdu import ShortMessage
from infra.devtools.telco.smpp.session import Session

#: Registered delivery: no receipt, each end, failures alone.
ALWAYS, ON_FAILURE = 1, 2
FINAL = ("delivered", "undelivered", "failed")
LONGEST_SHORT_MESSAGE = 140


class Smsc:
    """Takes connections until closed. `start` raises OSError when the port is taken."""

    def __init__(self, door: Door, account: Smpp, host: str, port: int) -> None:
        self._door = door
        self._account = account
        self._wanted = (host, port)
        # Ids begin anywhere, so that those of two runs differ.
        self._ids = itertools.count(secrets.randbelow(0x0FFFFFFF) + 0xA0000)
        self._sessions: set[Session] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="smsc", daemon=True)
        self._server: asyncio.Server | None = None

    @property
    def port(self) -> int:
        """The port in use, also when 0 was asked for; 0 before the start."""
        return 0 if self._server is None else int(self._server.sockets[0].getsockname()[1])

    @property
    def bound(self) -> int:
        """How many connections are bound."""
        return sum(1 for session in list(self._sessions) if session.bound)

    def start(self) -> None:
        """Begin to take connections."""
        self._thread.start()
        host, port = self._wanted
        self._server = self._run(asyncio.start_server(self._serve, host, port))

    def close(self) -> None:
        """Close all connections and free the port."""
        if self._thread.is_alive():
            self._run(self._stop())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
        self._loop.close()

    def drop_all(self) -> None:
        """Cut every connection without a word, as a restart of the carrier's machine does."""
        self._run(self._cut())

    def tell(self, entry: Entry, step: Step) -> bool:
        """Send the receipt that was asked for, once there is an end to report."""
        wanted = int(entry["extra"]["registered"])
        unwanted = wanted not in (ALWAYS, ON_FAILURE) or (wanted == ON_FAILURE and step.status == "delivered")
        if step.status not in FINAL or unwanted:
            return True
        return self._deliver(receipts.receipt(entry, step, self._door.telco.weather.smpp_receipts))

    def reply(self, entry: Entry) -> bool:
        """Send what somebody wrote back."""
        coding, octets = texts.encoded(str(entry["body"]))
        short = len(octets) <= LONGEST_SHORT_MESSAGE
        message = ShortMessage(
            source=str(entry["to"]).removeprefix("+"),
            destination=str(entry["from"]),
            destination_ton=int(entry["extra"]["source_ton"]),
            text=octets if short else b"",
            data_coding=coding,
            tags={} if short else {pdu.PAYLOAD: octets},
        )
        return self._deliver(message)

    def _deliver(self, message: ShortMessage) -> bool:
        receiving = next((session for session in list(self._sessions) if session.receives), None)
        return receiving is not None and self._run(receiving.deliver(message))

    def _new_id(self, plan: str) -> str:
        number = next(self._ids)
        # One hexadecimal letter at least, so that a change of case can be seen.
        spelled = f"{number:x}a"
        return spelled.zfill(14) if plan == "padded_id" else spelled

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = Session(self._door, self._account, self._new_id, reader, writer)
        self._sessions.add(session)
        try:
            await session.serve()
        finally:
            self._sessions.discard(session)

    async def _cut(self) -> None:
        for session in list(self._sessions):
            session.cut()

    async def _stop(self) -> None:
        if self._server is not None:
            self._server.close()
        conversations = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in conversations:
            task.cancel()
        await asyncio.gather(*conversations, return_exceptions=True)

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()
