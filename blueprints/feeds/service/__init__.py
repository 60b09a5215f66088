"""Feeds given out, and calendars read. Every verb takes the session first and never commits."""
