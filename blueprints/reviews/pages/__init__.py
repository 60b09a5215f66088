"""Pages of reviews: the customer's, behind a signed link, and the staff's."""
