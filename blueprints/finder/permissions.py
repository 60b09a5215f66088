"""Who may change the places that customers can name."""

PERMISSIONS = {"finder.places": frozenset({"hq"})}
