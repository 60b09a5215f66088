"""Boxes by which customers agree to legal texts, wherever they tell us about themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.brand import queries, service
from blueprints.brand.queries import LegalRef
from blueprints.brand.shown import shown
from shopbell.i18n import current_locale
from shopbell.i18n import gettext as _


@dataclass(frozen=True)
class Boxes:
    """A form's boxes: the texts that are `asked` for, what was `typed`, and what is wrong, by field."""

    asked: Sequence[LegalRef] = ()
    typed: Mapping[str, str] | None = None

    @property
    def errors(self) -> dict[str, str]:
        """A box carries the version that stood beside it: to agree to one is not to agree to the next."""
        if self.typed is None:
            return {}
        wrong = {
            agree_field(text): _("This has changed meanwhile. Please read it again and agree to it.")
            if self.typed.get(agree_field(text))
            else _("Please agree to this. Without it only our staff can enter it for you.")
            for text in self.asked
            if not self.ticked(text)
        }
        return wrong

    def ticked(self, text: LegalRef) -> bool:
        return self.typed is not None and self.typed.get(agree_field(text)) == text.id

    def keep(self, session: Session, occasion: str, subject_id: UUID, customer_id: UUID | None) -> None:
        """Write down that all of them were agreed to. May be repeated."""
        service.agree(
            session,
            service.Agreeing(occasion, subject_id, customer_id, current_locale()),
            [UUID(text.id) for text in self.asked],
        )


def boxes(typed: Mapping[str, str] | None = None) -> Boxes:
    """For everything that the chain has its customers agree to; before the form was sent nothing is `typed`."""
    return Boxes([text for text in shown().legal if text.asks], typed)


def boxes_left(session: Session, customer_id: UUID, typed: Mapping[str, str] | None = None) -> Boxes:
    """For what this customer has not agreed to in the version that is in force now."""
    agreed = queries.agreed_by(session, customer_id)
    return Boxes([text for text in shown().legal if text.asks and UUID(text.id) not in agreed], typed)


def agree_field(text: LegalRef) -> str:
    """The field of the box that agrees to a legal text."""
    return f"agree_{text.kind}"


def tell(
    session: Session, occasion: str, subject_id: UUID, customer_id: UUID | None, legal_ids: Sequence[UUID], by: str
) -> None:
    """Write down that somebody of the staff told a customer of these texts. Ids that are no text in force that asks are
    passed over. May be repeated."""
    if not legal_ids:
        return
    known = {UUID(text.id) for text in queries.brand(session).legal if text.asks}
    said = service.Agreeing(occasion, subject_id, customer_id, current_locale(), told_by=by)
    service.agree(session, said, [legal_id for legal_id in legal_ids if legal_id in known])
