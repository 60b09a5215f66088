"""The booking book: availability, holds, appointments, allocations and the walk-in queue.

An appointment (table `bookings`) takes one person and what its steps need; each such use is an allocation of a resource
for a span of time. The database refuses overlapping allocations on every path.
"""
