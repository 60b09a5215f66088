"""Pure rules on calendars: names that say little, what a calendar makes busy, which addresses may be read."""
