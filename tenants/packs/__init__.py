"""Trade packs: the skills and the starting catalogue a new chain receives, by trade."""

from tenants.packs.optical import OPTICAL
from tenants.packs.pack import Pack, PackOption, PackService, PackSkill, PackStep
from tenants.packs.salon import SALON

PACKS: dict[str, Pack] = {pack.key: pack for pack in (OPTICAL, SALON)}

__all__ = ["PACKS", "Pack", "PackOption", "PackService", "PackSkill", "PackStep"]
