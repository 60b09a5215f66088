"""What regions and branches have of their own."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from blueprints.brand.keys import FREEDOMS, LOGO, NAME, OF_TEXTS
from blueprints.brand.queries.legal import today
from blueprints.brand.rules import Words
from tenants.settings import store
from tenants.settings.keys import Key
from tenants.settings.rules import THE_CHAIN, Entry, Path


@dataclass(frozen=True)
class Own:
    """What a place itself says: "" and {} where it takes over what is above. `locks` has who locked what."""

    name: str
    logo_id: str
    texts: dict[str, Words]
    locks: dict[str, Entry]


def own_at(session: Session, path: Path) -> Own:
    said, day, place = store.said(session), today(), path[-1]

    def own(key: Key) -> object:
        source = said.source(key, path, day)
        return source.value if source and source.place == place else None

    locks = {name: said.lock_above(keys[0], path, day) for name, keys in FREEDOMS.items()}
    return Own(
        name=str(own(NAME) or ""),
        logo_id=str(own(LOGO) or ""),
        texts={name: own(key) or {} for name, key in OF_TEXTS.items()},  # type: ignore[misc]
        locks={name: lock for name, lock in locks.items() if lock},
    )


def free(session: Session) -> dict[str, bool]:
    """Whether the chain lets its regions and branches have their own, by FREEDOMS."""
    said, day = store.said(session), today()
    locked = {name: said.source(keys[0], (THE_CHAIN,), day) for name, keys in FREEDOMS.items()}
    return {name: not (entry and entry.locked) for name, entry in locked.items()}
