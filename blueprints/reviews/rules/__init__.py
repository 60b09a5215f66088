"""Pure rules of reviews: when to ask, what may be shown, who is named how."""
