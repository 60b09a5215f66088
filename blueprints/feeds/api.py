"""What other features may ask of feeds."""

from blueprints.feeds.service.feeds import (
    customer_feed_url,
    customer_page_url,
    person_feed_url,
    revoke_customer_feed,
    revoke_person_feed,
)

__all__ = [
    "customer_feed_url",
    "customer_page_url",
    "person_feed_url",
    "revoke_customer_feed",
    "revoke_person_feed",
]
