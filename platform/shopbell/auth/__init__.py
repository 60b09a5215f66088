"""Who is asking, and what they may do where."""

from shopbell.auth.permissions import Permission, Permissions
from shopbell.auth.principal import ANYONE, Grant, Principal

__all__ = ["ANYONE", "Grant", "Permission", "Permissions", "Principal"]
