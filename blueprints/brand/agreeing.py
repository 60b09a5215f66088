"""How customers agree to legal texts: by boxes wherever they tell us about themselves, and by the word of others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.brand import queries, service
from blueprints.brand.queries import LegalRef
from blueprints.brand.shown import shown
from shopbell.errors import Invalid
from shopbell.i18n import current_locale
from shopbell.i18n import gettext as _
from shopbell.tenancy import current_tenant


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


@dataclass(frozen=True)
class Agreed:
    """What a customer agreed to where our boxes are not, as `by` says: a program, by the name it has now."""

    legal_ids: Sequence[UUID]
    locale: str
    by: str

    def keep(self, session: Session, occasion: str, subject_id: UUID, customer_id: UUID | None) -> None:
        """Write it down. May be repeated."""
        how = service.Agreeing(occasion, subject_id, customer_id, self.locale, told_by=self.by)
        service.agree(session, how, self.legal_ids)


def agreed_elsewhere(session: Session, legal_ids: Sequence[UUID] | None, locale: str | None, by: str) -> Agreed:
    """By somebody who speaks `locale`, else the chain's language. None is not to know: nothing will be written down.

    Raises Invalid naming `agreed` where a text that asks is left out, or one is named that is not in force (any more).
    """
    locale = locale or current_tenant().locale
    if legal_ids is None:
        return Agreed((), locale, by)
    asks = {UUID(text.id): text.asks for text in queries.brand(session).legal}
    if any(legal_id not in asks for legal_id in legal_ids):
        raise Invalid(fields={"agreed": _("This has changed meanwhile. Please read it again and agree to it.")})
    missing = [str(legal_id) for legal_id, needed in asks.items() if needed and legal_id not in legal_ids]
    if missing:
        raise Invalid(fields={"agreed": _("This has to be agreed to as well: %(ids)s.", ids=", ".join(missing))})
    return Agreed(list(dict.fromkeys(legal_ids)), locale, by)


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
