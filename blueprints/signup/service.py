"""Signing up, in sessions of the directory."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from blueprints.signup import choices, errors, rules
from blueprints.signup.models import SignUp
from shopbell import due, ids, runtime
from shopbell.crypto import BadToken, Signer
from shopbell.db import Database
from shopbell.i18n import LOCALES
from shopbell.i18n import gettext as _
from shopbell.mailbox import public_mailbox
from shopbell.text import clean_name
from tenants import creation
from tenants.models import Tenant, TenantCreation
from tenants.packs import PACKS
from tenants.provisioning import NewTenant, SlugTaken

PURPOSE = "sign-up"
SEND = "signup.send_link"
LONGEST_NAME = 80


@dataclass(frozen=True)
class Progress:
    """How far a chain has come: one of waiting, building, inviting, done and failed, and since when."""

    state: str
    since: datetime
    slug: str
    tenant_id: UUID

    @property
    def is_open(self) -> bool:
        return self.state in creation.OPEN


def ask(directory: Session, wish: NewTenant, email: str, *, locale: str, at: datetime) -> None:
    """Have a link sent that makes this chain. Raises BadSignUp naming every field that is wrong.

    Too many for one address are answered like all others, without another link.
    """
    checked, address = _checked(directory, wish, email)
    directory.execute(delete(SignUp).where(SignUp.asked_at < at - rules.KEPT))
    lately = SignUp.email == address, SignUp.asked_at > at - timedelta(hours=1)
    if _count(directory, *lately) >= rules.LINKS_PER_HOUR:
        return
    row = SignUp(id=ids.uuid7(), email=address, asked=asdict(checked), locale=locale, asked_at=at)
    row.expires_at = at + rules.LINK_LIFE
    directory.add(row)
    directory.flush()
    due.schedule_for_installation(directory, SEND, str(row.id), at)


def token_of(sign_up: SignUp) -> str:
    """What the link to it ends with."""
    return _signer().sign_compact(PURPOSE, sign_up.id, sign_up.expires_at)


def opened(directory: Session, token: str, *, at: datetime, lock: bool = False) -> SignUp:
    """What a link was sent for. Raises UnknownSignUp for one that is not ours or is over."""
    try:
        found = directory.get(SignUp, _signer().read_compact(PURPOSE, token, at), with_for_update=lock)
    except BadToken:
        found = None
    if found is None:
        raise errors.UnknownSignUp(_("Links work for a day. Fill in the form once more to get another one."))
    return found


def confirm(directory: Session, database: Database, token: str, slug: str, *, at: datetime) -> None:
    """Order the chain, under this short name. May be repeated. Raises UnknownSignUp, BadSignUp."""
    sign_up = opened(directory, token, at=at, lock=True)
    before = progress(directory, sign_up)
    if before and before.state != "failed":
        return
    wish = replace(NewTenant(**sign_up.asked), slug=slug.strip().lower())
    if problem := _slug_problem(directory, wish.slug):
        raise errors.BadSignUp(problem, fields={"slug": problem})
    made = SignUp.email == sign_up.email, SignUp.order_id.is_not(None), SignUp.id != sign_up.id
    if _count(directory, *made) >= rules.CHAINS_PER_ADDRESS:
        raise errors.BadSignUp(
            _("This address has signed up several chains already. Ask the operator of this service.")
        )
    try:
        limits = dict(runtime.settings().sign_up_limits)
        sign_up.order_id = creation.order(directory, database, wish, owner_email=sign_up.email, limits=limits)
    except SlugTaken as error:
        raise errors.BadSignUp(fields={"slug": _taken()}) from error
    sign_up.asked = asdict(wish)
    directory.flush()


def progress(directory: Session, sign_up: SignUp) -> Progress | None:
    """How far its chain has come; None while nobody has confirmed it."""
    if sign_up.order_id is None:
        return None
    order = directory.get(TenantCreation, sign_up.order_id)
    if order is None:
        return None
    return Progress(order.state, order.asked_at, order.slug, order.id)


def _checked(directory: Session, wish: NewTenant, email: str) -> tuple[NewTenant, str]:
    wish = replace(wish, name=clean_name(wish.name), slug=wish.slug.strip().lower())
    address = public_mailbox(email)
    wrong = {
        "name": ""
        if 0 < len(wish.name) <= LONGEST_NAME
        else _("Enter a name of at most %(n)s characters.", n=LONGEST_NAME),
        "slug": _slug_problem(directory, wish.slug),
        "pack": "" if wish.pack in PACKS else _("Choose your trade."),
        "locale": "" if wish.locale in LOCALES else _("Choose one of our languages."),
        "country": _unless(wish.country, choices.countries()),
        "currency": _unless(wish.currency, choices.currencies()),
        "time_zone": _unless(wish.time_zone, choices.time_zones()),
        "email": "" if address else _("Enter an e-mail address, for example an@example.com."),
    }
    found = {name: sentence for name, sentence in wrong.items() if sentence}
    if found or address is None:
        raise errors.BadSignUp("; ".join(found.values()), fields=found)
    return wish, address.lower()


def _unless(value: str, options: choices.Options) -> str:
    return "" if value in dict(options) else _("Choose one of the list.")


def _slug_problem(directory: Session, slug: str) -> str:
    """Why a short name cannot be had. Which ones are taken is no secret: each of them is an address."""
    if not rules.is_short_name(slug):
        return _("Use 3 to 40 small letters, digits and single hyphens, beginning with a letter.")
    if rules.is_kept(slug):
        return _("This short name is kept for the service itself. Choose another one.")
    if rules.is_rude(slug):
        return _("This short name cannot be used. Choose another one.")
    return _taken() if directory.scalar(select(Tenant.id).where(Tenant.slug == slug)) else ""


def _taken() -> str:
    return _("Another chain uses this short name. Choose another one.")


def _count(directory: Session, *which: object) -> int:
    return directory.scalar(select(func.count()).select_from(SignUp).where(*which)) or 0  # type: ignore[arg-type]


def _signer() -> Signer:
    return runtime.signer()
