"""What customers of the demonstration wrote, what branches answered, and why somebody's time is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class DemoReview:
    stars: int
    words: str = ""
    answer: str = ""


REVIEWS: Mapping[str, tuple[DemoReview, ...]] = {
    "zh-CN": (
        DemoReview(5, "时间很准，几乎没有等。每一步都讲得很清楚。"),
        DemoReview(5, "朋友推荐来的，果然细致，下次还约同一位。", "谢谢您的信任，我们下次见！"),
        DemoReview(4, "效果满意，就是周末人有点多。", "谢谢提醒，周末我们已经多排了一位同事。"),
        DemoReview(5),
        DemoReview(2, "约的三点，等到三点二十才开始，也没有人解释。", "非常抱歉让您久等，我们会打电话向您说明。"),
        DemoReview(4, "环境安静，老师很耐心。"),
        DemoReview(5, "带孩子来的，孩子一点都不害怕。"),
    ),
    "vi": (
        DemoReview(5, "Đúng giờ, tư vấn kỹ, không ép mua thêm."),
        DemoReview(4, "Làm rất khéo, chỉ hơi khó tìm chỗ gửi xe.", "Cảm ơn bạn, lần sau bạn gửi xe ở hầm B1 nhé."),
        DemoReview(5),
        DemoReview(3, "Kết quả ổn nhưng phải chờ thêm mười phút."),
        DemoReview(5, "Đặt lịch nhanh, nhân viên dễ thương."),
    ),
    "en": (
        DemoReview(5, "Booked on the train, in the chair ten minutes later. Everything was explained."),
        DemoReview(4, "Careful work and no upselling. The music was a bit loud.", "Thank you! We have turned it down."),
        DemoReview(5),
        DemoReview(3, "Good result, but it started a quarter of an hour late."),
    ),
}

HELD_BACK = DemoReview(5, "手艺很好！想拼单的加我微信 pindan8866")
"""Names an account elsewhere, so somebody has to look at it before it is shown."""

MEETING = {"zh-CN": "团队例会", "vi": "Họp nhóm", "en": "Team meeting"}
WAIVED = {"zh-CN": "第一次，下不为例", "vi": "Lần đầu, cửa hàng bỏ qua", "en": "First time, so we let it pass"}
