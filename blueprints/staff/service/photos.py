"""Somebody's photo, as their profile shows it."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from blueprints.staff.errors import BadRoster
from blueprints.staff.models import PersonPhoto
from blueprints.staff.service.people import require_person
from shopbell.checks import Checks
from shopbell.i18n import gettext as _
from shopbell.pictures import picture_in, without_metadata

MAX_PHOTO = 150 * 1024
"""A page of a whole team must still open on a cheap phone: photos are shown 96 pixels wide."""
SMALLEST, LARGEST = 64, 1200
"""Pixels of a side."""


def set_photo(session: Session, person_id: UUID, content: bytes) -> None:
    """Replace the photo: a PNG, JPEG or WebP by its content, at most 150 KB and 1200 pixels a side. May be repeated.

    What the camera wrote into it (place, time) is left out. Raises UnknownPerson, or BadRoster naming "photo".
    """
    require_person(session, person_id)
    checks = Checks()
    found = picture_in(content)
    if len(content) > MAX_PHOTO:
        checks.refuse("photo", _("The picture may have at most %(size)s KB.", size=MAX_PHOTO // 1024))
    elif found is None:
        checks.refuse("photo", _("Choose a PNG, JPEG or WebP picture."))
    elif min(found.width, found.height) < SMALLEST or max(found.width, found.height) > LARGEST:
        sentence = _("Each side has to have %(low)s to %(high)s pixels.", low=SMALLEST, high=LARGEST)
        checks.refuse("photo", sentence)
    checks.settle(BadRoster)
    bare = without_metadata(content)
    values = {"data": bare, "type": found.media_type if found else "", "etag": sha256(bare).hexdigest()[:24]}
    statement = insert(PersonPhoto).values(person_id=person_id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=[PersonPhoto.person_id], set_=values))


def drop_photo(session: Session, person_id: UUID) -> None:
    """Initials are shown again. May be repeated. Raises UnknownPerson."""
    require_person(session, person_id)
    session.execute(delete(PersonPhoto).where(PersonPhoto.person_id == person_id))
