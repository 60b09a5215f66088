"""A name server for tests: it answers over UDP with the texts it was given."""

from __future__ import annotations

import socket
import threading
from types import TracebackType

import dns.flags
import dns.message
import dns.rcode
import dns.rrset


class Names:
    """Serves `texts` by name while it is entered; a name that is not there does not exist."""

    def __init__(self) -> None:
        self.texts: dict[str, list[str]] = {}
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Names:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        host, port = self._socket.getsockname()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", (host, port))
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while True:
            wire, sender = self._socket.recvfrom(4096)
            if not wire:
                return
            self._socket.sendto(self._answer(dns.message.from_wire(wire)).to_wire(max_size=65535), sender)

    def _answer(self, query: dns.message.Message) -> dns.message.Message:
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        name = query.question[0].name
        found = self.texts.get(name.to_text(omit_final_dot=True).lower())
        if found is None:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        for text in found or ():
            pieces = " ".join(f'"{text[start : start + 255]}"' for start in range(0, len(text), 255))
            answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", pieces))
        return answer
