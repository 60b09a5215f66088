"""Photos of people."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.staff.errors import NoPhoto
from blueprints.staff.models import Person, PersonPhoto


@dataclass(frozen=True)
class PhotoView:
    data: bytes
    media_type: str
    etag: str


def photo(session: Session, person_id: UUID) -> PhotoView:
    """The photo of somebody active. Raises NoPhoto."""
    statement = (
        select(PersonPhoto.data, PersonPhoto.type, PersonPhoto.etag)
        .join(Person, Person.id == PersonPhoto.person_id)
        .where(Person.id == person_id, Person.active)
    )
    row = session.execute(statement).first()
    if row is None:
        raise NoPhoto
    return PhotoView(*row)
