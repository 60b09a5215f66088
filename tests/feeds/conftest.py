"""A calendar server on this machine, and the permission to read it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from shopbell import runtime

HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n"
Reply = Callable[[BaseHTTPRequestHandler], None]


def event(uid: str, *lines: str) -> str:
    return "\r\n".join(("BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z", *lines, "END:VEVENT", ""))


def file(*parts: str) -> bytes:
    return (HEAD + "".join(parts) + "END:VCALENDAR\r\n").encode()


@dataclass
class Server:
    """Answers with what a test puts under a path, and remembers who asked."""

    address: str
    pages: dict[str, Reply] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def put(self, path: str, body: bytes, *, etag: str = "") -> str:
        """Serve the body; 304 to whoever has this version."""

        def reply(request: BaseHTTPRequestHandler) -> None:
            same = bool(etag) and request.headers.get("If-None-Match") == etag
            request.send_response(304 if same else 200)
            request.send_header("Content-Length", "0" if same else str(len(body)))
            if etag:
                request.send_header("ETag", etag)
            request.end_headers()
            if not same:
                request.wfile.write(body)

        self.pages[path] = reply
        return self.address + path

    def redirect(self, path: str, target: str) -> str:
        def reply(request: BaseHTTPRequestHandler) -> None:
            request.send_response(302)
            request.send_header("Location", target)
            request.send_header("Content-Length", "0")
            request.end_headers()

        self.pages[path] = reply
        return self.address + path

    def drip(self, path: str, seconds: float) -> str:
        """Say that much will come, and send a byte now and then."""

        def reply(request: BaseHTTPRequestHandler) -> None:
            request.send_response(200)
            request.send_header("Content-Length", "1000000")
            request.end_headers()
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                request.wfile.write(b"B")
                request.wfile.flush()
                threading.Event().wait(0.2)

        self.pages[path] = reply
        return self.address + path


@pytest.fixture
def server() -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append((self.path, dict(self.headers)))
            reply = found.pages.get(self.path)
            if reply is None:
                self.send_error(404)
                return
            try:
                reply(self)
            except OSError:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    found = Server(f"http://127.0.0.1:{http.server_port}")
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    yield found
    http.shutdown()
    http.server_close()
    thread.join()


@pytest.fixture
def private_allowed(settings) -> Iterator[None]:
    """Let calendars be read from this machine."""
    runtime.install(replace(settings, private_calendars=True))
    yield
    runtime.install(settings)
