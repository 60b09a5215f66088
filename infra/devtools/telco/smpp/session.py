"""One connection to the SMSC: who is bound, and what each request is answered."""

from __future__ import annotations

import asyncio
import itertools
import secrets
from collections.abc import Callable

from infra.devtools.accounts import Smpp
from infra.devtools.journal import Entry
from infra.devtools.telco.doors import Door
from infra.devtools.telco.network import Sent
from infra.devtools.telco.smpp import pdu, receipts, texts
from infra.devtools.telco.smpp.pdu import Malformed, Pdu, Reader, ShortMessage

DIGITS_LEAST, DIGITS_MOST = 7, 15
ALPHANUMERIC = 5
#: Statuses by the plan of a number.
STATUSES = {
    "invalid": pdu.INVALID_DESTINATION,
    "landline": pdu.INVALID_DESTINATION,
    "unroutable": pdu.INVALID_DESTINATION,
    "no_permission": pdu.SUBMIT_FAILED,
    "busy": pdu.THROTTLED,
    "full": pdu.QUEUE_FULL,
    "broken": pdu.SYSTEM_ERROR,
}
ANSWER_SECONDS = 5.0


class Session:
    """Answers one client until it goes. `new_id` gives the next message id."""

    def __init__(
        self,
        door: Door,
        account: Smpp,
        new_id: Callable[[str], str],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._door = door
        self._account = account
        self._new_id = new_id
        self._reader = reader
        self._writer = writer
        self._sequence = itertools.count(1)
        self._awaited: dict[int, asyncio.Future[int]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.bound = 0

    @property
    def receives(self) -> bool:
        """Whether receipts and replies may be sent here."""
        return self.bound in (pdu.BIND_RECEIVER, pdu.BIND_TRANSCEIVER)

    async def serve(self) -> None:
        """Read and answer until the connection ends."""
        try:
            while True:
                head = await self._reader.readexactly(pdu.HEADER.size)
                length, command, status, sequence = pdu.HEADER.unpack(head)
                if not pdu.HEADER.size <= length <= pdu.LONGEST:
                    self._send(Pdu(pdu.GENERIC_NACK, pdu.INVALID_COMMAND_LENGTH, sequence))
                    return
                body = await self._reader.readexactly(length - pdu.HEADER.size)
                # Answers may be held back: what comes next is not kept waiting by them.
                task = asyncio.create_task(self._take(Pdu(command, status, sequence, body)))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            self.bound = 0
            for task in self._tasks:
                task.cancel()
            self._writer.close()

    def cut(self) -> None:
        """Close without a word."""
        self._writer.transport.abort()

    async def deliver(self, message: ShortMessage) -> bool:
        """Send a deliver_sm. True once the client has answered that it took it."""
        sequence = next(self._sequence)
        answered = self._awaited[sequence] = asyncio.get_running_loop().create_future()
        try:
            self._send(Pdu(pdu.DELIVER_SM, pdu.OK, sequence, pdu.write_short_message(message)))
            return await asyncio.wait_for(answered, ANSWER_SECONDS) == pdu.OK
        except (TimeoutError, ConnectionError):
            return False
        finally:
            self._awaited.pop(sequence, None)

    async def _take(self, asked: Pdu) -> None:
        if asked.command & pdu.RESPONSE:
            waiting = self._awaited.get(asked.sequence)
            if waiting is not None and not waiting.done():
                waiting.set_result(asked.status)
            return
        try:
            await self._answer(asked)
        except Malformed:
            self._send(asked.answer(pdu.INVALID_MESSAGE_LENGTH))

    async def _answer(self, asked: Pdu) -> None:
        if asked.command == pdu.ENQUIRE_LINK:
            self._send(asked.answer())
        elif asked.command in (pdu.BIND_RECEIVER, pdu.BIND_TRANSMITTER, pdu.BIND_TRANSCEIVER):
            self._bind(asked)
        elif asked.command == pdu.UNBIND:
            self._send(asked.answer())
            self._writer.close()
        elif asked.command in (pdu.SUBMIT_SM, pdu.QUERY_SM):
            if self.bound not in (pdu.BIND_TRANSMITTER, pdu.BIND_TRANSCEIVER):
                self._send(asked.answer(pdu.INVALID_BIND_STATUS))
            elif asked.command == pdu.QUERY_SM:
                self._query(asked)
            else:
                await self._submit(asked)
        else:
            self._send(Pdu(pdu.GENERIC_NACK, pdu.INVALID_COMMAND, asked.sequence))

    def _bind(self, asked: Pdu) -> None:
        reader = Reader(asked.body)
        system_id, password = reader.text(16), reader.text(9)
        if self.bound:
            status = pdu.ALREADY_BOUND
        elif system_id != self._account.system_id:
            status = pdu.INVALID_SYSTEM_ID
        elif not secrets.compare_digest(password.encode(), self._account.password.encode()):
            status = pdu.INVALID_PASSWORD
        else:
            status, self.bound = pdu.OK, asked.command
        version = pdu.VERSION.to_bytes(2) + b"\0\x01\x34"
        self._send(asked.answer(status, b"shopbell-smsc\0" + version if status == pdu.OK else b""))

    async def _submit(self, asked: Pdu) -> None:
        message = pdu.read_short_message(asked.body)
        weather = self._door.telco.weather
        if weather.latency_ms:
            await asyncio.sleep(weather.latency_ms / 1000)
        status, entry = self._taken(message)
        if entry is None:
            self._send(asked.answer(status))
            return
        self._door.stories.begin(entry)
        cut, seconds = self._door.answering(entry)
        if seconds:
            await asyncio.sleep(seconds)
        if cut:
            self.cut()
        else:
            self._send(asked.answer(pdu.OK, str(entry["extra"]["message_id"]).encode() + b"\0"))

    def _taken(self, message: ShortMessage) -> tuple[int, Entry | None]:
        number = message.destination
        if not (number.isascii() and number.isdigit() and DIGITS_LEAST <= len(number) <= DIGITS_MOST):
            return pdu.INVALID_DESTINATION, None
        if not message.source or (message.source_ton == ALPHANUMERIC and len(message.source) > 11):
            return pdu.INVALID_SOURCE, None
        read, to = texts.read(message), f"+{number}"
        obstacle = self._door.telco.obstacle(to, read.body)
        if obstacle in STATUSES:
            return STATUSES[obstacle], None
        if self._door.fails():
            return pdu.SYSTEM_ERROR, None
        message_id = self._new_id(self._door.telco.plan_for(to))
        extra = {
            "message_id": message_id,
            "source_ton": message.source_ton,
            "registered": message.registered_delivery & 0x03,
            "part": None if read.part is None else vars(read.part),
        }
        sent = Sent(
            id=f"smpp-{message_id}",
            dialect="smpp",
            account=self._account.system_id,
            sender=message.source,
            to=to,
            body=read.body,
            extra=extra,
        )
        return pdu.OK, self._door.telco.accept(sent)

    def _query(self, asked: Pdu) -> None:
        reader = Reader(asked.body)
        message_id, _, _, source = reader.text(65), reader.number(), reader.number(), reader.text(21)
        entry = self._door.telco.journal.get(f"smpp-{message_id}")
        if entry is None or entry["from"] != source:
            self._send(asked.answer(pdu.QUERY_FAILED))
            return
        state, _, error = receipts.state_of(entry)
        body = f"{message_id}\0{receipts.final_date(entry)}\0".encode() + bytes((state, error))
        self._send(asked.answer(pdu.OK, body))

    def _send(self, answer: Pdu) -> None:
        if not self._writer.is_closing():
            self._writer.write(answer.packed())
