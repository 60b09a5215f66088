"""Texts at providers that send no free text: handed in, approved, rejected."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.templates.errors import BadStep, BadText, UnknownApproval
from blueprints.templates.links import beginning
from blueprints.templates.models import TemplateApproval
from blueprints.templates.queries.texts import Spot
from blueprints.templates.rules.approval import FOLLOWS, Notation, Submission, submission
from shopbell import clock, ids
from shopbell.checks import Checks
from shopbell.i18n import gettext as _
from shopbell.text import clean_name, without_accents
from tenants.settings.store import Author

LONGEST_CODE, LONGEST_REASON = 60, 300


@dataclass(frozen=True)
class Text:
    """The words of a text message, wherever they are from."""

    spot: Spot
    digest: str
    words: str
    plain: bool = False


@dataclass(frozen=True)
class Verdict:
    """What somebody says about a text at a provider: its state there, its code, and why it was rejected."""

    state: str
    code: str = ""
    reason: str = ""


def submission_of(text: Text, notation: Notation) -> Submission:
    """The text as the provider takes it."""
    return submission(without_accents(text.words) if text.plain else text.words, notation, beginning())


def record(session: Session, account: str, notation: Notation, text: Text, said: Verdict, by: Author) -> UUID:
    """Write down what a person says. May be repeated. Returns the approval's id.

    Raises BadText naming "code" or "reason", or BadStep for what cannot follow.
    """
    checks = Checks()
    code = checks.line("code", said.code, longest=LONGEST_CODE, required=said.state == "approved")
    reason = checks.line("reason", said.reason, longest=LONGEST_REASON, required=said.state == "rejected")
    row = _row(session, account, text.digest)
    taken = select(TemplateApproval.id).where(
        TemplateApproval.account == account, TemplateApproval.code == code, TemplateApproval.digest != text.digest
    )
    if code and session.scalar(taken):
        checks.refuse("code", _("Another text has this code."))
    checks.settle(BadText)
    if row is None:
        row = TemplateApproval(id=ids.uuid7(), account=account, digest=text.digest, state="draft")
        row.name, row.locale = text.spot.name, text.spot.locale
        handed_in = submission_of(text, notation)
        row.body, row.variables = handed_in.body, list(handed_in.variables)
        session.add(row)
    _move(row, Verdict(said.state, code or row.code or "", reason))
    row.author = by.name
    session.flush()
    return row.id


def take_verdict(session: Session, account: str, code: str, state: str, reason: str = "") -> bool:
    """Write down what the provider itself says about one of its codes: "approved" or "rejected". Harmless to repeat.

    False when no text here has that code, or it cannot follow what is known.
    """
    row = session.scalars(
        select(TemplateApproval)
        .where(TemplateApproval.account == account, TemplateApproval.code == code, TemplateApproval.code != "")
        .with_for_update()
    ).first()
    if row is None:
        return False
    try:
        _move(row, Verdict(state, code, clean_name(reason)[:LONGEST_REASON]))
    except BadStep:
        return False
    session.flush()
    return True


def forget(session: Session, approval_id: UUID) -> None:
    """Forget what was said about a text. Raises UnknownApproval."""
    row = session.get(TemplateApproval, approval_id)
    if row is None:
        raise UnknownApproval
    session.delete(row)
    session.flush()


def _row(session: Session, account: str, digest: str) -> TemplateApproval | None:
    return session.scalars(
        select(TemplateApproval)
        .where(TemplateApproval.account == account, TemplateApproval.digest == digest)
        .with_for_update()
    ).first()


def _move(row: TemplateApproval, said: Verdict) -> None:
    """Raises BadStep."""
    now = clock.now()
    if said.state != row.state:
        if said.state not in FOLLOWS[row.state]:
            raise BadStep
        row.submitted_at = now if said.state == "submitted" else row.submitted_at
        row.decided_at = None if said.state == "submitted" else now
    row.state, row.code, row.reason = said.state, said.code, said.reason if said.state == "rejected" else ""
    row.changed_at = now
