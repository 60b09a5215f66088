"""Ways out: which topics go where."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blueprints.alerts import rules
from blueprints.alerts.chats import addresses
from blueprints.alerts.chats.addresses import Address, NotAnAddress
from blueprints.alerts.errors import TooManyChannels, UnknownChannel
from blueprints.alerts.models import ADDRESS, Alert, AlertChannel
from blueprints.alerts.service.raising import deliver
from blueprints.catalog import api as catalog
from shopbell import clock, ids, phone
from shopbell.errors import Invalid
from shopbell.i18n import LOCALES
from shopbell.i18n import gettext as _
from shopbell.mailbox import public_mailbox
from shopbell.tenancy import current_tenant
from shopbell.text import clean_name
from shopbell.vault import keys


@dataclass(frozen=True)
class ChannelInput:
    """A channel as somebody wants it. `place_id` is the region or branch of a channel of one, the owner of a user's. An
    empty `place` of an existing channel leaves its address as it is."""

    kind: str
    level: str
    place_id: UUID | None
    place: str
    extra: str
    topics: tuple[str, ...]
    locale: str
    label: str = ""
    active: bool = True


def channel(session: Session, channel_id: UUID, *, user_id: UUID | None = None, lock: bool = False) -> AlertChannel:
    """Somebody's own channel, or without a user one of the chain's. Raises UnknownChannel."""
    found = session.get(AlertChannel, channel_id, with_for_update=lock)
    if found is None or found.user_id != user_id:
        raise UnknownChannel
    return found


def add(session: Session, wanted: ChannelInput) -> AlertChannel:
    """Set up a channel. Raises Invalid naming the fields, TooManyChannels."""
    checked, address = _checked(session, wanted, None)
    own = wanted.level == "user"
    most = rules.MOST_OWN_CHANNELS if own else rules.MOST_CHANNELS
    mine = AlertChannel.user_id == wanted.place_id if own else AlertChannel.user_id.is_(None)
    if (session.scalar(select(func.count()).select_from(AlertChannel).where(mine)) or 0) >= most:
        raise TooManyChannels(_("Remove one that is no longer used; there may be %(n)s.", n=most))
    made = AlertChannel(id=ids.uuid7(), kind=checked.kind, level=checked.level, created_at=clock.now())
    if checked.level != "chain":
        setattr(made, f"{checked.level}_id", checked.place_id)
    _fill(session, made, checked, address)
    session.add(made)
    session.flush()
    return made


def change(session: Session, found: AlertChannel, wanted: ChannelInput) -> None:
    """Change what a channel carries, and its address where a new one is given; kind and place stay. Raises Invalid
    naming the fields."""
    checked, address = _checked(session, replace(wanted, kind=found.kind, level=found.level), found)
    _fill(session, found, checked, address)
    session.flush()


def remove(session: Session, found: AlertChannel) -> None:
    """Forget a channel with what was sent through it."""
    session.delete(found)
    session.flush()


def send_test(session: Session, found: AlertChannel, user_id: UUID | None) -> None:
    """Send something without meaning through a channel; it stands on the list of whoever asked for it."""
    now = clock.now()
    alert = Alert(id=ids.uuid7(), topic=rules.TEST, user_id=user_id, facts={}, times=1, created_at=now, last_at=now)
    session.add(alert)
    session.flush()
    deliver(session, alert.id, [found.id])


def address_of(session: Session, found: AlertChannel) -> Address:
    """Where a channel leads."""
    if found.address_sealed is None:
        return Address("")
    return Address(**json.loads(keys.at_hand(session).open(ADDRESS, found.id, found.address_sealed)))


def shown_address(session: Session, found: AlertChannel) -> str:
    """Enough of it to recognise it."""
    address = address_of(session, found)
    if found.kind == "sms":
        return phone.masked(address.place)
    if found.kind == "email":
        name, _at, domain = address.place.partition("@")
        return f"{name[:1]}…@{domain}"
    return addresses.shown(address)


def _fill(session: Session, found: AlertChannel, checked: ChannelInput, address: Address | None) -> None:
    found.topics, found.locale = list(checked.topics), checked.locale
    found.label, found.active = checked.label, checked.active
    if address is not None:
        kept = json.dumps(vars(address))
        found.address_sealed = keys.at_hand(session).form(ADDRESS, found.id, kept)["address_sealed"]


def _checked(session: Session, wanted: ChannelInput, found: AlertChannel | None) -> tuple[ChannelInput, Address | None]:
    """The input put right, and its address; None for the one there is. Raises Invalid naming the fields."""
    fields: dict[str, str] = {}
    if wanted.kind not in rules.KINDS:
        fields["kind"] = _("Choose one of these.")
    may = rules.may_carry(wanted.level) if wanted.level in rules.LEVELS else ()
    topics = tuple(name for name in may if name in wanted.topics)
    if not topics or len(topics) < len(set(wanted.topics)):
        fields["topics"] = _("Choose at least one of these.")
    if wanted.locale not in LOCALES:
        fields["locale"] = _("Choose one of these.")
    label = clean_name(wanted.label)
    if len(label) > rules.LONGEST_LABEL:
        fields["label"] = _("At most %(n)s characters.", n=rules.LONGEST_LABEL)
    if found is None and not _is_place(session, wanted):
        fields["place_id"] = _("Choose one of these.")
    address = None
    if "kind" not in fields and (found is None or wanted.place.strip()):
        try:
            address = typed_address(wanted.kind, wanted.place, wanted.extra)
        except NotAnAddress:
            fields["place"] = _complaint(wanted.kind)
    if fields:
        raise Invalid(fields=fields)
    return replace(wanted, topics=topics, label=label), address


def typed_address(kind: str, place: str, extra: str) -> Address:
    """An address as somebody typed it. Raises NotAnAddress."""
    place, extra = place.strip(), extra.strip()
    if len(place) > rules.LONGEST_ADDRESS or len(extra) > rules.LONGEST_ADDRESS:
        raise NotAnAddress(kind)
    if kind == "email":
        mailbox = public_mailbox(place)
        if mailbox is None:
            raise NotAnAddress(kind)
        return Address(mailbox)
    if kind == "sms":
        try:
            return Address(phone.normalise(place, current_tenant().country))
        except ValueError:
            raise NotAnAddress(kind) from None
    address = Address(place, extra if kind in rules.WITH_EXTRA else "")
    addresses.sender(kind, address)
    return address


def _is_place(session: Session, wanted: ChannelInput) -> bool:
    if wanted.level == "region":
        return any(region.id == wanted.place_id for region in catalog.regions(session))
    if wanted.level == "branch":
        return wanted.place_id is not None and wanted.place_id in catalog.branches_by_id(session, [wanted.place_id])
    return wanted.level == "chain" or wanted.place_id is not None


def _complaint(kind: str) -> str:
    if kind == "email":
        return _("An e-mail address, like name@example.com.")
    if kind == "sms":
        return _("A mobile number that can get text messages.")
    if kind == "telegram":
        return _("The bot's token, and the number or @name of the chat it writes to.")
    return _("The address that the chat service gave, complete as it was copied.")
