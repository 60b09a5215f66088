"""Answers of the finder, and the places it knows."""
