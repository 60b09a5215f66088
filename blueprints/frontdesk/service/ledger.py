"""Every operation counts once: its answer is written with the work and repeated to whoever sends it again."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from blueprints.frontdesk.models import DeskOp
from blueprints.frontdesk.service.work import carry_out
from blueprints.frontdesk.values import Desk, Operation, Refusal
from shopbell import clock
from shopbell.db import is_deadlock, is_unstorable, table
from shopbell.errors import DomainError, Invalid
from shopbell.i18n import gettext as _
from shopbell.prepared import Prepared

log = logging.getLogger(__name__)
TRIES = 3
OPS = table(DeskOp)
CLAIM = Prepared(insert(OPS).on_conflict_do_nothing().returning(OPS.c.op_id))
KEEP = Prepared(update(OPS).where(OPS.c.op_id == bindparam("operation")))

Result = dict[str, Any]


def exchange(session: Session, desk: Desk, operations: Sequence[Operation]) -> list[Result]:
    """Carry out the operations in their order; one result each, as {op_id, status, code?, detail?, id?, duplicate?}
    and what else the work tells (name, unplaced).

    `applied` is done, `clash` is kept and needs a decision, `rejected` was refused for the reason told and will be
    again. `error` is our own trouble: nothing of that operation is written, and the rest is left for the next time.
    Each operation is a savepoint of its own. Harmless to repeat.
    """
    results = []
    for operation in operations:
        result = answer(session, desk, operation)
        results.append({"op_id": str(operation.op_id), **result})
        if result["status"] == "error":
            break
    return results


def answer(session: Session, desk: Desk, operation: Operation) -> Result:
    if isinstance(operation.command, Refusal):
        refusal = operation.command
        return rejected(refusal.code, refusal.detail, refusal.fields)
    for _try in range(TRIES):
        try:
            return once(session, desk, operation)
        except Exception as error:
            if is_unstorable(error):
                return rejected(Invalid.code, _(Invalid.title))
            trouble = error
            # A deadlock's loser has let go of what this operation held, and may do it again.
            if not is_deadlock(error):
                break
    # The device keeps the operation and sends it again: swallowing this would stop the work before it, too.
    log.error("operation %s (%s) failed", operation.op_id, operation.type, exc_info=trouble)
    return {"status": "error", "code": "unexpected", "detail": _("The server has a problem.")}


def once(session: Session, desk: Desk, operation: Operation) -> Result:
    """The operation in a savepoint of its own, with its answer."""
    with session.begin_nested():
        if not first_time(session, desk, operation):
            return stored(session, desk, operation)
        result = attempt(session, desk, operation)
        keep(session, operation, result)
        return result


def first_time(session: Session, desk: Desk, operation: Operation) -> bool:
    """Claim the operation. A copy of it that runs at the same moment waits here until this one is committed."""
    row = {
        "op_id": operation.op_id,
        "branch_id": desk.branch_id,
        "device": desk.device,
        "user_id": desk.user_id,
        "type": operation.type,
        "at": operation.at,
        "applied_at": clock.now(),
    }
    return bool(CLAIM.run(session, row))


def stored(session: Session, desk: Desk, operation: Operation) -> Result:
    """What was answered the first time."""
    statement = select(DeskOp.result).where(DeskOp.op_id == operation.op_id, DeskOp.branch_id == desk.branch_id)
    result = session.scalars(statement).first()
    if result is None:
        return rejected("unknown_operation", _("This work was sent from another branch."))
    return {**result, "duplicate": True}


def attempt(session: Session, desk: Desk, operation: Operation) -> Result:
    try:
        with session.begin_nested():
            outcome = carry_out(session, desk, operation)
    except DomainError as error:
        detail = error.detail if error.detail != error.title else _(error.title)
        return rejected(error.code, detail, error.fields)
    return {"status": outcome.status, "id": str(outcome.id), **outcome.more}


def keep(session: Session, operation: Operation, result: Result) -> None:
    KEEP.run(session, {"operation": operation.op_id, "result": result})


def rejected(code: str, detail: str, fields: dict[str, str] | None = None) -> Result:
    return {"status": "rejected", "code": code, "detail": detail, **({"fields": fields} if fields else {})}
