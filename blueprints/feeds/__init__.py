"""Calendars that leave (signed ICS feeds of customers and staff) and that come in (busy times of a person)."""
