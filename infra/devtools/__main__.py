"""Start the mailbox and the telco simulator, and stay until told to stop."""

from __future__ import annotations

import os
import signal
import sys
import threading

from infra.devtools.tools import PortTaken, from_environment


def main() -> int:
    """Run until SIGTERM or Ctrl-C. 1 when a port is taken."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    tools = from_environment(os.environ)
    try:
        tools.start()
    except PortTaken as error:
        print(error, file=sys.stderr)
        tools.close()
        return 1
    for name, port in tools.ports.items():
        print(f"{name}: port {port}", flush=True)
    stop.wait()
    tools.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
