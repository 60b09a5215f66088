"""PgBouncer in transaction mode between the tests and their database, for `make pgbouncer`."""

from __future__ import annotations

import os
import pwd
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import URL, make_url

PROGRAM = "SHOPBELL_TEST_PGBOUNCER"
"""The environment names the program here; without it tests go straight to the database."""
PORT = 6432
START_SECONDS = 20
SETTINGS = {
    "pool_mode": "transaction",
    "max_prepared_statements": "200",
    # Who waits longer for a server connection than this has found a deadlock between tests and pooler.
    "query_wait_timeout": "30",
    "default_pool_size": "20",
    "max_client_conn": "300",
    # Nobody but the own user reaches the socket.
    "auth_type": "any",
    "listen_addr": "",
    "listen_port": str(PORT),
    "stats_period": "3600",
}


class NoTransactionMode(AssertionError):
    """Two clients did not take turns on one server connection, so nothing would be shown."""


@contextmanager
def if_asked(url: str, environ: Mapping[str, str] = os.environ) -> Iterator[str]:
    """The URL by which the same database is reached through PgBouncer, when the environment names one."""
    program = environ.get(PROGRAM)
    if not program:
        yield url
        return
    with tempfile.TemporaryDirectory(prefix="shopbell-pgbouncer-") as folder, running(program, url, Path(folder)):
        pooled = make_url(url).set(query={"host": folder, "port": str(PORT)}, host=None, port=None, password=None)
        check(pooled)
        yield pooled.render_as_string(hide_password=False)


@contextmanager
def running(program: str, url: str, folder: Path) -> Iterator[None]:
    account, configuration, log = owner(make_url(url)), folder / "pgbouncer.ini", folder / "log"
    configuration.write_text(configured(make_url(url), folder))
    if account is not None:
        for path in (folder, configuration):
            os.chown(path, account.pw_uid, account.pw_gid)
    with log.open("w") as written:
        process = subprocess.Popen(
            [program, configuration],
            stdout=written,
            stderr=subprocess.STDOUT,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )
    try:
        wait_for(folder / f".s.PGSQL.{PORT}", process, log)
        yield
    finally:
        # It would wait for clients that went without a word.
        process.kill()
        process.wait()


def owner(url: URL) -> pwd.struct_passwd | None:
    """As root, which PgBouncer refuses to be: whoever may reach the database's socket."""
    if os.geteuid() != 0:
        return None
    sockets = str(url.query.get("host", ""))
    return pwd.getpwuid(os.stat(sockets).st_uid) if sockets.startswith("/") else pwd.getpwnam("nobody")


def configured(url: URL, folder: Path) -> str:
    place = {
        "host": url.host or url.query.get("host"),
        "port": url.port or url.query.get("port"),
        "user": url.username,
        "password": url.password,
    }
    database = " ".join(f"{name}={value}" for name, value in place.items() if value)
    settings = "\n".join(f"{name} = {value}" for name, value in {**SETTINGS, "unix_socket_dir": str(folder)}.items())
    return f"[databases]\n* = {database}\n\n[pgbouncer]\n{settings}\n"


def wait_for(socket: Path, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while not socket.exists():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < end, log.read_text()
        os.sched_yield()


def check(url: URL) -> None:
    """Raises NoTransactionMode."""
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as one, psycopg.connect(address, autocommit=True) as other:
        servers = {client.execute("select pg_backend_pid()").fetchone() for client in (one, other, one, other)}
    if len(servers) != 1:
        raise NoTransactionMode(f"four questions of two clients went to {len(servers)} server connections")
