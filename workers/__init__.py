"""Runs due work; owns no business code."""
