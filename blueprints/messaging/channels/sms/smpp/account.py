"""An account with a message centre."""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import datetime
from typing import Any
from uuid import UUID

from blueprints.messaging.channels.outcomes import InDoubt, NotNow, Refused
from blueprints.messaging.channels.sms.contract import (
    Accepted,
    BadCallback,
    Callback,
    CannotAsk,
    Capabilities,
    Found,
    Heard,
    RefusedHere,
    TextMessage,
)
from blueprints.messaging.channels.sms.listening import told
from blueprints.messaging.channels.sms.smpp import words
from blueprints.messaging.channels.sms.smpp.link import Centre, Link
from blueprints.messaging.channels.sms.smpp.parts import parts
from blueprints.messaging.channels.sms.smpp.wire import Packet
from shopbell import clock, outgoing, runtime
from shopbell.sms_providers import SmsProvider

ALPHANUMERIC, INTERNATIONAL, SHORT, ISDN, UNKNOWN = 5, 1, 3, 1, 0
LONGEST_SHORT_NUMBER = 6
WITH_RECEIPT = 1
WINDOW = 10
MOST_DOUBTS = 1000


class SmppSms:
    """One bind of this process. `base` is host:port, with tls:// in front for TLS; options: `system_type`,
    `service_type`, `window` (packets that may wait for their answers), `long` (udh or sar)."""

    caps = Capabilities(find="only_yes")

    def __init__(self, account: SmsProvider, *, step_seconds: float) -> None:
        self.key = account.key
        self._account = account
        host, _, port = account.base.removeprefix("tls://").rpartition(":")
        self._link = Link(
            Centre(
                host,
                int(port),
                account.base.startswith("tls://"),
                account.identity,
                account.secret,
                account.option("system_type"),
            ),
            step_seconds=step_seconds,
            address=self._address,
            hear=self._hear,
            late=self._late,
            window=int(account.option("window", str(WINDOW))),
        )
        self._lock = threading.Lock()
        self._asked: OrderedDict[int, UUID] = OrderedDict()
        self._doubts: OrderedDict[UUID, str] = OrderedDict()

    def send(self, text: TextMessage) -> Accepted:
        """Part by part. When not all of a long one are taken nobody can say what arrives: that is a doubt."""
        taken: list[str] = []
        pieces = parts(text.body, sar=self._account.option("long") == "sar")
        for piece in pieces:
            try:
                taken.append(self._submit(text, piece.fields))
            except (NotNow, Refused) as trouble:
                if not taken:
                    raise
                self._remember(text.id, taken[0])
                said = f"part {len(taken) + 1} of {len(pieces)} was not taken: {trouble}"
                raise InDoubt(said, reason=trouble.reason) from trouble
            except InDoubt:
                if taken:
                    self._remember(text.id, taken[0])
                raise
        return Accepted(taken[0], tuple(taken), segments=len(taken))

    def find(self, text: TextMessage, since: datetime) -> list[Found]:
        """The centre is asked by the name it gave the message: known when its answer came late, or to a part of it."""
        with self._lock:
            ref = self._doubts.get(text.id)
        if ref is None:
            raise CannotAsk("the message centre never told its name for this message")
        answer = self._link.ask("query_sm", message_id=ref, **_source(text.sender or self._account.sender))
        if answer.status != words.OK:
            raise CannotAsk(f"the message centre does not say: SMPP status 0x{answer.status:02X}")
        return [Found(ref, words.found_state(answer))]

    def hear(self, callback: Callback) -> Heard:
        raise BadCallback("a message centre tells over its own connection")

    def open(self) -> None:
        """Connect without waiting for the first message: what the centre has kept for us comes over this line."""
        self._link.open()

    def close(self) -> None:
        self._link.close()

    def _submit(self, text: TextMessage, fields: dict[str, Any]) -> str:
        sender = text.sender or self._account.sender
        if not sender.isascii():
            raise RefusedHere("the sender has letters beyond ASCII", reason="sender_refused")
        answer = self._link.ask(
            "submit_sm",
            mine=lambda sequence: self._ask_for(sequence, text.id),
            service_type=self._account.option("service_type"),
            dest_addr_ton=INTERNATIONAL,
            dest_addr_npi=ISDN,
            destination_addr=text.to.removeprefix("+"),
            registered_delivery=WITH_RECEIPT,
            **_source(sender),
            **fields,
        )
        if answer.status != words.OK:
            raise words.trouble(answer.status)
        return answer.text("message_id")

    def _hear(self, packet: Packet) -> None:
        if not words.is_receipt(packet):
            told(self._account, Heard(replies=(words.reply(packet, clock.now()),)))
            return
        receipt = words.receipt(packet)
        if receipt is not None:
            told(self._account, Heard(receipts=(receipt,)))

    def _ask_for(self, sequence: int, message_id: UUID) -> None:
        with self._lock:
            self._asked[sequence] = message_id
            while len(self._asked) > MOST_DOUBTS:
                self._asked.popitem(last=False)

    def _late(self, sequence: int, packet: Packet) -> None:
        """An answer that came when nobody waited any more tells what to ask for."""
        with self._lock:
            message_id = self._asked.pop(sequence, None)
        if message_id is not None and packet.name == "submit_sm_resp" and packet.status == words.OK:
            self._remember(message_id, packet.text("message_id"))

    def _remember(self, message_id: UUID, ref: str) -> None:
        with self._lock:
            self._doubts[message_id] = ref
            while len(self._doubts) > MOST_DOUBTS:
                self._doubts.popitem(last=False)

    def _address(self, host: str, port: int) -> str:
        """A chain types the address of its own centre: it may lead to the public internet only."""
        if self._account.tenant_id is None or not runtime.settings().is_production:
            return host
        try:
            return outgoing.resolved(host, port, private=runtime.settings().private_calendars)
        except outgoing.Trouble as trouble:
            raise ConnectionError(f"the address of the message centre: {trouble.code}") from trouble


def _source(sender: str) -> dict[str, Any]:
    digits = sender.removeprefix("+")
    if not digits.isdigit():
        return {"source_addr_ton": ALPHANUMERIC, "source_addr_npi": UNKNOWN, "source_addr": sender}
    if len(digits) <= LONGEST_SHORT_NUMBER:
        return {"source_addr_ton": SHORT, "source_addr_npi": UNKNOWN, "source_addr": digits}
    return {"source_addr_ton": INTERNATIONAL, "source_addr_npi": ISDN, "source_addr": digits}
