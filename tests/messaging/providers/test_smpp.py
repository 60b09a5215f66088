"""SMPP: what goes over the line, what comes back, and lines that break."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import smpp34

from blueprints.messaging.channels.outcomes import NotNow
from blueprints.messaging.channels.sms import listening
from blueprints.messaging.channels.sms.contract import Heard, Receipt
from blueprints.messaging.channels.sms.refs import forms
from blueprints.messaging.channels.sms.smpp import SmppSms, words
from blueprints.messaging.channels.sms.smpp.parts import parts
from blueprints.messaging.channels.sms.smpp.wire import BadPacket, Packet, decoded, encoded, length_of
from infra.devtools.tools import DevTools
from shopbell.sms_providers import SmsProvider
from tests.messaging.conftest import until
from tests.messaging.providers.conftest import described, text

DELIVER: dict[str, Any] = {"source_addr": "84901234567", "destination_addr": "LUMI"}


@pytest.fixture
def heard() -> Iterator[list[Heard]]:
    """Everything that was told over the line."""
    kept: list[Heard] = []
    listening.listen(lambda _account, told: kept.append(told))
    yield kept
    listening.listen(None)


@pytest.fixture
def line(simulator: DevTools) -> Iterator[SmppSms]:
    account = SmppSms(described("smpp", simulator), step_seconds=2)
    yield account
    account.close()


def receipts(heard: list[Heard]) -> list[Receipt]:
    return [one for told in heard for one in told.receipts]


@pytest.mark.parametrize("ending", ["2345678", "5550067", "5550068", "5550069"])
def test_a_receipt_finds_its_message_however_its_name_is_spelt(line: SmppSms, heard: list[Heard], ending: str) -> None:
    message = text("smpp", f"+8491{ending}", f"to {ending}")
    ref = line.send(message).ref
    until(lambda: any(one.status == "delivered" and one.number == message.to for one in receipts(heard)))
    last = next(one for one in receipts(heard) if one.status == "delivered" and one.number == message.to)
    assert forms(ref)[0] in forms(last.ref)


def test_a_long_text_goes_in_parts_each_with_its_own_name(line: SmppSms, simulator: DevTools) -> None:
    body = "Hẹn gặp bạn 😀 " * 12
    accepted = line.send(text("smpp", "+84912345679", body))
    assert accepted.segments == len(accepted.parts) == len(parts(body, sar=False)) > 1
    arrived = [entry["body"] for entry in simulator.telco.messages(dialect="smpp") if entry["to"] == "+84912345679"]
    assert "".join(reversed(arrived)) == body


def test_a_text_of_accents_and_escapes_arrives_as_it_was_written(line: SmppSms, simulator: DevTools) -> None:
    body = "@£$ è§ {[~]} € ` 您好"
    line.send(text("smpp", "+84912345670", body.replace("`", "").replace(" 您好", "")))
    line.send(text("smpp", "+84912345671", body))
    bodies = {entry["body"] for entry in simulator.telco.messages(dialect="smpp")}
    assert {body, body.replace("`", "").replace(" 您好", "")} <= bodies


def test_a_late_answer_tells_what_to_ask_for(line: SmppSms) -> None:
    ref = line.send(text("smpp", "+84912345676", "taken")).ref
    doubtful = text("smpp", "+84912345676", "in doubt")
    line._ask_for(77, doubtful.id)
    line._late(77, Packet("submit_sm_resp", words.OK, 77, {"message_id": ref.encode()}))
    (found,) = line.find(doubtful, datetime.now(UTC))
    assert found.ref == ref
    assert found.status in ("sent", "delivered")


def test_what_nobody_could_keep_is_told_again(line: SmppSms) -> None:
    kept: list[Heard] = []

    def keep(_account: SmsProvider, told: Heard) -> None:
        kept.append(told)
        if len(kept) == 1:
            raise OSError("the database is away")

    listening.listen(keep)
    line.send(text("smpp", "+84912345672", "told again"))
    until(lambda: len({one.status for told in kept[1:] for one in told.receipts}) >= 1, seconds=12)
    listening.listen(None)
    assert len(kept) > 1


class Centre:
    """smpp34's server, which nobody here wrote: takes texts and reports each as delivered, in words only."""

    def __init__(self) -> None:
        self.port, self.taken = 0, []  # type: ignore[var-annotated]
        self.ready = threading.Event()
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.run, daemon=True).start()
        self.ready.wait(5)

    def run(self) -> None:
        self.loop.run_until_complete(self.serve())

    async def serve(self) -> None:
        self.port = free_port()
        server = smpp34.Server(host="127.0.0.1", port=self.port, system_id="centre")
        await server.start()
        self.ready.set()
        sessions = {}
        while True:
            event = await server.next()
            if isinstance(event, smpp34.Esme):
                sessions[event.session_id] = event
            elif isinstance(event, smpp34.SubmitSmEvent):
                self.taken.append(event)
                name = f"{len(self.taken):08X}"
                event.accept(message_id=name)
                await sessions[event.session_id].deliver_sm(
                    source_addr=event.destination_addr,
                    destination_addr=event.source_addr,
                    esm_class=0x04,
                    short_message=f"id:{name} sub:001 dlvrd:001 stat:DELIVRD err:000 text:".encode(),
                )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_centre_that_nobody_here_wrote_understands_us(heard: list[Heard]) -> None:
    centre = Centre()
    account = SmppSms(SmsProvider("peer", "smpp", "esme", "secret", "LUMI", f"127.0.0.1:{centre.port}"), step_seconds=3)
    accepted = account.send(text("smpp", "+84901234567", "Hello {you}"))
    until(lambda: receipts(heard))
    account.close()
    (event,) = centre.taken
    assert (event.destination_addr, event.short_message, event.data_coding) == (
        "84901234567",
        b"Hello \x1b\x28you\x1b\x29",
        0,
    )
    (receipt,) = receipts(heard)
    assert (receipt.ref, receipt.status, receipt.number) == (accepted.ref, "delivered", "+84901234567")


def test_a_line_that_ends_is_opened_again(line: SmppSms) -> None:
    line.send(text("smpp", "+84912345673", "before"))
    line._link._drop("cut by the test")
    until(lambda: _sends(line), seconds=5)
    assert line.send(text("smpp", "+84912345674", "after")).ref


def _sends(line: SmppSms) -> bool:
    try:
        return bool(line.send(text("smpp", "+84912345675", "again")).ref)
    except NotNow:
        return False


@pytest.mark.parametrize(
    ("status", "kind", "reason"),
    [
        (0x58, "NotNow", "too_fast"),
        (0x14, "NotNow", "unavailable"),
        (0x08, "NotNow", "provider_error"),
        (0x0B, "Refused", "bad_number"),
        (0x45, "RefusedHere", "refused"),
        (0x0A, "RefusedHere", "sender_refused"),
    ],
)
def test_a_status_says_whether_to_try_again(status: int, kind: str, reason: str) -> None:
    trouble = words.trouble(status)
    assert (type(trouble).__name__, trouble.reason) == (kind, reason)


def test_a_receipt_in_optional_fields_is_read_with_and_without_its_zero() -> None:
    head = encoded("deliver_sm", 7, esm_class=4, **DELIVER)
    for name in (b"A1B2\0", b"A1B2"):
        tail = b"\x00\x1e" + len(name).to_bytes(2, "big") + name + b"\x04\x27\x00\x01\x02" + b"\x14\x03\x00\x01\x09"
        packet = decoded(_longer(head, tail))
        assert words.receipt(packet) == Receipt("A1B2", "delivered", "DELIVRD", number="+84901234567")


def test_a_receipt_in_words_is_read() -> None:
    said = b"id:0123456789 sub:001 dlvrd:000 submit date:2603020100 done date:2603020101 stat:UNDELIV err:027 text:"
    packet = decoded(encoded("deliver_sm", 8, esm_class=4, short_message=said, **DELIVER))
    assert words.receipt(packet) == Receipt("0123456789", "failed", "027 UNDELIV", "unreachable", number="+84901234567")


def test_a_reply_is_read_in_its_alphabet() -> None:
    packet = decoded(encoded("deliver_sm", 9, data_coding=8, short_message="退订".encode("utf-16-be"), **DELIVER))
    reply = words.reply(packet, datetime(2026, 3, 2, tzinfo=UTC))
    assert (reply.number, reply.to, reply.text) == ("+84901234567", "LUMI", "退订")
    assert not words.is_receipt(packet)


def test_bytes_that_are_no_packet_end_the_connection() -> None:
    with pytest.raises(BadPacket):
        length_of(b"HTTP")
    with pytest.raises(BadPacket):
        decoded(encoded("deliver_sm", 1, esm_class=4, **DELIVER)[:20])
    assert decoded(b"\0\0\0\x10\0\0\x09\x99\0\0\0\0\0\0\0\x05").name == ""


def _longer(packet: bytes, tail: bytes) -> bytes:
    return (len(packet) + len(tail)).to_bytes(4, "big") + packet[4:] + tail
