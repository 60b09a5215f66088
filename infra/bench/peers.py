"""The limits: pgbench doing the same SQL, and a Flask route that returns the same bytes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url, text

from infra.bench.stage import Stage, free_port, wait_until_ready
from shopbell.embedded import postgres_program

LEAST_BOOKING = r"""
\set person random(1, 100000)
\set room random(100001, 200000)
\set device random(200001, 300000)
\set cell random(1, 4000)
begin;
select resource_id from least_allocations where resource_id in (:person, :room, :device)
   and starts_at < timestamptz '2030-01-01' + (:cell + 3) * interval '5 minutes'
   and ends_at > timestamptz '2030-01-01' + :cell * interval '5 minutes';
insert into least_bookings (person, starts_at)
 values (:person, timestamptz '2030-01-01' + :cell * interval '5 minutes');
insert into least_allocations (resource_id, starts_at, ends_at)
 select r, timestamptz '2030-01-01' + :cell * interval '5 minutes',
        timestamptz '2030-01-01' + (:cell + 3) * interval '5 minutes'
   from unnest(array[:person, :room, :device]) as r order by r on conflict do nothing;
insert into least_outbox (payload) values ('{"booking": 1, "customer": 2, "branch": 3}');
commit;
"""

TABLES = """
create schema if not exists limits;
set local search_path to limits;
create table if not exists least_bookings
    (id uuid primary key default gen_random_uuid(), person bigint, starts_at timestamptz, status text default 'booked');
create table if not exists least_allocations
    (id bigint generated always as identity primary key, resource_id bigint, starts_at timestamptz, ends_at timestamptz,
     exclude using gist (int8range(resource_id, resource_id, '[]') with &&, tstzrange(starts_at, ends_at) with &&));
create index if not exists least_by_resource on least_allocations (resource_id, starts_at);
create table if not exists least_outbox (id bigint generated always as identity primary key, payload jsonb);
"""


def prepare(stage: Stage) -> None:
    with stage.database.transaction(None) as session:
        for statement in TABLES.split(";"):
            if statement.strip():
                session.execute(text(statement))


def pgbench(stage: Stage, script: str, *, schema: str = "limits", clients: int = 8, seconds: int = 3) -> float:
    """Transactions a second of a pgbench script."""
    url = make_url(stage.settings.database_url)
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        command = [str(postgres_program("pgbench")), "-n", "-c", str(clients), "-j", "2", "-T", str(seconds)]
        done = subprocess.run(
            [*command, "-f", file.name],
            env={**os.environ, **connection_environment(url), "PGOPTIONS": f"-c search_path={schema}"},
            capture_output=True,
            text=True,
            check=True,
        )
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if found is None:
        raise RuntimeError(f"pgbench said nothing of its speed:\n{done.stdout}\n{done.stderr}")
    return float(found[1])


def connection_environment(url) -> dict[str, str]:  # type: ignore[no-untyped-def]
    host = url.query.get("host") or url.host or "127.0.0.1"
    found = {"PGHOST": host, "PGPORT": str(url.port or url.query.get("port") or 5432), "PGDATABASE": url.database}
    return {**found, "PGUSER": url.username or "", **({"PGPASSWORD": url.password} if url.password else {})}


SAME_BYTES = """
from flask import Flask, Response
from pathlib import Path
app = Flask(__name__)
BODY = Path({path!r}).read_bytes()
@app.get("/same")
def same():
    return Response(BODY, mimetype="application/json")
@app.get("/readyz")
def readyz():
    return "ok"
"""


@contextmanager
def same_bytes(body: bytes) -> Iterator[int]:
    """A Flask route under the same server that returns these bytes; yields its port."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "body").write_bytes(body)
        (home / "same_bytes.py").write_text(SAME_BYTES.format(path=str(home / "body")))
        port = free_port()
        command = [sys.executable, "-m", "gunicorn", "--worker-class", "gthread", "--workers", str(os.cpu_count() or 2)]
        command += ["--threads", "4", "--log-level", "warning", "--keep-alive", "30", "--no-control-socket"]
        process = subprocess.Popen([*command, "--bind", f"127.0.0.1:{port}", "same_bytes:app"], cwd=home)
        try:
            wait_until_ready(process, port)
            yield port
        finally:
            process.terminate()
            process.wait(15)
