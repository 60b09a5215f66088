"""Whoever makes a request, and what they were granted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID


@dataclass(frozen=True)
class Grant:
    """Permissions that are held at these branches; None means at every branch, and for the chain as a whole."""

    permissions: frozenset[str]
    branch_ids: frozenset[UUID] | None = None


@dataclass(frozen=True)
class Principal:
    """A member of staff, an API client, or nobody in particular.

    `behalf` is the name of whom an API client acts for, and `behalf_id` their account, if it acts for anybody.
    One person may be manager at one branch and at the front desk of another: ask with the branch where there is one.
    """

    kind: str
    id: UUID | None = None
    name: str = ""
    role: str = ""
    grants: tuple[Grant, ...] = ()
    locale: str | None = None
    behalf: str = ""
    behalf_id: UUID | None = None

    @cached_property
    def permissions(self) -> frozenset[str]:
        """Everything that is held anywhere."""
        return frozenset().union(*(grant.permissions for grant in self.grants))

    @property
    def branch_ids(self) -> frozenset[UUID] | None:
        """Every branch at which anything is held; None means all of them."""
        return _together(self.grants)

    def may(self, permission: str) -> bool:
        """Whether it is held anywhere: enough for what belongs to no branch."""
        return permission in self.permissions

    def may_at(self, permission: str, branch_id: UUID) -> bool:
        """Whether it is held at this branch."""
        return any(
            permission in grant.permissions and (grant.branch_ids is None or branch_id in grant.branch_ids)
            for grant in self.grants
        )

    def branches_for(self, permission: str) -> frozenset[UUID] | None:
        """The branches at which it is held; None means all of them, and the chain as a whole."""
        return _together(tuple(grant for grant in self.grants if permission in grant.permissions))


def _together(grants: tuple[Grant, ...]) -> frozenset[UUID] | None:
    found: set[UUID] = set()
    for grant in grants:
        if grant.branch_ids is None:
            return None
        found |= grant.branch_ids
    return frozenset(found)


ANYONE = Principal(kind="anyone")
