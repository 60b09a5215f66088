"""Work that was given up, and what an operator does about it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from blueprints.operator.service import records
from blueprints.operator.service.records import Author
from shopbell import clock
from shopbell.db import Database, UnknownServer
from shopbell.due import DueWork
from shopbell.errors import NotFound
from tenants import resolve


def try_again(directory: Session, database: Database, server: str, work_id: UUID, *, by: Author) -> None:
    """Have work done that was given up, as if it had never been tried. Raises NotFound when there is none."""
    given_up = (DueWork.id == work_id, DueWork.failed_at.is_not(None))
    afresh = {"failed_at": None, "attempts": 0, "run_at": clock.now(), "hinted_at": None}
    try:
        with database.transaction(None, server=server) as there:
            changed = update(DueWork).where(*given_up).values(afresh).returning(DueWork.tenant_id, DueWork.kind)
            found = there.execute(changed).first()
    except UnknownServer:
        found = None
    if found is None:
        raise NotFound
    records.note(directory, by, "work.again", resolve.find(directory, found.tenant_id), kind=found.kind)
