"""The SMSC as a server in a thread of its own."""

from __future__ import annotations

import asyncio
import itertools
import secrets

from infra.devtools.accounts import Smpp
from infra.devtools.journal import Entry
from infra.devtools.looped import LoopedServer
from infra.devtools.telco.doors import Door
from infra.devtools.telco.plans import Step
from infra.devtools.telco.smpp import pdu, receipts, texts
from infra.devtools.telco.smpp.pdu import ShortMessage
from infra.devtools.telco.smpp.session import Session

#: Registered delivery: no receipt, each end, failures alone.
ALWAYS, ON_FAILURE = 1, 2
FINAL = ("delivered", "undelivered", "failed")
LONGEST_SHORT_MESSAGE = 140


class Smsc(LoopedServer):
    """Takes connections until closed."""

    def __init__(self, door: Door, account: Smpp, host: str, port: int) -> None:
        super().__init__("smsc")
        self._door = door
        self._account = account
        self._wanted = (host, port)
        # Ids begin anywhere, so that those of two runs differ.
        self._ids = itertools.count(secrets.randbelow(0x0FFFFFFF) + 0xA0000)
        self._sessions: set[Session] = set()

    @property
    def bound(self) -> int:
        """How many connections are bound."""
        return sum(1 for session in list(self._sessions) if session.bound)

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

    async def _open(self) -> asyncio.Server:
        return await asyncio.start_server(self._serve, *self._wanted)

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
