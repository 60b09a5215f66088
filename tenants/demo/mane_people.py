"""Who works at Mane & Co."""

from __future__ import annotations

from tenants.demo.chain import FRI, MON, SAT, SUN, THU, TUE, WED, DemoLearned, DemoLeave, DemoPerson, at, works
from tenants.packs.pack import said

DIRECTOR = said("Salon director", "发型总监", "Giám đốc sáng tạo")
STYLIST = said("Stylist", "发型师", "Nhà tạo mẫu tóc")
COLOURIST = said("Colourist", "染发师", "Chuyên viên màu tóc")
TEXTURE = said("Perm specialist", "烫发师", "Chuyên viên uốn tóc")
CARE = said("Hair and scalp therapist", "头皮养护师", "Chuyên viên chăm sóc tóc và da đầu")
BEAUTICIAN = said("Beautician", "美容师", "Chuyên viên chăm sóc da")
NAILS = said("Nail artist", "美甲师", "Chuyên viên làm móng")
MAKE_UP = said("Make-up artist", "化妆造型师", "Chuyên viên trang điểm")

IN_VIETNAM = "Kỹ năng nghề quốc gia"


def hairdresser(year: int, issuer: str = "国家职业资格") -> DemoLearned:
    return DemoLearned(said("Hairdresser, senior grade", "高级美发师", "Thợ làm tóc bậc cao"), issuer, year)


def colourist(year: int) -> DemoLearned:
    return DemoLearned(said("Colour specialist", "染发专项认证", "Chuyên gia màu tóc"), "Mane Academy", year)


def beautician(year: int, issuer: str = "国家职业资格") -> DemoLearned:
    return DemoLearned(said("Beautician", "美容师职业资格", "Chuyên viên chăm sóc da"), issuer, year)


def nails(year: int) -> DemoLearned:
    return DemoLearned(said("Nail technician", "美甲师认证", "Kỹ thuật viên làm móng"), "Mane Academy", year)


SHANGHAI = (
    DemoPerson(
        name="程以安",
        title=DIRECTOR,
        bio=said(
            "Cuts for the way hair falls on a Tuesday morning, not for the photograph.",
            "剪的是平常日子里也好打理的发型，而不只是拍照好看。",
            "Cắt sao cho tóc vẫn đẹp vào sáng thứ Ba bình thường, không chỉ lúc chụp ảnh.",
        ),
        languages=("zh-CN", "en"),
        skills=("cut", "colour", "balayage", "perm"),
        week=works("11:00", "14:00", "20:00", off=(MON, TUE)),
        learned=(colourist(2015), hairdresser(2008)),
        level=3,
        dearer=20,
    ),
    DemoPerson(
        name="Hugo Lambert",
        title=COLOURIST,
        bio=said(
            "Learned hand-painting in Lyon; loves a brown that looks sunlit.",
            "在里昂学习手绘染，偏爱阳光感的棕色。",
            "Học vẽ sáng tại Lyon, mê những màu nâu như có nắng.",
        ),
        languages=("en", "zh-CN"),
        skills=("colour", "balayage", "cut"),
        week=works("12:00", "16:00", "21:00", off=(WED, SUN)),
        leave=(DemoLeave(4, "年假"), DemoLeave(5, "年假")),
        learned=(colourist(2018), hairdresser(2013)),
        level=3,
    ),
    DemoPerson(
        name="简宁",
        title=STYLIST,
        bio=said(
            "Short hair and fringes; answers honestly when a fringe is not a good idea.",
            "擅长短发与刘海，不适合剪刘海时会直说。",
            "Chuyên tóc ngắn và tóc mái, sẽ nói thật nếu mái không hợp với bạn.",
        ),
        languages=("zh-CN",),
        skills=("cut", "colour", "hair_care"),
        week=works("10:00", "13:00", "19:00", off=(THU, FRI)),
        learned=(hairdresser(2019),),
    ),
    DemoPerson(
        name="雷骁",
        title=TEXTURE,
        bio=said(
            "Men's texture and digital perms that grow out gracefully.",
            "男士纹理与数码烫，长长了也自然。",
            "Uốn texture nam và uốn kỹ thuật số, tóc mọc dài vẫn tự nhiên.",
        ),
        languages=("zh-CN", "en"),
        skills=("cut", "perm"),
        week=works("12:00", "17:00", "21:00", off=(TUE, WED)),
        leave=(DemoLeave(1, "看医生", at("12:00"), at("15:00")),),
        learned=(hairdresser(2016),),
    ),
    DemoPerson(
        name="白鹭",
        title=CARE,
        bio=said(
            "Reads a scalp under the camera and keeps the record for next time.",
            "用头皮检测仪建档，每次护理都有对比。",
            "Soi da đầu và lưu hồ sơ để so sánh ở lần sau.",
        ),
        languages=("zh-CN",),
        skills=("hair_care", "cut"),
        week=works("10:00", "12:30", "18:30", off=(MON, SAT)),
        learned=(hairdresser(2020),),
    ),
    DemoPerson(
        name="苏曼青",
        title=MAKE_UP,
        bio=said(
            "Over two hundred weddings; her brides still look like themselves.",
            "服务过两百多位新娘，妆后依然是您自己。",
            "Hơn hai trăm cô dâu, và ai cũng vẫn là chính mình.",
        ),
        languages=("zh-CN", "en"),
        skills=("make_up", "facial"),
        week=works("10:00", "14:00", "19:00", off=(TUE, THU)),
        learned=(beautician(2018),),
        level=3,
    ),
    DemoPerson(
        name="Phan Thu Hà",
        title=NAILS,
        bio=said(
            "From Huế to Shanghai with a steady hand and a box of four hundred colours.",
            "从顺化来到上海，手稳，色板有四百种颜色。",
            "Từ Huế đến Thượng Hải với đôi tay vững và hộp bốn trăm màu sơn.",
        ),
        languages=("vi", "zh-CN", "en"),
        skills=("nails", "facial"),
        week=works("11:00", "15:00", "20:00", off=(MON, WED)),
        leave=(DemoLeave(-3, "年假"),),
        learned=(nails(2021),),
    ),
)

CHENGDU = (
    DemoPerson(
        name="邓川",
        title=DIRECTOR,
        bio=said(
            "Opened the Chengdu salon; slow mornings, precise bobs.",
            "成都店店长，慢工出细活，波波头是招牌。",
            "Người mở salon Thành Đô; làm chậm mà chắc, nổi tiếng với kiểu bob.",
        ),
        languages=("zh-CN", "en"),
        skills=("cut", "colour", "balayage", "perm"),
        week=works("10:30", "13:00", "19:30", off=(MON, THU)),
        learned=(colourist(2015), hairdresser(2008)),
        level=3,
        dearer=20,
    ),
    DemoPerson(
        name="夏小满",
        title=COLOURIST,
        bio=said(
            "Cool browns and greys without brass, on every kind of black hair.",
            "擅长冷棕与雾灰，黑发也能染得不泛黄。",
            "Nâu lạnh và xám khói không ám vàng, kể cả trên nền tóc đen.",
        ),
        languages=("zh-CN",),
        skills=("colour", "balayage", "cut"),
        week=works("11:00", "15:00", "20:00", off=(MON, WED)),
        leave=(DemoLeave(7, "年假"),),
        learned=(colourist(2018), hairdresser(2013)),
        level=3,
    ),
    DemoPerson(
        name="温乔",
        title=STYLIST,
        bio=said(
            "Good with children and with men who hate waiting.",
            "对小朋友有耐心，也最懂不爱等的男士。",
            "Khéo với trẻ nhỏ và cả những quý ông ghét chờ đợi.",
        ),
        languages=("zh-CN",),
        skills=("cut", "perm", "hair_care"),
        week=works("10:00", "12:00", "18:30", off=(MON, TUE)),
        learned=(hairdresser(2019),),
    ),
    DemoPerson(
        name="唐果",
        title=CARE,
        bio=said(
            "Keratin and scalp care with a Sichuan head massage at the end.",
            "角蛋白与头皮护理，收尾是地道的川式按摩。",
            "Keratin và chăm sóc da đầu, kết thúc bằng màn massage kiểu Tứ Xuyên.",
        ),
        languages=("zh-CN", "en"),
        skills=("hair_care", "cut"),
        week=works("11:00", "14:30", "20:00", off=(MON, FRI)),
        learned=(hairdresser(2020),),
    ),
    DemoPerson(
        name="秦露",
        title=BEAUTICIAN,
        bio=said(
            "Sensitive skin is her subject: less product, more time.",
            "专注敏感肌：产品做减法，时间做加法。",
            "Chuyên da nhạy cảm: ít sản phẩm hơn, nhiều thời gian hơn.",
        ),
        languages=("zh-CN",),
        skills=("facial", "make_up"),
        week=works("10:00", "13:00", "19:00", off=(MON, WED)),
        learned=(beautician(2017),),
    ),
    DemoPerson(
        name="叶蓁",
        title=NAILS,
        bio=said(
            "Clean shapes and short nails that survive a keyboard.",
            "干净的甲形与短甲款式，敲键盘也不怕。",
            "Dáng móng gọn, ngắn, gõ phím cả ngày vẫn bền.",
        ),
        languages=("zh-CN", "en"),
        skills=("nails",),
        week=works("12:00", "16:00", "20:00", off=(MON, THU)),
        leave=(DemoLeave(2, "搬家"),),
        learned=(nails(2021),),
    ),
)

HO_CHI_MINH = (
    DemoPerson(
        name="Đặng Nhật Minh Quân",
        title=DIRECTOR,
        bio=said(
            "Trained in Seoul and back home in District 3; layers that move.",
            "在首尔学艺后回到胡志明市第三郡，层次感是强项。",
            "Học nghề ở Seoul rồi trở về Quận 3; nổi tiếng với kiểu layer bồng bềnh.",
        ),
        languages=("vi", "en"),
        skills=("cut", "colour", "balayage", "perm"),
        week=works("09:00", "12:30", "18:30", off=(MON, WED)),
        learned=(colourist(2015), hairdresser(2008, IN_VIETNAM)),
        level=3,
        dearer=20,
    ),
    DemoPerson(
        name="Bùi Hải Yến",
        title=COLOURIST,
        bio=said(
            "Asks for three photographs and tells you which one your hair will allow.",
            "请您带三张参考图，她会告诉您哪一张适合您的发质。",
            "Xin bạn ba tấm ảnh rồi nói thật tóc bạn hợp với tấm nào.",
        ),
        languages=("vi",),
        skills=("colour", "balayage", "cut"),
        week=works("11:00", "14:30", "20:00", off=(TUE, THU)),
        leave=(DemoLeave(3, "Việc gia đình", at("11:00"), at("14:30")),),
        learned=(colourist(2018), hairdresser(2013, IN_VIETNAM)),
        level=3,
    ),
    DemoPerson(
        name="Hồ Tấn Phát",
        title=STYLIST,
        bio=said(
            "Fades, side parts and a quiet chair.",
            "渐变、偏分，还有一张安静的椅子。",
            "Fade, side part và một chiếc ghế yên tĩnh.",
        ),
        languages=("vi", "en"),
        skills=("cut", "perm"),
        week=works("10:00", "13:30", "19:30", off=(SUN, MON)),
        learned=(hairdresser(2019, IN_VIETNAM),),
    ),
    DemoPerson(
        name="Olivia Tan",
        title=CARE,
        bio=said(
            "From Singapore; treats hair tired of sun and salt water.",
            "来自新加坡，专治被日晒和海水折腾的头发。",
            "Đến từ Singapore, chăm sóc mái tóc mệt mỏi vì nắng và nước biển.",
        ),
        languages=("en", "zh-CN", "vi"),
        skills=("hair_care", "cut", "colour"),
        week=works("09:00", "12:00", "18:00", off=(FRI, SAT)),
        learned=(hairdresser(2020, "Singapore"),),
    ),
    DemoPerson(
        name="Lý Thanh Ngân",
        title=MAKE_UP,
        bio=said(
            "Make-up that lasts from the morning ceremony to the last dance.",
            "从早上的仪式到最后一支舞都不脱妆。",
            "Lớp trang điểm bền từ lễ gia tiên buổi sáng đến điệu nhảy cuối cùng.",
        ),
        languages=("vi", "zh-CN"),
        skills=("make_up", "facial"),
        week=works("10:00", "14:00", "19:00", off=(TUE, WED)),
        leave=(DemoLeave(-5, "Nghỉ phép năm"),),
        learned=(beautician(2018, IN_VIETNAM),),
        level=3,
    ),
    DemoPerson(
        name="Võ Bảo Châu",
        title=NAILS,
        bio=said(
            "Neat cuticles, thin layers, no burning under the lamp.",
            "修边细致，薄涂不闷热，照灯不灼手。",
            "Nhặt da gọn, sơn lớp mỏng, hơ đèn không nóng rát.",
        ),
        languages=("vi", "en"),
        skills=("nails", "facial"),
        week=works("11:00", "15:30", "20:00", off=(THU, SUN)),
        learned=(nails(2021),),
    ),
)
