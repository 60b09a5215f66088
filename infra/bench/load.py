"""A small load generator: kept-alive connections, requests built beforehand, as little work per answer as possible."""

from __future__ import annotations

import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
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
