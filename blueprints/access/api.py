"""What other features, commands and demo data may ask of access."""

from blueprints.access.service import (
    Account,
    create_client,
    create_user,
    revoke_client,
    set_active,
    set_password,
    users,
)

__all__ = ["Account", "create_client", "create_user", "revoke_client", "set_active", "set_password", "users"]
