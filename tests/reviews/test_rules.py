"""When to ask, what is shown at once, and how a reviewer is named."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from blueprints.reviews.rules.asking import ask_at, is_stale
from blueprints.reviews.rules.moderation import judge
from blueprints.reviews.rules.naming import public_name

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("done", "asked"),
    [("11:00", "2 14:00"), ("17:30", "2 20:30"), ("17:31", "3 09:00"), ("22:00", "3 09:00"), ("03:00", "2 09:00")],
)
def test_customers_are_asked_three_hours_later_but_not_at_night(done, asked):
    hour, minute = map(int, done.split(":"))
    at = datetime(2026, 3, 2, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)
    found = ask_at(at, SHANGHAI)
    assert found.tzinfo is UTC
    assert f"{found.astimezone(SHANGHAI):%-d %H:%M}" == asked


def test_a_visit_of_last_week_is_not_asked_about():
    now = datetime(2026, 3, 10, tzinfo=UTC)
    assert is_stale(datetime(2026, 3, 2, tzinfo=UTC), now)
    assert not is_stale(datetime(2026, 3, 5, tzinfo=UTC), now)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "Very good, thank you!",
        "Terrible. I waited an hour and nobody said sorry. Never again.",
        "我妈的眼镜在这里配的，非常满意，验光师很耐心。",
        "给孩子配了镜片，599元，性价比高。2026年3月2日去的，等了20分钟。",
        "Cắt tóc đẹp, nhân viên dễ thương, giá 350.000đ, sẽ quay lại ngày 12/03/2026 lúc 14:30.",
        "Ly was great, and so was Mr Lam. 10/10!",
        "Paid ¥1,299,000 in total; came on 2026-03-02 10:30.",
        "My left eye is -3.25 and the right one -4.00, axis 170, PD 62.",
        "LASIK? No, glasses. OK, VERY nice.",
        "A bit chilly in the shop. The assistant who re-did my fitting was kind.",
        "Scunthorpe is far away, but worth it",
        "Con chó của tôi cũng được vào tiệm",
        "他给我量了瞳距，左眼五百度，右眼四百五十度",
        "等了 3 小时。服务真的不行",
        "12 34 56",
        "微信预约很方便",
    ],
)
def test_honest_words_are_shown_at_once_kind_or_not(words):
    assert judge(words) is None


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("link", "See http://example.com for more"),
        ("link", "Better at www.othershop.vn"),
        ("link", "go to cheap-lens . shop"),
        ("link", "ｗｗｗ．ｅｘａｍｐｌｅ．ｃｏｍ"),
        ("email", "Write to me: linh@example.com"),
        ("email", "linh (at) example.com"),
        ("contact", "加我微信 wang88888"),
        ("contact", "Zalo: 0903abc999"),
        ("phone", "Call 138 1234 5678"),
        ("phone", "打 １３８１２３４５６７８ 找我"),
        ("phone", "打 一三八一二三四五六七八 找我"),
        ("phone", "+86 138-1234-5678"),
        ("phone", "gọi 0903.112.233 nhé"),
        ("phone", "+84 903 112 233"),
        ("phone", "138\u200b1234\u200b5678"),
        ("phone", "021 5000 1234"),
        ("id_number", "身份证 11010519491231002X"),
        ("id_number", "CCCD 079 085 001 234"),
        ("id_number", "card 6222 0212 3456 7890 123"),
        ("abuse", "This fucking place"),
        ("abuse", "what a F.U.C.K up"),
        ("abuse", "f**k them"),
        ("abuse", "You are an idiot"),
        ("abuse", "老板是个王八蛋"),
        ("abuse", "店员就是傻Ｂ"),
        ("abuse", "Nhân viên mất dạy"),
        ("abuse", "ĐM, chờ mãi"),
        ("shouting", "NEVER COME HERE AGAIN, IT IS TERRIBLE"),
        ("shouting", "ĐỪNG BAO GIỜ ĐẾN ĐÂY"),
    ],
)
def test_words_that_wait_for_somebody_to_look_at_them(rule, words):
    assert judge(words) == rule


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("王芳", "王**"),
        ("欧阳娜娜", "欧**"),
        ("Trần Thị Linh", "T. T. L."),
        ("linh", "L."),
        ("John Ronald Reuel Tolkien", "J. R. R."),
        ("😀", ""),
        ("", ""),
    ],
)
def test_a_reviewer_is_named_by_as_little_as_possible(name, shown):
    assert public_name(name) == shown
