"""What other features, commands and demo data may ask of access."""

from blueprints.access.queries import Account, users
from blueprints.access.service import create_client, create_user, revoke_client, set_active, set_password

__all__ = ["Account", "create_client", "create_user", "revoke_client", "set_active", "set_password", "users"]
