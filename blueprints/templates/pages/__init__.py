"""Pages of texts for head office, and where short links lead."""
