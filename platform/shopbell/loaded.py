"""Whole rows past the unit of work: read and written by prepared statements, and known to the session all the same.

Loading one row of thirty columns through the ORM takes more than a million instructions, and so does a flush that
writes three of them back. See decision 16.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, Update, inspect
from sqlalchemy.orm import DeclarativeBase, InstanceState, Session, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from shopbell.prepared import Prepared

M = TypeVar("M", bound=DeclarativeBase)


class Loaded(Generic[M]):
    """A question for rows of a model, whose first column is its key; what the session knows of them becomes what the
    database knows."""

    def __init__(self, model: type[M], statement: Select[M]) -> None:
        self._model = model
        self._names = [str(column.key) for column in statement.selected_columns]
        self._statement = Prepared(statement)

    def run(self, session: Session, values: Mapping[str, Any]) -> list[M]:
        session.flush()
        return [self._known(session, row) for row in self._statement.run(session, values)]

    def _known(self, session: Session, row: tuple[Any, ...]) -> M:
        found: M | None = session.identity_map.get(identity_key(self._model, row[0]))
        if found is not None:
            for name, value in zip(self._names, row, strict=True):
                set_committed_value(found, name, value)
            return found
        found = self._model()
        vars(found).update(zip(self._names, row, strict=True))
        make_transient_to_detached(found)
        session.add(found)
        return found


class Written(Generic[M]):
    """An update of one row, `row_id`, that sets what was changed in the object, and what the statement says itself."""

    def __init__(self, statement: Update) -> None:
        self._statement = Prepared(statement)

    def run(self, session: Session, row: M) -> None:
        """Do at once what the next flush would do."""
        state: InstanceState[M] = inspect(row)
        now = state.dict
        changed = {name: now[name] for name, before in state.committed_state.items() if now[name] != before}
        [row_id] = state.identity or ()
        self._statement.run(session, {"row_id": row_id, **changed})
        session._register_persistent({state})
