"""A small HTTP/1.1 server with kept-alive connections.

The development server of Werkzeug closes every connection after one answer, which would hide whether a sender
reuses its connections, and makes a poor stand-in for a provider's API.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

MAX_BODY_BYTES = 1_000_000
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'self'"
)


@dataclass(frozen=True)
class Request:
    """One request. Header names are in lower case; `query` and `form` keep every value of a name, in order."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, list[str]]:
        """The body read as an HTML form."""
        return parse_qs(self.body.decode("utf-8", "replace"), keep_blank_values=True)

    @property
    def json(self) -> Any:
        """The body read as JSON. Raises ValueError."""
        return json.loads(self.body)

    def one(self, name: str, default: str = "") -> str:
        """The first value of a query parameter, trimmed."""
        return self.query.get(name, [default])[0].strip()

    def whole(self, name: str, default: int, most: int) -> int:
        """A query parameter as a whole number from 0 to `most`; anything else gives the default."""
        text = self.one(name)
        return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 10 else default


@dataclass(frozen=True)
class Response:
    """One answer, given `after_seconds`. With `cut` the connection is closed without a word, as a dying peer would."""

    status: int = 200
    body: bytes = b""
    kind: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    after_seconds: float = 0.0


Handle = Callable[[Request], Response]


def answer_json(value: Any, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(status, json.dumps(value, ensure_ascii=False).encode(), "application/json")


def answer_page(text: str, status: int = 200, *, refresh_seconds: int = 0) -> Response:
    """An HTML page under a policy that allows no script; it can ask the browser to load it again."""
    headers = {"Content-Security-Policy": PAGE_POLICY, "Referrer-Policy": "no-referrer"}
    if refresh_seconds:
        headers["Refresh"] = str(refresh_seconds)
    return Response(status, text.encode(), headers=headers)


class WebServer:
    """Serves one `Handle` on one port until closed. Raises OSError when the port is taken."""

    def __init__(self, host: str, port: int, handle: Handle) -> None:
        self._server = _Listener((host, port), _handler_class(handle))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def port(self) -> int:
        """The port in use, also when 0 was asked for."""
        return int(self._server.server_address[1])

    def start(self) -> None:
        """Begin to answer, in the background."""
        self._thread.start()

    def close(self) -> None:
        """Stop answering and free the port."""
        if self._thread.is_alive():
            self._server.shutdown()
        self._server.server_close()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256
    allow_reuse_address = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is no news on a development machine."""


def _handler_class(handle: Handle) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "devtools"
        disable_nagle_algorithm = True
        wbufsize = 65536
        timeout = 120

        def answer(self) -> None:
            request = _read(self)
            if request is None:
                self._send(Response(413, b"Too large", "text/plain"), close=True)
                return
            self._send(handle(request))

        do_GET = do_HEAD = do_POST = do_DELETE = answer

        def _send(self, response: Response, *, close: bool = False) -> None:
            if response.after_seconds:
                threading.Event().wait(response.after_seconds)
            if response.cut:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response(response.status)
            self.send_header("Content-Type", response.kind)
            self.send_header("Content-Length", str(len(response.body)))
            self.send_header("X-Content-Type-Options", "nosniff")
            if close:
                self.send_header("Connection", "close")
            for name, value in response.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(response.body)
            self.wfile.flush()

        def log_message(self, *args: Any) -> None:
            """Quiet: the pages show what happened."""

    return Handler


def _read(handler: BaseHTTPRequestHandler) -> Request | None:
    length = handler.headers.get("Content-Length", "0")
    size = int(length) if length.isascii() and length.isdigit() else 0
    if size > MAX_BODY_BYTES:
        return None
    parts = urlsplit(handler.path)
    return Request(
        method=handler.command,
        path=parts.path,
        query=parse_qs(parts.query, keep_blank_values=True),
        headers={name.lower(): value for name, value in handler.headers.items()},
        body=handler.rfile.read(size) if size else b"",
    )
