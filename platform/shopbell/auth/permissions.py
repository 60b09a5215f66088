"""What may be done: every permission by its name, with who holds it by birth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Permission:
    """Something that may be done.

    `label` is a msgid that says it to people. `holders` are the built-in roles and the API scopes ("scope:booking")
    that hold it. One that is `chain_wide` concerns the chain as a whole: a role that ends at a branch does not give it.
    """

    label: str
    holders: frozenset[str]
    chain_wide: bool = False


class Permissions(Mapping[str, Permission]):
    """All permissions by name. Never changes, so that what a role gives is worked out once."""

    def __init__(self, known: Mapping[str, Permission]) -> None:
        self._known = dict(known)
        self._held: dict[tuple[frozenset[str], bool], frozenset[str]] = {}

    def __getitem__(self, name: str) -> Permission:
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def held_by(self, holders: frozenset[str], *, chain_wide: bool = True) -> frozenset[str]:
        """What one of these built-in roles or scopes holds; not `chain_wide`: what is left of it at a branch."""
        found = self._held.get((holders, chain_wide))
        if found is None:
            names = (name for name, permission in self._known.items() if permission.holders & holders)
            found = self._held[holders, chain_wide] = self.among(names, chain_wide=chain_wide)
        return found

    def among(self, names: Iterable[str], *, chain_wide: bool = True) -> frozenset[str]:
        """Those of the names that are permissions; not `chain_wide`: only those that can end at a branch."""
        found = (name for name in names if name in self._known)
        return frozenset(name for name in found if chain_wide or not self._known[name].chain_wide)
