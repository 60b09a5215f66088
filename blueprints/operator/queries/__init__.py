"""What the console shows: of the directory, and of each database server."""
