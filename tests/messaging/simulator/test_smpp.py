"""The simulator's SMSC, asked over a plain socket by a client that packs its PDUs by hand."""

import re
import socket
import struct
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import count

import pytest

from infra.devtools.tools import DevTools
from tests.messaging.conftest import until

BIND_TRANSCEIVER, SUBMIT, DELIVER, QUERY, ENQUIRE, UNBIND = 0x09, 0x04, 0x05, 0x03, 0x15, 0x06
RECEIPT = re.compile(
    r"id:(?P<id>\S+) sub:001 dlvrd:(?P<arrived>\d{3}) submit date:\d{10} done date:\d{10} "
    r"stat:(?P<state>[A-Z]{7}) err:(?P<error>\d{3}) text:"
)


@dataclass
class Answer:
    command: int
    status: int
    sequence: int
    body: bytes

    @property
    def text(self) -> str:
        return self.body.split(b"\0")[0].decode()


class Client:
    """Answers what it is sent, and keeps it."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=5)
        self._sequence = count(1)
        self.delivered: list[bytes] = []

    def ask(self, command: int, body: bytes = b"") -> Answer:
        sequence = next(self._sequence)
        self._socket.sendall(struct.pack(">IIII", 16 + len(body), command, 0, sequence) + body)
        while True:
            answer = self.read()
            if answer.command == DELIVER:
                self.delivered.append(answer.body)
            elif answer.sequence == sequence:
                return answer

    def read(self) -> Answer:
        length, command, status, sequence = struct.unpack(">IIII", self._exactly(16))
        answer = Answer(command, status, sequence, self._exactly(length - 16))
        if command == DELIVER:
            self._socket.sendall(struct.pack(">IIII", 17, DELIVER | 0x80000000, 0, sequence) + b"\0")
        return answer

    def bind(self, password: str = "smpp-dev", system_id: str = "shopbell") -> Answer:
        return self.ask(BIND_TRANSCEIVER, f"{system_id}\0{password}\0\0".encode() + b"\x34\0\0\0")

    def submit(
        self, to: str, text: bytes, *, coding: int = 0, esm: int = 0, registered: int = 0, tags: bytes = b""
    ) -> Answer:
        head = b"\0" + b"\x05\0Lumi\0" + b"\x01\x01" + to.encode() + b"\0"
        flags = bytes((esm, 0, 0)) + b"\0\0" + bytes((registered, 0, coding, 0, len(text)))
        return self.ask(SUBMIT, head + flags + text + tags)

    def receipt(self) -> re.Match[str]:
        while not self.delivered:
            self.delivered.append(self.read().body)
        found = RECEIPT.search(self.delivered.pop(0).decode("latin-1"))
        assert found is not None
        return found

    def _exactly(self, amount: int) -> bytes:
        found = b""
        while len(found) < amount:
            more = self._socket.recv(amount - len(found))
            if not more:
                raise ConnectionResetError
            found += more
        return found

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def client(simulator: DevTools) -> Iterator[Client]:
    with closing(Client(simulator.ports["SMPP"])) as client:
        assert client.bind().status == 0
        yield client
    assert until(lambda: simulator.simulator.smsc.bound == 0)


def test_only_the_account_may_bind_and_only_once(simulator: DevTools) -> None:
    with closing(Client(simulator.ports["SMPP"])) as stranger:
        assert stranger.submit("84901000001", b"x").status == 0x04
        assert stranger.bind(password="wrong").status == 0x0E
        assert stranger.bind(system_id="somebody").status == 0x0F
        assert stranger.bind().status == 0
        assert stranger.bind().status == 0x05
        assert stranger.ask(ENQUIRE).status == 0
        assert stranger.ask(0x0103).command == 0x80000000
        assert stranger.ask(UNBIND).status == 0


def test_a_text_is_taken_reported_on_and_can_be_asked_for(client: Client, simulator: DevTools) -> None:
    answer = client.submit("84901000002", b"Gap ban luc 14:30 \x1b\x65", registered=1)
    assert answer.status == 0
    (entry,) = simulator.telco.messages(to="84901000002")
    assert (entry["body"], entry["from"]) == ("Gap ban luc 14:30 €", "Lumi")
    question = f"{answer.text}\0".encode() + b"\x05\0Lumi\0"
    assert client.ask(QUERY, question).body.endswith(b"\x01\x00")
    receipt = client.receipt()
    assert (receipt["id"], receipt["state"], receipt["error"]) == (answer.text, "DELIVRD", "000")
    state = client.ask(QUERY, question)
    assert state.status == 0
    assert state.body.endswith(b"\x02\x00")
    assert client.ask(QUERY, b"nothing\0" + b"\x05\0Lumi\0").status == 0x67


@pytest.mark.parametrize("style", ["header", "wide header", "tags"])
def test_the_parts_of_a_long_text_are_put_together_on_the_phone(
    client: Client, simulator: DevTools, style: str
) -> None:
    number = {"header": "84901000003", "wide header": "84901000004", "tags": "84901000005"}[style]
    for place, words in ((2, "của bạn"), (1, "Cuộc hẹn ")):
        text = words.encode("utf-16-be")
        if style == "tags":
            tags = struct.pack(">HHHHHBHHB", 0x020C, 2, 7, 0x020E, 1, 2, 0x020F, 1, place)
            assert client.submit(number, text, coding=8, tags=tags).status == 0
        else:
            header = bytes((5, 0, 3, 7, 2, place)) if style == "header" else bytes((6, 8, 4, 0, 7, 2, place))
            assert client.submit(number, header + text, coding=8, esm=0x40).status == 0
    assert sorted(entry["body"] for entry in simulator.telco.messages(to=number)) == ["Cuộc hẹn ", "của bạn"]
    with closing(socket.create_connection(("127.0.0.1", simulator.ports["telco simulator"]))) as page:
        page.sendall(f"GET /screen?number=%2B{number} HTTP/1.0\r\n\r\n".encode())
        shown = b""
        while more := page.recv(65536):
            shown += more
    assert "Cuộc hẹn của bạn" in shown.decode()


@pytest.mark.parametrize(
    ("to", "status"),
    [
        ("+84901000006", 0x0B),
        ("123", 0x0B),
        ("84905550001", 0x0B),
        ("84905550003", 0x45),
        ("84905550029", 0x58),
        ("84905550053", 0x14),
        ("84905550050", 0x08),
    ],
)
def test_what_is_not_taken_has_its_own_status(client: Client, to: str, status: int) -> None:
    assert client.submit(to, b"x").status == status


def test_a_text_too_long_for_one_message_is_refused(client: Client) -> None:
    assert client.submit("84901000007", b"x" * 161).status == 0x01
    assert client.submit("84901000007", "ế".encode("utf-16-be") * 71, coding=8).status == 0x01
    assert client.submit("84901000007", bytes((5, 0, 3, 1, 2, 1)) + b"x" * 154, esm=0x40).status == 0x01
    assert client.submit("84901000007", bytes((5, 0, 3, 1, 2, 1)) + b"x" * 153, esm=0x40).status == 0


@pytest.mark.parametrize("ending", ["67", "68", "69"])
def test_a_receipt_may_spell_the_id_in_another_way(client: Client, ending: str) -> None:
    given = client.submit(f"849055500{ending}", b"x", registered=1).text
    spelled = client.receipt()["id"]
    assert spelled != given
    assert spelled == {"67": given.upper(), "68": str(int(given, 16)), "69": given.lstrip("0")}[ending]


def test_receipts_come_as_asked_for(client: Client, simulator: DevTools) -> None:
    given = client.submit("84905550030", b"x", registered=2).text
    receipt = client.receipt()
    assert (receipt["id"], receipt["state"], receipt["arrived"]) == (given, "UNDELIV", "000")
    client.submit("84901000008", b"x", registered=0)
    client.submit("84901000009", b"x", registered=2)
    simulator.telco.set_weather(smpp_receipts="tags")
    given = client.submit("84901000010", b"x", registered=1).text
    while not client.delivered:
        client.delivered.append(client.read().body)
    body = client.delivered.pop()
    simulator.telco.set_weather(smpp_receipts="both")
    assert struct.pack(">HH", 0x001E, len(given) + 1) + given.encode() + b"\0" in body
    assert struct.pack(">HHB", 0x0427, 1, 2) in body
    assert b"stat:" not in body


def test_a_connection_cut_before_the_answer_has_taken_the_text(client: Client, simulator: DevTools) -> None:
    with pytest.raises(ConnectionResetError):
        client.submit("84905550060", b"once")
    assert len(simulator.telco.messages(to="84905550060")) == 1


def test_what_a_phone_writes_back_is_delivered(client: Client, simulator: DevTools) -> None:
    client.submit("84901000011", b"x")
    with ThreadPoolExecutor(1) as person:
        writing = person.submit(simulator.simulator.replies.write, "+84901000011", "Đồng ý")
        body = client.read().body
        assert writing.result(timeout=5)[1]
    assert "Đồng ý".encode("utf-16-be") in body
    assert b"84901000011\0" in body


def test_a_restart_of_the_carriers_machine_is_seen_as_a_cut(simulator: DevTools) -> None:
    with closing(Client(simulator.ports["SMPP"])) as bound:
        assert bound.bind().status == 0
        simulator.simulator.smsc.drop_all()
        with pytest.raises(ConnectionResetError):
            bound.ask(ENQUIRE)


def test_a_length_that_cannot_be_ends_the_connection(simulator: DevTools) -> None:
    with closing(socket.create_connection(("127.0.0.1", simulator.ports["SMPP"]), timeout=5)) as line:
        line.sendall(struct.pack(">IIII", 4_000_000_000, SUBMIT, 0, 1))
        assert struct.unpack(">IIII", line.recv(16)) == (16, 0x80000000, 0x02, 1)
        assert line.recv(1) == b""
