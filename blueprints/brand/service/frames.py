"""Who may show the booking pages in a frame."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from blueprints.brand.errors import BadBrand
from blueprints.brand.models import Brand
from blueprints.brand.queries.look import brand
from blueprints.brand.rules import MOST_ORIGINS, origin_of
from shopbell import clock
from shopbell.checks import Checks
from shopbell.i18n import gettext as _


def set_embed_origins(session: Session, lines: Iterable[str]) -> None:
    """Name the web sites that may show the booking pages in a frame. May be repeated. Raises BadBrand.

    An address of a page will do for its site; empty lines are left out.
    """
    checks, found = Checks(), []
    for line in filter(None, (line.strip() for line in lines)):
        origin = origin_of(line)
        if origin is None:
            checks.refuse(
                "origins", _("Write each site like https://www.example.com. This is none: %(line)s", line=line[:80])
            )
        elif origin not in found:
            found.append(origin)
    if len(found) > MOST_ORIGINS:
        checks.refuse("origins", _("At most %(count)s sites.", count=MOST_ORIGINS))
    checks.settle(BadBrand)
    look = brand(session)
    values = {"embed_origins": found, "updated_at": clock.now()}
    new = {"id": 1, "display_name": look.display_name, "colour": look.colour, "css": look.css}
    statement = insert(Brand).values(**new, **values)
    session.execute(statement.on_conflict_do_update(index_elements=[Brand.id], set_=values))
