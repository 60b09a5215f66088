"""What commands may ask of the operator console."""

from blueprints.operator.service.accounts import all_of_them, create, reseal, reset, set_active
from blueprints.operator.service.records import Author

__all__ = ["Author", "all_of_them", "create", "reseal", "reset", "set_active"]
