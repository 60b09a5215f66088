"""Run a command that ends when the process that started it is gone, even by kill -9.

    python -S infra/dev/leash.py PARENT_PID COMMAND [ARGUMENT ...]

Linux alone can promise that; elsewhere the command simply runs.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(command: list[str], parent: int) -> None:
    """Become the command. `parent` is who must stay alive."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            return
    os.execvp(command[0], command)  # noqa: S606 - the command is the supervisor's own


if __name__ == "__main__":
    main(sys.argv[2:], int(sys.argv[1]))
