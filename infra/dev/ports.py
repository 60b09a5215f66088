"""The ports of a run: one chosen, the others that follow from it."""

import errno
import socket
from collections.abc import Mapping

DEFAULT = 8000
TOOLS = {
    25: "the development mailbox's SMTP server",
    26: "the mailbox page",
    27: "the phone simulator",
    28: "the simulator of Alibaba Cloud SMS",
    29: "the simulator of Tencent Cloud SMS",
    30: "the simulator of AWS SNS",
    31: "the simulator's SMSC",
}


class PortProblem(Exception):
    """A port cannot be used; the text is one plain sentence."""


def chosen(environ: Mapping[str, str]) -> int:
    """The port PORT names, 8000 without it. Raises PortProblem."""
    text = environ.get("PORT") or str(DEFAULT)
    highest = 65535 - max(TOOLS)
    if not text.isdecimal() or not 1 <= int(text) <= highest:
        raise PortProblem(f"PORT must be a number from 1 to {highest}, not {text!r}: for example PORT=8080 make run.")
    return int(text)


def must_be_free(port: int) -> None:
    """Raises PortProblem, naming the port and what it is for, when one of the run's ports is in use."""
    wanted = {0: "Shopbell itself", **TOOLS}
    for offset, purpose in wanted.items():
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port + offset))
            except OSError as problem:
                raise PortProblem(_sentence(port, offset, purpose, problem)) from problem


def _sentence(port: int, offset: int, purpose: str, problem: OSError) -> str:
    choose = "choose another with PORT=8080 make run" if port != 8080 else "choose another with PORT=9000 make run"
    which = f"Port {port + offset}, needed for {purpose}" + (f" (PORT + {offset})," if offset else ",")
    if problem.errno == errno.EADDRINUSE:
        return f"{which} is taken by another program: stop that program, or {choose}."
    return f"{which} cannot be used ({problem.strerror}): {choose}."
