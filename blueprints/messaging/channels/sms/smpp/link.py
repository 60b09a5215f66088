"""One bound connection to a message centre: kept alive, made again when it breaks, shared by all threads."""

from __future__ import annotations

import logging
import queue
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any

from blueprints.messaging.channels.outcomes import InDoubt, NotNow
from blueprints.messaging.channels.sms.smpp import words
from blueprints.messaging.channels.sms.smpp.wire import BadPacket, Packet, decoded, encoded, length_of

log = logging.getLogger(__name__)

VERSION = 0x34
FIRST_SEQUENCE, LAST_SEQUENCE = 1, 0x7FFFFFFF
KEEP_ALIVE_SECONDS = 30.0
PAUSES = (0.5, 1.0, 2.0, 5.0, 15.0, 30.0)
"""Between one attempt to connect and the next."""
MOST_HEARD = 1000
"""Receipts and replies that wait to be kept; more are refused for the moment."""


class Unsent(ConnectionError):
    """There is no connection, so nothing has left."""


@dataclass(frozen=True)
class Centre:
    """Where to bind, and as whom."""

    host: str
    port: int
    tls: bool
    system_id: str
    password: str
    system_type: str = ""


class Link:
    """Connects when it is first needed, and stays until closed. Safe between threads.

    `hear` is given every deliver_sm, one at a time; only when it returns is the centre told that we have it, and when
    it raises the centre is asked to send it again. `late` is given answers that nobody waits for any more.
    """

    def __init__(
        self,
        centre: Centre,
        *,
        step_seconds: float,
        address: Callable[[str, int], str],
        hear: Callable[[Packet], None],
        late: Callable[[int, Packet], None],
        window: int,
    ) -> None:
        self._centre = centre
        self._seconds = step_seconds
        self._address, self._hear, self._late = address, hear, late
        self._window = threading.BoundedSemaphore(window)
        self._lock, self._sending = threading.Lock(), threading.Lock()
        self._socket: socket.socket | None = None
        self._waiting: dict[int, Future[Packet]] = {}
        self._sequence = 0
        self._heard: queue.Queue[Packet | None] = queue.Queue(MOST_HEARD)
        self._bound = threading.Event()
        self._tried = threading.Event()
        self._closed = threading.Event()
        self._why = "not connected yet"
        self._threads: list[threading.Thread] = []

    def ask(self, name: str, *, mine: Callable[[int], None] = lambda _: None, **fields: Any) -> Packet:
        """Send a packet and return the answer to it. `mine` is told its number before it leaves.

        Raises NotNow when it has certainly not been sent, InDoubt when no answer came.
        """
        if not self._window.acquire(timeout=self._seconds):
            raise NotNow("too many packets wait for their answers", reason="too_fast", retry_after=1.0)
        try:
            self._connected()
            sequence, answer = self._expect()
            mine(sequence)
            try:
                self._send(encoded(name, sequence, **fields))
                return answer.result(self._seconds)
            except Unsent:
                raise NotNow("the connection has just ended", reason="unavailable") from None
            except TimeoutError:
                raise InDoubt("the message centre did not answer in time", reason="unavailable") from None
            except OSError as error:
                raise InDoubt(f"the connection ended before the answer: {error}", reason="unavailable") from error
            finally:
                with self._lock:
                    self._waiting.pop(sequence, None)
        finally:
            self._window.release()

    def open(self) -> None:
        """Begin to connect, and go on until closed."""
        with self._lock:
            if self._threads or self._closed.is_set():
                return
            works = (self._run, self._listen, self._keep_alive)
            named = f"smpp {self._centre.host}"
            self._threads = [threading.Thread(target=work, name=named, daemon=True) for work in works]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Say goodbye and stop."""
        self._closed.set()
        with suppress(OSError):
            if self._bound.is_set():
                self._send(encoded("unbind", self._next()))
        self._drop("closed")
        with suppress(queue.Full):
            self._heard.put_nowait(None)
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(self._seconds)

    def _connected(self) -> None:
        """Be bound, or say why not. Nothing has been sent by then."""
        self.open()
        end = monotonic() + self._seconds
        while not self._bound.wait(0.05):
            if self._closed.is_set() or self._tried.is_set() or monotonic() > end:
                raise NotNow(f"the message centre is not available: {self._why}", reason="unavailable")

    def _run(self) -> None:
        """Connect and read, for ever; each failure makes the next pause longer."""
        failures = 0
        while not self._closed.is_set():
            try:
                reading = self._bind()
                failures = 0
                self._read(reading)
            except (OSError, BadPacket, InDoubt, NotNow) as error:
                self._drop(str(error) or type(error).__name__)
            if self._closed.is_set():
                return
            self._tried.set()
            log.warning("SMPP %s:%s: %s", self._centre.host, self._centre.port, self._why)
            self._closed.wait(PAUSES[min(failures, len(PAUSES) - 1)])
            failures += 1

    def _bind(self) -> socket.socket:
        centre = self._centre
        opened = socket.create_connection((self._address(centre.host, centre.port), centre.port), self._seconds)
        try:
            if centre.tls:
                opened = ssl.create_default_context().wrap_socket(opened, server_hostname=centre.host)
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            hello: dict[str, Any] = {"system_id": centre.system_id, "password": centre.password}
            hello |= {"system_type": centre.system_type, "interface_version": VERSION}
            opened.sendall(encoded("bind_transceiver", self._next(), **hello))
            answer = decoded(_packet(opened))
            if answer.name != "bind_transceiver_resp" or answer.status != words.OK:
                raise NotNow(f"the bind was refused with SMPP status 0x{answer.status:02X}", reason="account")
            opened.settimeout(None)
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _timeval(self._seconds))
        except BaseException:
            opened.close()
            raise
        with self._lock:
            self._socket = opened
        self._tried.clear()
        self._bound.set()
        return opened

    def _read(self, reading: socket.socket) -> None:
        while True:
            packet = decoded(_packet(reading))
            if packet.is_answer:
                self._answered(packet)
            elif packet.name == "deliver_sm":
                self._take(packet)
            elif packet.name == "enquire_link":
                self._send(encoded("enquire_link_resp", packet.sequence))
            elif packet.name == "unbind":
                self._send(encoded("unbind_resp", packet.sequence))
                raise ConnectionError("the message centre has unbound us")
            else:
                self._send(encoded("generic_nack", packet.sequence, status=0x03))

    def _answered(self, packet: Packet) -> None:
        with self._lock:
            waiting = self._waiting.pop(packet.sequence, None)
        if waiting is not None:
            waiting.set_result(packet)
        else:
            self._late(packet.sequence, packet)

    def _take(self, packet: Packet) -> None:
        try:
            self._heard.put_nowait(packet)
        except queue.Full:
            self._send(encoded("deliver_sm_resp", packet.sequence, status=words.TRY_AGAIN))

    def _listen(self) -> None:
        """Pass on what was heard, and only then let the centre forget it."""
        while (packet := self._heard.get()) is not None:
            status = words.OK
            try:
                self._hear(packet)
            except Exception:
                log.exception("a receipt or reply from SMPP %s could not be kept", self._centre.host)
                status = words.TRY_AGAIN
            with suppress(OSError):
                self._send(encoded("deliver_sm_resp", packet.sequence, status=status))

    def _keep_alive(self) -> None:
        """An unanswered question means that the line is dead, though nobody has said so."""
        while not self._closed.wait(KEEP_ALIVE_SECONDS):
            if not self._bound.is_set():
                continue
            sequence, answer = self._expect()
            try:
                self._send(encoded("enquire_link", sequence))
                answer.result(self._seconds)
            except (TimeoutError, OSError):
                self._drop("the line was dead")
            finally:
                with self._lock:
                    self._waiting.pop(sequence, None)

    def _expect(self) -> tuple[int, Future[Packet]]:
        answer: Future[Packet] = Future()
        sequence = self._next()
        with self._lock:
            self._waiting[sequence] = answer
        return sequence, answer

    def _next(self) -> int:
        with self._lock:
            self._sequence = self._sequence + 1 if self._sequence < LAST_SEQUENCE else FIRST_SEQUENCE
            return self._sequence

    def _send(self, data: bytes) -> None:
        """Raises Unsent, or OSError when a part of it may have left; then the connection is of no use any more."""
        with self._sending:
            open_socket = self._socket
            if open_socket is None:
                raise Unsent("not connected")
            try:
                open_socket.sendall(data)
            except OSError as error:
                self._drop(str(error) or type(error).__name__)
                raise

    def _drop(self, why: str) -> None:
        """Be unconnected; whoever waits for an answer hears that none will come."""
        self._bound.clear()
        self._why = why
        with self._lock:
            lost, self._socket = self._socket, None
            waiting, self._waiting = list(self._waiting.values()), {}
        if lost is not None:
            with suppress(OSError):
                lost.shutdown(socket.SHUT_RDWR)
            lost.close()
        for answer in waiting:
            answer.set_exception(ConnectionError(why))


def _timeval(seconds: float) -> bytes:
    return struct.pack("ll", int(seconds), int(seconds % 1 * 1_000_000))


def _packet(reading: socket.socket) -> bytes:
    head = _exactly(reading, 4)
    return head + _exactly(reading, length_of(head) - 4)


def _exactly(reading: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        more = reading.recv(size - len(found))
        if not more:
            raise ConnectionError("the message centre closed the connection")
        found += more
    return found
