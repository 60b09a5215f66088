"""Under which approved code a provider without free text can send a message, and with what in it.

The text that holds comes first. Where it is not approved, a neighbour that is takes its place: an earlier version of
the same place or of one above, the nearest and newest first, and last the product's own text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.catalog import api as catalog
from blueprints.templates.defaults import default_digest, default_parts
from blueprints.templates.links import beginning
from blueprints.templates.models import TemplateApproval, TemplateVersion
from blueprints.templates.rules.approval import parameters
from blueprints.templates.rules.filling import fill
from shopbell.text import without_accents
from tenants.settings.rules import THE_CHAIN, Path


@dataclass(frozen=True)
class Asked:
    """A text message to be sent: its words are those of a version, or without one the product's own."""

    id: UUID
    name: str
    locale: str
    branch_id: UUID | None
    version_id: UUID | None
    variables: Mapping[str, str]


@dataclass(frozen=True)
class Coded:
    """What a provider is given: its code, the parameters in the order of its placeholders, and what people then read.

    `version_id` is the version that is sent, which may be a neighbour of the one asked for; None for the product's own.
    """

    code: str
    params: tuple[tuple[str, str], ...]
    body: str
    version_id: UUID | None


@dataclass(frozen=True)
class _Known:
    """Words that somebody approved."""

    digest: str
    text: str
    plain: bool
    version_id: UUID | None
    place: UUID | None = None


def codes(session: Session, asked: Sequence[Asked], accounts: Collection[str]) -> dict[UUID, dict[str, Coded]]:
    """By message and account; what is missing there has no approved words. Two queries, however many messages."""
    if not asked or not accounts:
        return {one.id: {} for one in asked}
    names = {one.name for one in asked}
    approved = _approved(session, names, accounts)
    known = _versions(session, names) if approved else {}
    found: dict[UUID, dict[str, Coded]] = {}
    for one in asked:
        order = list(_candidates(one, known.get((one.name, one.locale), ()), _path(session, one.branch_id)))
        coded = {account: _first(one, order, approved, account) for account in accounts}
        found[one.id] = {account: first for account, first in coded.items() if first}
    return found


Said = tuple[str, list[str]]
"""The code and the variables of an approval."""


def _approved(session: Session, names: Collection[str], accounts: Collection[str]) -> dict[tuple[str, str], Said]:
    statement = select(
        TemplateApproval.account, TemplateApproval.digest, TemplateApproval.code, TemplateApproval.variables
    ).where(
        TemplateApproval.account.in_(accounts), TemplateApproval.name.in_(names), TemplateApproval.state == "approved"
    )
    return {(account, digest): (code, variables) for account, digest, code, variables in session.execute(statement)}


def _versions(session: Session, names: Collection[str]) -> dict[tuple[str, str], list[_Known]]:
    """Every published text that some provider approved, newest first."""
    said = select(TemplateApproval.digest).where(TemplateApproval.state == "approved")
    statement = (
        select(
            TemplateVersion.name,
            TemplateVersion.locale,
            TemplateVersion.digest,
            TemplateVersion.parts["sms"].astext,
            TemplateVersion.plain,
            TemplateVersion.id,
            TemplateVersion.region_id,
            TemplateVersion.branch_id,
        )
        .where(
            TemplateVersion.name.in_(names),
            TemplateVersion.channel == "sms",
            TemplateVersion.published_at.is_not(None),
            TemplateVersion.digest.in_(said),
        )
        .order_by(TemplateVersion.published_at.desc(), TemplateVersion.id.desc())
    )
    found: dict[tuple[str, str], list[_Known]] = defaultdict(list)
    for name, locale, digest, text, plain, id_, region_id, branch_id in session.execute(statement):
        found[name, locale].append(_Known(digest, text, plain, id_, branch_id or region_id))
    return found


def _candidates(asked: Asked, known: Sequence[_Known], path: Path) -> Iterator[_Known]:
    yield from (one for one in known if one.version_id == asked.version_id)
    if asked.version_id is not None:
        for place in reversed(path):
            yield from (one for one in known if one.place == place.id)
    default = default_parts(asked.name, "sms", asked.locale)["sms"]
    yield _Known(default_digest(asked.name, "sms", asked.locale), default, False, None)


def _first(
    asked: Asked, order: Sequence[_Known], approved: Mapping[tuple[str, str], Said], account: str
) -> Coded | None:
    for one in order:
        said = approved.get((account, one.digest))
        if said is None:
            continue
        values = {name: without_accents(value) if one.plain else value for name, value in asked.variables.items()}
        params = parameters(said[1], values, beginning())
        if params is not None:
            body = fill(one.text, values)
            return Coded(said[0], params, without_accents(body) if one.plain else body, one.version_id)
    return None


def _path(session: Session, branch_id: UUID | None) -> Path:
    return catalog.path_of(catalog.branch(session, branch_id)) if branch_id else (THE_CHAIN,)
