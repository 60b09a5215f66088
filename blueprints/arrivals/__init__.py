"""Arrival: check-in by QR code, tickets on the own phone, and an honest estimate of the wait."""
