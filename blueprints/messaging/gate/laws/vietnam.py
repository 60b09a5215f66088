"""Vietnam: Decree 91/2020/ND-CP against spam messages, spam e-mails and spam calls, in force since 1 October 2020."""

from blueprints.messaging.gate.laws.law import DAY, Cap, Law

SOURCES = (
    # Article 13: 3 texts to a number and 3 e-mails to an address within 24 hours; texts between 7:00 and 22:00.
    "https://lawnet.vn/thong-tin-phap-luat/en/chinh-sach-moi/vietnam-advertising-message-requirements-tagging-and-option-to-unsubscribe-from-advertising-messages-115219.html",
    "https://vinanet.vn/chinh-sach-viet-nam/nghi-dinh-cua-chinh-phu-ve-chong-tin-nhan-rac-thu-dien-tu-rac-cuoc-goi-rac-733530.html",
    # Articles 13, 15 and 19: prior consent; the label comes first. Articles 16 and 20: how to refuse comes last.
    "https://www.dlapiperdataprotection.com/index.html?c=VN&t=electronic-marketing",
)
LABELS = ("[QC]", "[AD]")

VIETNAM = Law(
    country="VN",
    sources=SOURCES,
    hours={"sms": (7 * 60, 22 * 60)},
    caps={"sms": Cap(3, DAY), "email": Cap(3, DAY)},
    labels={"sms": LABELS, "email": LABELS},
    refusal={"vi": "Từ chối: soạn TC", "en": "To refuse, reply TC", "zh-CN": "拒收请回复TC"},
    answers=("TC", "HUY", "STOP"),
)
