"""Reads of the waitlist, as plain values."""
