"""The people who serve: their skills, languages and rosters."""
