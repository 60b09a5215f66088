"""A small load generator: kept-alive connections, requests built beforehand, as little work per answer as possible."""

from __future__ import annotations

import selectors
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat

HEADER_END = b"\r\n\r\n"


@dataclass
class Load:
    """What came back. `seconds` is wall time, `latencies` are in seconds."""

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def rate(self, *wanted: int) -> float:
        """Answers a second, of the wanted statuses or of all."""
        count = sum(self.statuses[status] for status in wanted) if wanted else self.statuses.total()
        return count / self.seconds


def request_bytes(method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    if body or method == "POST":
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + HEADER_END + body


class Connection:
    """One kept-alive connection."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.open()

    def open(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> tuple[int, bytes]:
        """(status, body); a connection that the server closed is opened again once."""
        try:
            return self._ask(request)
        except ConnectionError:
            self.open()
            return self._ask(request)

    def _ask(self, request: bytes) -> tuple[int, bytes]:
        self.socket.sendall(request)
        received = bytearray()
        while (end := received.find(HEADER_END)) < 0:
            received += self._more()
        head, missing = bytes(received[:end]).lower(), len(received) - end - 4
        length = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        while missing < length:
            chunk = self._more()
            received += chunk
            missing += len(chunk)
        if b"connection: close" in head:
            self.socket.close()
            self.open()
        return int(head[9:12]), bytes(received[end + 4 :])

    def _more(self) -> bytes:
        chunk = self.socket.recv(1 << 18)
        if not chunk:
            raise ConnectionResetError
        return chunk


@dataclass(frozen=True)
class Answer:
    """`status` is 0 when the connection ended without one; `seconds` are counted from the moment at which all asked."""

    status: int
    body: bytes
    seconds: float


def at_once(port: int, requests: Sequence[bytes], *, patience: float = 60.0) -> list[Answer]:
    """Send each on a connection of its own at one moment, and wait for all answers, in the order of the requests.

    In one thread: some hundred would take a good part of the processors from those who answer. Raises TimeoutError when
    nobody says anything for `patience` seconds.
    """
    answers: dict[int, Answer] = {}
    with selectors.DefaultSelector() as waiting:
        begun = time.perf_counter()
        for number, request in enumerate(requests):
            connection = Connection(port)
            connection.socket.sendall(request)
            waiting.register(connection.socket, selectors.EVENT_READ, (number, connection.socket, bytearray()))
        while len(answers) < len(requests):
            ready = waiting.select(patience)
            if not ready:
                raise TimeoutError(f"{len(requests) - len(answers)} of {len(requests)} were not answered")
            for number, link, received in (key.data for key, _events in ready):
                chunk = link.recv(1 << 18)
                received.extend(chunk)
                found = whole(received)
                if found or not chunk:
                    answers[number] = Answer(*(found or (0, b"")), time.perf_counter() - begun)
                    waiting.unregister(link)
                    link.close()
    return [answers[number] for number in range(len(requests))]


def whole(received: bytearray) -> tuple[int, bytes] | None:
    """(status, body) of an answer that has come completely."""
    end = received.find(HEADER_END)
    if end < 0:
        return None
    head, body = bytes(received[:end]).lower(), bytes(received[end + 4 :])
    length = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
    return (int(head[9:12]), body) if len(body) >= length else None


def drive(port: int, requests: Callable[[int], Iterator[bytes]], *, clients: int = 8, seconds: float = 3.0) -> Load:
    """Let each client send its own requests one after another until time is up or it has none left."""
    load = Load()
    start = threading.Barrier(clients + 1)

    def client(number: int) -> None:
        connection, statuses, latencies = Connection(port), Counter[int](), []
        start.wait()
        until = time.perf_counter() + seconds
        for request in requests(number):
            begun = time.perf_counter()
            if begun >= until:
                break
            statuses[connection.ask(request)[0]] += 1
            latencies.append(time.perf_counter() - begun)
        with load.lock:
            load.statuses += statuses
            load.latencies += latencies

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    start.wait()
    begun = time.perf_counter()
    for thread in threads:
        thread.join()
    load.seconds = time.perf_counter() - begun
    return load


def again_and_again(request: bytes) -> Callable[[int], Iterator[bytes]]:
    return lambda _number: repeat(request)
