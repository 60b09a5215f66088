"""China: the ministry's rules on texts (order 31 of 2015) and on e-mail (order 38 of 2006), and the operators' own."""

from blueprints.messaging.gate.laws.law import DAY, Cap, Law

SOURCES = (
    # Order 31, articles 18 to 20: consent first; every commercial text tells of a convenient way to refuse.
    "http://www.gov.cn/gongbao/content/2015/content_2922038.htm",
    # Order 38, articles 13 and 14: "AD" or "广告" before the subject; a way to refuse that works for 30 days.
    "https://www.gov.cn/gongbao/content/2006/content_453205.htm",
    # The operators take promotion between 8:00 and 21:00, and 10 a day for a number.
    "https://support.huaweicloud.com/iotcom_faq/iotcom_06_0109.html",
    # Personal Information Protection Law, articles 14 and 15: to withdraw is as easy as to consent.
    "https://translate.hicom-asia.com/area/pipl-article-15/library/1",
)

CHINA = Law(
    country="CN",
    sources=SOURCES,
    hours={"sms": (8 * 60, 21 * 60)},
    caps={"sms": Cap(10, DAY)},
    labels={"email": ("AD", "[AD]", "(AD)", "广告", "[广告]", "【广告】", "（广告）", "(广告)")},
    refusal={"zh-CN": "拒收请回复R", "en": "Reply R to refuse", "vi": "Từ chối: trả lời R"},
    answers=("R", "T", "TD", "N", "退订", "STOP"),
)
