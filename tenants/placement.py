"""On which database server a new tenant is put."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from shopbell.errors import Invalid
from shopbell.text import N_
from tenants.models import Tenant


class NoSuchServer(Invalid):
    code = "no_such_server"
    title = N_("The installation has no such database server")


def counts(directory: Session, servers: Sequence[str]) -> dict[str, int]:
    """How many tenants lie on each server, in the order given; servers that only the directory names come last."""
    rows = directory.execute(select(Tenant.server, func.count()).group_by(Tenant.server))
    found: dict[str, int] = {row[0]: row[1] for row in rows}
    return {server: found.get(server, 0) for server in [*servers, *sorted(found.keys() - set(servers))]}


def choose(directory: Session, servers: Sequence[str], wanted: str | None = None) -> str:
    """The wanted server, or the one with the fewest tenants. Raises NoSuchServer for an unknown one."""
    if wanted is None:
        filled = counts(directory, servers)
        return min(servers, key=lambda server: filled[server])
    if wanted not in servers:
        hint = "one of " + ", ".join(servers)
        raise NoSuchServer(f"There is no database server {wanted!r}.", fields={"server": hint})
    return wanted


def free_schema(directory: Session, server: Session, slug: str) -> str:
    """A schema name made of the slug that no tenant has and that is not on the server.

    A renamed tenant keeps its schema, so the plain name may be taken although the slug is free.
    """
    plain = "t_" + slug.replace("-", "_")
    number, name = 1, plain
    while _taken(directory, server, name):
        number += 1
        name = f"{plain}_{number}"
    return name


def _taken(directory: Session, server: Session, name: str) -> bool:
    if directory.scalar(select(Tenant.id).where(Tenant.schema_name == name)):
        return True
    return server.scalar(text("select to_regnamespace(:name)"), {"name": name}) is not None


def left_over(directory: Session, server: Session, name: str) -> list[str]:
    """Schemas on a server that look like tenants' and belong to none: what a creation left that died half-way."""
    known = select(Tenant.schema_name).where(Tenant.server == name)
    schemas = server.scalars(text("select nspname::text from pg_namespace where nspname like 't\\_%' order by nspname"))
    ours = set(directory.scalars(known))
    return [schema for schema in schemas if schema not in ours]
