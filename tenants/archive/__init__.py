"""One tenant in one file: its rows as JSON Lines in a zip, with a manifest that names the checksum of each member."""
