"""Proving an address, and being signed in. Every verb takes the session first and never commits."""
