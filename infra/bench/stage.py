"""The product on a stage of its own: real servers, a fresh database, two chains, gunicorn on a free port."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from blueprints.access import api as access
from blueprints.registry import seeders
from infra.bench.big_branch import BigBranch, furnish
from shopbell import embedded, runtime
from shopbell.db import Database
from shopbell.settings import ROOT, Settings
from shopbell.tenancy import TenantContext
from tenants import migrate, provisioning
from tenants.provisioning import NewTenant

READY_SECONDS = 60


@dataclass
class Stage:
    """Everything a benchmark may need."""

    settings: Settings
    database: Database
    tenant: TenantContext
    branch: BigBranch
    port: int
    bearer: str
    cookie: str
    sizes: tuple[int, ...] = (50, 200)
    """How many chains the benchmarks of many chains make, one size after the other."""

    @property
    def host(self) -> str:
        return f"{self.tenant.host}:{self.port}"

    def headers(self, *, staff: bool = False) -> dict[str, str]:
        who = {"Cookie": self.cookie} if staff else {"Authorization": f"Bearer {self.bearer}"}
        return {"Host": self.host, **who}


@contextmanager
def stage() -> Iterator[Stage]:
    """Servers with fsync on; DATABASE_URL and REDIS_URL are used when set. Everything started is stopped."""
    home = Path(tempfile.mkdtemp(prefix="bench-", dir=_var()))
    with embedded.services(home, os.environ) as urls, _database(urls.database_url) as url:
        port = free_port()
        environ = {
            **os.environ,
            "DATABASE_URL": url,
            "REDIS_URL": urls.redis_url,
            "PORT": str(port),
            "SHOPBELL_ENVIRONMENT": "test",
            "SHOPBELL_RATE_LIMIT_FACTOR": "1000000",
        }
        settings = Settings.load(environ)
        runtime.install(settings)
        database = Database.from_settings(settings, "shopbell-bench")
        migrate.upgrade_shared(database)
        new = NewTenant("bench", "Bench Optik", "optical", "zh-CN")
        tenant = provisioning.create(database, new, base_domain="localhost", seeders=seeders())
        with database.transaction(tenant) as session:
            branch = furnish(session)
            client = access.create_client(session, "bench", ["booking"])
            access.create_user(session, "desk@bench.example", "a-long-bench-password", "Desk", "hq", [], "en")
        with database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("analyze"))
        with web(environ, port):
            bearer = token_of(tenant, port, *client)
            cookie = _sign_in(tenant, port)
            yield Stage(settings, database, tenant, branch, port, bearer, cookie)
        database.dispose()


def _var() -> Path:
    folder = ROOT / "var"
    folder.mkdir(exist_ok=True)
    return folder


@contextmanager
def _database(url: str) -> Iterator[str]:
    name = f"shopbell_bench_{secrets.token_hex(4)}"
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f'create database "{name}"'))
    try:
        yield make_url(url).set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.execute(text(f'drop database "{name}" with (force)'))
        server.dispose()


@contextmanager
def web(environ: Mapping[str, str], port: int) -> Iterator[None]:
    command = [sys.executable, "-m", "gunicorn", "--worker-class", "gthread", "--workers", str(os.cpu_count() or 2)]
    # As it is deployed (infra/deploy).
    command += ["--preload", "--threads", "4", "--log-level", "warning", "--keep-alive", "30", "--no-control-socket"]
    command += ["--bind", f"127.0.0.1:{port}", "infra.wsgi:app"]
    process = subprocess.Popen(command, env=dict(environ), cwd=ROOT)
    try:
        wait_until_ready(process, port)
        yield
    finally:
        process.terminate()
        process.wait(15)


def wait_until_ready(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the web server ended with {process.returncode}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            pause()
    raise RuntimeError("the web server was not ready in time")


def pause(seconds: float = 0.1) -> None:
    """Give the processor to somebody else for a moment."""
    threading.Event().wait(seconds)


def token_of(tenant: TenantContext, port: int, client_id: str, secret: str) -> str:
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret, "scope": "booking"}
    with _post(tenant, port, "/oauth/token", form) as answer:
        return str(json.load(answer)["access_token"])


def _sign_in(tenant: TenantContext, port: int) -> str:
    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    form = urllib.parse.urlencode({"email": "desk@bench.example", "password": "a-long-bench-password"}).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}/sign-in", form, {"Host": f"{tenant.host}:{port}"})
    try:
        urllib.request.build_opener(Stay).open(request, timeout=30)
    except urllib.error.HTTPError as answer:
        return str(answer.headers["Set-Cookie"]).split(";", 1)[0]
    raise RuntimeError("signing in did not lead anywhere")


def _post(tenant: TenantContext, port: int, path: str, form: dict[str, str]):  # type: ignore[no-untyped-def]
    data = urllib.parse.urlencode(form).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, {"Host": f"{tenant.host}:{port}"})
    return urllib.request.urlopen(request, timeout=30)  # noqa: S310


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
