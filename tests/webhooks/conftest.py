"""A receiver that keeps to a plan of faults, on a real socket."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from blueprints.webhooks import service
from blueprints.webhooks.service import EndpointInput
from shopbell import runtime


@dataclass
class Receiver:
    """What arrived, as (headers, body). `plan` holds the statuses of the next answers, then 200 for ever; "slow" keeps
    the caller waiting, "away" leads somewhere else, "long" answers more than anybody wants."""

    url: str = ""
    plan: list[int | str] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            step = found.plan.pop(0) if found.plan else 200
            if step == "slow":
                found.released.wait(20)
                return
            self.send_response(302 if step == "away" else 200 if step == "long" else int(step))
            if step == "away":
                self.send_header("Location", found.url + "/elsewhere")
            self.end_headers()
            self.wfile.write(b"x" * 100_000 if step == "long" else b"thanks")

        def log_message(self, *_args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.url = f"http://127.0.0.1:{server.server_port}/hooks"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield found
    found.released.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def this_network(settings) -> Iterator[None]:
    runtime.install(replace(settings, private_calendars=True))
    yield
    runtime.install(settings)


@pytest.fixture
def endpoint(session, receiver, this_network):
    """Told of appointments that are made and cancelled."""
    return service.add(session, EndpointInput(receiver.url, ("booking.created", "booking.cancelled")))
