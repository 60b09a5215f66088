"""What other features may ask about reviews, in the caller's transaction."""

from blueprints.reviews.links import review_link, review_token
from blueprints.reviews.queries import ReviewView, branch_ratings, ratings, review_of, reviews_at, reviews_of
from blueprints.reviews.rules.asking import STAGES
from blueprints.reviews.service import reviewed

__all__ = [
    "STAGES",
    "ReviewView",
    "branch_ratings",
    "ratings",
    "review_link",
    "review_of",
    "review_token",
    "reviewed",
    "reviews_at",
    "reviews_of",
]
