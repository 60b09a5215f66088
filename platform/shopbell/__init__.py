"""The kit: what any business application for any tenant needs. It knows nothing of bookings."""
