"""A new chain's first look: its own name in its trade's colour."""

from __future__ import annotations

from sqlalchemy.orm import Session

from blueprints.brand.rules import DEFAULT_COLOUR, PACK_COLOURS
from blueprints.brand.service import set_brand
from shopbell.tenancy import current_tenant
from tenants.packs import Pack


def seed(session: Session, pack: Pack) -> None:
    set_brand(session, display_name=current_tenant().name[:60], colour=PACK_COLOURS.get(pack.key, DEFAULT_COLOUR))
