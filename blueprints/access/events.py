"""What happens to accounts that others may care about."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from shopbell.events import Event


@dataclass(frozen=True)
class SignedInFromNewPlace(Event):
    """Somebody who had signed in before did so in a browser and from an address that are both new for them."""

    name = "access.signed_in_from_new_place"

    user_id: UUID
