"""What other features may ask about people. Plain values, in the caller's transaction."""

from blueprints.staff.errors import UnknownPerson
from blueprints.staff.queries import PersonView, names, people_at, person, person_terms, roster_spans

__all__ = ["PersonView", "UnknownPerson", "names", "people_at", "person", "person_terms", "roster_spans"]
