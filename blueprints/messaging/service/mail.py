"""E-mails as they leave: in whose name, signed by what, with which pictures, and where they come back to.

The chain's own domain is in the From as soon as it is shown to be theirs, else the installation's with the chain's
name. Either way the signature is of the domain in the From, so that receivers find them aligned (RFC 7489).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.brand import api as brand_api
from blueprints.crm import api as crm_api
from blueprints.domains import api as domains_api
from blueprints.messaging.channels.mime import Mail, Picture, Unsubscribe, build
from blueprints.messaging.channels.outcomes import Refused
from shopbell import clock, dkim, return_path, runtime
from shopbell.crypto import Signer
from shopbell.errors import NotFound
from shopbell.settings import Settings
from shopbell.tenancy import TenantContext, current_tenant

SHOWN = frozenset({"image/png", "image/jpeg", "image/gif"})
"""What every mail program shows; any other picture stays behind its link."""
LARGEST_PICTURE = 40 * 1024
"""A larger one would be most of the mail: it stays behind its link, for those who let pictures be fetched."""
MOST_PICTURES = 256
LOGO = re.compile(r'(?<=src=")https?://[^"]{1,260}/logo/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?=")')
MARKETING = "marketing"

_pictures: dict[tuple[UUID, UUID], Picture | None] = {}


@dataclass(frozen=True)
class Sender:
    """Everything that the mails of one chain have in common."""

    tenant: TenantContext
    settings: Settings
    address: str
    signers: tuple[dkim.Signer, ...]
    pictures: Mapping[UUID, Picture]

    def write(self, content: Any) -> tuple[str, bytes]:
        """The envelope's sender and the message itself. Needs no database. Raises Refused for a bad address.

        `content` has the message's columns as they are in clear.
        """
        html, pictures = self._illustrated(content.html)
        mail = Mail(
            # The same for every attempt, whatever happens to the sender: a mailbox that gets two copies can tell.
            message_id=f"{content.id}@{self._installation}",
            sender=self.address,
            sender_name=content.sender_name,
            recipient=content.recipient,
            recipient_name=content.recipient_name,
            subject=content.subject,
            text=content.body,
            html=html,
            calendar=content.calendar,
            language=content.locale,
            written_at=content.created_at,
            pictures=pictures,
            unsubscribe=self._unsubscribe(content),
            feedback_id=f"{content.template}:{self.tenant.slug}:{content.purpose}:{self._installation}",
        )
        try:
            raw = build(mail)
        except ValueError as error:
            raise Refused(f"not an e-mail address: {error}", reason="no_such_address") from error
        return self._comes_back_to("b", content.id) or self.address, dkim.signed(raw, self.signers, clock.now())

    @cached_property
    def _installation(self) -> str:
        return self.settings.mail_from.rpartition("@")[2]

    @cached_property
    def _stamps(self) -> Signer:
        return runtime.signer()

    def _comes_back_to(self, kind: return_path.Kind, message_id: UUID) -> str:
        domain = self.settings.own_mail.bounce_domain
        return return_path.address(self._stamps, kind, self.tenant.id, message_id, domain) if domain else ""

    def _unsubscribe(self, content: Any) -> Unsubscribe | None:
        if content.purpose != MARKETING or content.customer_id is None:
            return None
        return Unsubscribe(crm_api.unsubscribe_link(content.customer_id), self._comes_back_to("u", content.id))

    def _illustrated(self, html: str | None) -> tuple[str | None, tuple[Picture, ...]]:
        """The HTML with its logo beside it instead of behind a link, where there is one that fits."""
        found = LOGO.search(html or "")
        picture = self.pictures.get(UUID(found.group(1))) if found else None
        if html is None or found is None or picture is None:
            return html, ()
        return html.replace(found.group(), f"cid:{picture.cid}"), (picture,)


def sender(session: Session, htmls: Iterable[str | None]) -> Sender:
    """In whose name the current tenant's mail goes out, with what these texts show.

    One small query, and one for each picture that this process has not seen yet.
    """
    settings, own = runtime.settings(), domains_api.mail_sender(session)
    address, signers = (own.address, own.signers) if own else (settings.mail_from, settings.own_mail.signers)
    shown = {UUID(link.group(1)) for html in htmls if html and (link := LOGO.search(html))}
    pictures = {logo_id: picture for logo_id in shown if (picture := _picture(session, logo_id)) is not None}
    return Sender(current_tenant(), settings, address, signers, pictures)


def _picture(session: Session, logo_id: UUID) -> Picture | None:
    """A logo as mails show it; remembered, as none ever changes."""
    key = (current_tenant().id, logo_id)
    if key not in _pictures:
        while len(_pictures) >= MOST_PICTURES:
            _pictures.pop(next(iter(_pictures)), None)
        _pictures[key] = _read(session, logo_id)
    return _pictures[key]


def _read(session: Session, logo_id: UUID) -> Picture | None:
    try:
        logo = brand_api.picture(session, logo_id)
    except NotFound:
        return None
    fits = logo.media_type in SHOWN and len(logo.content) <= LARGEST_PICTURE
    return Picture(f"{logo_id}@logo", logo.media_type, bytes(logo.content)) if fits else None
