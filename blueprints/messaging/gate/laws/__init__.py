"""One law for each country that we know, and what we ask of ourselves everywhere else."""

from blueprints.messaging.gate.laws.china import CHINA
from blueprints.messaging.gate.laws.law import DAY, PREFERENCES, UNSUBSCRIBE, WEEK, Cap, Law
from blueprints.messaging.gate.laws.vietnam import VIETNAM

__all__ = ["DAY", "ELSEWHERE", "LAWS", "PREFERENCES", "UNSUBSCRIBE", "WEEK", "Cap", "Law", "law_of"]

LAWS = {law.country: law for law in (CHINA, VIETNAM)}
ELSEWHERE = Law("", refusal={"en": "Reply STOP to refuse", "zh-CN": "拒收请回复STOP", "vi": "Từ chối: trả lời STOP"})
"""Nobody advertises without saying how to make it stop."""


def law_of(country: str) -> Law:
    """The law of a country (ISO 3166)."""
    return LAWS.get(country, ELSEWHERE)
