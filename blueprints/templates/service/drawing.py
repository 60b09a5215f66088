"""A message in the words that hold at a branch: the chain's own where somebody wrote some, else the product's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.catalog import api as catalog
from blueprints.templates import texts
from blueprints.templates.facts import Facts
from blueprints.templates.queries.texts import Version, in_force, today
from blueprints.templates.texts import Texts
from tenants.settings.rules import THE_CHAIN, Path


@dataclass(frozen=True)
class Drawn:
    """A message in all its forms, and by channel the version that its words are from; the product's own has none."""

    texts: Texts
    versions: Mapping[str, UUID] = field(default_factory=dict)


def draw(session: Session, name: str, locale: str, facts: Facts, branch_id: UUID | None = None) -> Drawn:
    """Draw a message of a branch, or of the chain. Raises UnknownBranch."""
    path: Path = (THE_CHAIN,)
    day = today()
    if branch_id is not None:
        branch = catalog.branch(session, branch_id)
        path, day = catalog.path_of(branch), catalog.today_at(branch)
    return draw_versions(name, locale, facts, in_force(session, path, name, locale, day))


def draw_versions(name: str, locale: str, facts: Facts, versions: Mapping[str, Version]) -> Drawn:
    """Draw it in the words of these versions, by channel."""
    own = {piece: text for version in versions.values() for piece, text in version.parts.items()}
    plain = "sms" in versions and versions["sms"].plain
    drawn = texts.draw(name, locale, facts, own, plain_sms=plain)
    return Drawn(drawn, {channel: version.id for channel, version in versions.items()})
