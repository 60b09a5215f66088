"""Calendars that leave (signed ICS feeds of customers and staff) and that come in (busy times of a person).

A *feed* is an address somebody subscribes to in their own calendar. A *busy calendar* is the other way round: a
person's own calendar, read again and again, whose *busy times* are kept free of appointments.
"""
