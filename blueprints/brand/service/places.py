"""What regions and branches may have of their own, and what they have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from blueprints.brand.errors import BadBrand
from blueprints.brand.keys import FREEDOMS, LOGO, NAME, OF_TEXTS
from blueprints.brand.queries.legal import today
from blueprints.brand.queries.places import free, own_at
from blueprints.brand.rules import Words
from blueprints.brand.service.look import kept_logo, words
from shopbell.checks import Checks
from tenants.settings import store
from tenants.settings.rules import THE_CHAIN, Path
from tenants.settings.store import Author, Change


@dataclass(frozen=True)
class OwnInput:
    """A place's own as typed; what is empty is taken over from above."""

    name: str = ""
    texts: Mapping[str, Words] = field(default_factory=dict)
    logo: bytes = b""
    drop_logo: bool = False


def set_freedom(session: Session, allowed: Mapping[str, bool], by: Author) -> None:
    """Let regions and branches have their own name, logo and texts, or lock them. May be repeated."""
    before = free(session)
    changes = [
        Change(key, (THE_CHAIN,), today(), key.default, own=not allowed[name], locked=not allowed[name])
        for name, keys in FREEDOMS.items()
        if before[name] != allowed[name]
        for key in keys
    ]
    store.say(session, changes, by)


def set_own(session: Session, path: Path, typed: OwnInput, by: Author) -> None:
    """Say what the region or the branch has of its own from today on. May be repeated.

    Raises BadBrand or tenants.settings.errors.SettingLocked, naming fields.
    """
    checks, before = Checks(), own_at(session, path)
    name = checks.line("display_name", typed.name, longest=60, required=False)
    texts = words(checks, typed.texts)
    logo = "" if typed.drop_logo else before.logo_id
    if typed.logo:
        logo = str(kept_logo(session, checks, typed.logo) or "")
    checks.settle(BadBrand)
    wanted = [
        (NAME, name, before.name, "display_name"),
        (LOGO, logo, before.logo_id, "logo"),
        *((key, texts.get(of, {}), before.texts[of], of) for of, key in OF_TEXTS.items()),
    ]
    changes = [
        Change(key, path, today(), value or None, own=bool(value), field=name_of)
        for key, value, was, name_of in wanted
        if value != was
    ]
    store.say(session, changes, by)
