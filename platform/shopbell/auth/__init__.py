"""Who is asking, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Principal:
    """Whoever makes a request: a member of staff, an API client, or nobody in particular.

    `branch_ids` limits the branches; None means every branch of the chain.
    """

    kind: str
    id: UUID | None = None
    name: str = ""
    role: str = ""
    permissions: frozenset[str] = frozenset()
    branch_ids: frozenset[UUID] | None = None
    locale: str | None = None

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    def may_see_branch(self, branch_id: UUID) -> bool:
        return self.branch_ids is None or branch_id in self.branch_ids


ANYONE = Principal(kind="anyone")
