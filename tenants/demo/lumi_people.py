"""Who works at Lumi Optik."""

from __future__ import annotations

from tenants.demo.chain import FRI, MON, SAT, SUN, THU, TUE, WED, DemoLearned, DemoLeave, DemoPerson, at, works
from tenants.packs.pack import said

LEAD = said("Lead optometrist", "首席验光师", "Chuyên viên khúc xạ trưởng")
OPTOMETRIST = said("Optometrist", "验光师", "Chuyên viên khúc xạ")
MYOPIA = said("Children's myopia optometrist", "青少年近视防控验光师", "Chuyên viên kiểm soát cận thị trẻ em")
CONTACTS = said("Contact lens optometrist", "隐形眼镜验配师", "Chuyên viên kính áp tròng")
OPTICIAN = said("Dispensing optician", "定配师", "Kỹ thuật viên kính")
STYLIST = said("Frame stylist", "镜架造型顾问", "Chuyên viên tư vấn gọng kính")

ASSISTANT = said("Optical assistant", "验光助理", "Trợ lý khúc xạ")

ALL_EYES = ("pretest", "refraction", "contact_lens", "myopia_control", "ortho_k", "progressive")


IN_VIETNAM = "Kỹ năng nghề quốc gia"


def optometry(year: int, issuer: str = "国家职业资格") -> DemoLearned:
    return DemoLearned(said("Optometrist, senior grade", "高级验光员", "Chuyên viên khúc xạ bậc cao"), issuer, year)


def fitting(year: int, issuer: str = "国家职业资格") -> DemoLearned:
    return DemoLearned(said("Dispensing optician", "眼镜定配工", "Kỹ thuật viên lắp kính"), issuer, year)


def myopia(year: int) -> DemoLearned:
    what = said("Myopia management in children", "青少年近视防控培训", "Kiểm soát cận thị ở trẻ em")
    return DemoLearned(what, "Lumi Academy", year)


def contacts(year: int) -> DemoLearned:
    what = said("Contact lens practice", "隐形眼镜验配培训", "Thực hành kính áp tròng")
    return DemoLearned(what, "Lumi Academy", year)


SHANGHAI = (
    DemoPerson(
        name="沈若溪",
        title=LEAD,
        bio=said(
            "Fourteen years of refraction, at ease with difficult progressives and second opinions.",
            "从业十四年，擅长疑难渐进镜验配与复核验光。",
            "Mười bốn năm kinh nghiệm đo khúc xạ, thế mạnh là tròng đa tiêu cự khó và đo lại kiểm chứng.",
        ),
        languages=("zh-CN", "en"),
        skills=ALL_EYES,
        week=works("10:00", "13:00", "19:00", off=(TUE, WED)),
        leave=(DemoLeave(6, "培训"),),
        learned=(contacts(2017), optometry(2011)),
        level=3,
    ),
    DemoPerson(
        name="周子墨",
        title=OPTOMETRIST,
        bio=said(
            "Works evenings so that office people need not take leave for an eye exam.",
            "常驻晚班，让上班族不必请假也能好好验光。",
            "Làm ca tối để dân văn phòng khám mắt mà không phải xin nghỉ.",
        ),
        languages=("zh-CN",),
        skills=("pretest", "refraction", "contact_lens", "progressive", "dispensing"),
        week=works("12:00", "16:00", "21:00", off=(MON, THU)),
        learned=(optometry(2018),),
    ),
    DemoPerson(
        name="Emily Carter",
        title=CONTACTS,
        bio=said(
            "Trained in Melbourne; fits contact lenses for dry eyes and for sport.",
            "毕业于墨尔本，擅长干眼与运动人群的隐形眼镜验配。",
            "Tốt nghiệp tại Melbourne, chuyên kê kính áp tròng cho mắt khô và người chơi thể thao.",
        ),
        languages=("en", "zh-CN"),
        skills=("pretest", "refraction", "contact_lens", "ortho_k"),
        week={**works("11:00", "14:00", "20:00", off=(WED, FRI, SUN)), WED: ((at("11:00"), at("14:00")),)},
        elsewhere={"xintiandi": {WED: ((at("15:00"), at("19:00")),), SUN: ((at("11:00"), at("17:00")),)}},
        leave=(DemoLeave(3, "看牙", at("11:00"), at("14:00")),),
        learned=(contacts(2019), optometry(2015, "Melbourne")),
        level=3,
    ),
    DemoPerson(
        name="韩霁月",
        title=MYOPIA,
        bio=said(
            "Follows more than three hundred children's growth curves and explains each one to their parents.",
            "长期跟踪三百多名孩子的屈光档案，每次都会向家长讲清楚。",
            "Theo dõi biểu đồ của hơn ba trăm trẻ và luôn giải thích cặn kẽ cho phụ huynh.",
        ),
        languages=("zh-CN", "en"),
        skills=("pretest", "refraction", "myopia_control", "ortho_k"),
        week=works("10:00", "12:30", "18:30", off=(MON, TUE)),
        learned=(myopia(2021), optometry(2016)),
        level=3,
    ),
    DemoPerson(
        name="吴桐",
        title=OPTICIAN,
        bio=said(
            "Shapes titanium and acetate by hand; repairs what others would replace.",
            "手工整形钛架与板材，能修的绝不劝您换。",
            "Chỉnh tay gọng titan và acetate; sửa được thì không khuyên thay mới.",
        ),
        languages=("zh-CN",),
        skills=("pretest", "dispensing", "progressive"),
        week=works("10:00", "12:00", "19:00", off=(WED, THU)),
        leave=(DemoLeave(-4, "年假"),),
        learned=(fitting(2014),),
        level=3,
    ),
    DemoPerson(
        name="罗嘉树",
        title=STYLIST,
        bio=said(
            "Three frames on the tray, never thirty: he listens first.",
            "先听需求，再精选三副，而不是摆三十副。",
            "Lắng nghe trước, chỉ chọn ba gọng thay vì bày ra ba mươi.",
        ),
        languages=("zh-CN", "en"),
        skills=(
            "pretest",
            "dispensing",
        ),
        week=works("12:00", "17:00", "21:00", off=(MON, FRI)),
        learned=(fitting(2020),),
    ),
    DemoPerson(
        name="程晓棠",
        title=ASSISTANT,
        bio=said(
            "Measures before the exam and keeps the waiting short.",
            "负责检前测量，减少您的等候时间。",
            "Đo trước khi khám và giúp khách ít phải chờ.",
        ),
        languages=(
            "zh-CN",
            "en",
        ),
        skills=("pretest", "dispensing"),
        week=works("10:00", "14:00", "20:00", off=(TUE, SUN)),
        level=1,
    ),
)

HANGZHOU = (
    DemoPerson(
        name="陆清和",
        title=LEAD,
        bio=said(
            "Runs the exam rooms by the lake and teaches the younger colleagues.",
            "负责西湖店验光室，也是年轻同事的带教老师。",
            "Phụ trách phòng khám bên Tây Hồ và hướng dẫn đồng nghiệp trẻ.",
        ),
        languages=("zh-CN", "en"),
        skills=ALL_EYES,
        week=works("10:00", "13:00", "19:00", off=(MON, TUE)),
        learned=(contacts(2017), optometry(2011)),
        level=3,
    ),
    DemoPerson(
        name="江晚晴",
        title=MYOPIA,
        bio=said(
            "Makes an axial length measurement feel like a game.",
            "能把测眼轴变成孩子喜欢的小游戏。",
            "Biến việc đo trục nhãn cầu thành trò chơi với trẻ.",
        ),
        languages=("zh-CN",),
        skills=("pretest", "refraction", "myopia_control", "ortho_k", "contact_lens"),
        week=works("10:00", "12:00", "18:30", off=(WED, THU)),
        leave=(DemoLeave(5, "年假"), DemoLeave(6, "年假")),
        learned=(myopia(2021), optometry(2016)),
        level=3,
    ),
    DemoPerson(
        name="方舟",
        title=OPTOMETRIST,
        bio=said(
            "Careful with first-time wearers; never hurries a refraction.",
            "对第一次配镜的顾客格外耐心，验光从不赶时间。",
            "Đặc biệt kiên nhẫn với người đeo kính lần đầu, không bao giờ đo vội.",
        ),
        languages=("zh-CN", "en"),
        skills=("pretest", "refraction", "contact_lens", "dispensing"),
        week=works("12:00", "16:30", "20:30", off=(FRI, SUN)),
        learned=(optometry(2018),),
    ),
    DemoPerson(
        name="宋知夏",
        title=OPTICIAN,
        bio=said(
            "Knows rimless frames down to the last screw.",
            "无框镜架专家，每一颗螺丝都心中有数。",
            "Hiểu gọng không viền đến từng con ốc.",
        ),
        languages=("zh-CN",),
        skills=("pretest", "dispensing", "progressive", "refraction"),
        week=works("10:30", "13:00", "19:30", off=(TUE, SAT)),
        leave=(DemoLeave(-2, "盘点", at("17:00"), at("19:30")),),
        learned=(fitting(2014),),
        level=3,
    ),
    DemoPerson(
        name="Marco Bianchi",
        title=STYLIST,
        bio=said(
            "Grew up in his family's eyewear workshop near Belluno.",
            "在意大利贝卢诺附近的家族眼镜工坊长大。",
            "Lớn lên trong xưởng kính gia đình gần Belluno, Ý.",
        ),
        languages=("en", "zh-CN"),
        skills=(
            "pretest",
            "dispensing",
        ),
        week=works("11:00", "15:00", "20:00", off=(MON, WED)),
        learned=(fitting(2020),),
    ),
    DemoPerson(
        name="叶知秋",
        title=ASSISTANT,
        bio=said(
            "Explains every machine before it comes close to the eye.",
            "每台仪器靠近眼睛之前都会先讲清楚。",
            "Giải thích từng máy trước khi đưa gần mắt.",
        ),
        languages=("zh-CN",),
        skills=("pretest", "dispensing"),
        week=works("10:00", "13:30", "20:00", off=(TUE, THU)),
        level=1,
    ),
)

HO_CHI_MINH = (
    DemoPerson(
        name="Nguyễn Hoàng Minh Thư",
        title=LEAD,
        bio=said(
            "Leads the team in District 1; examines in Vietnamese and English.",
            "胡志明市店验光负责人，可用越南语和英语服务。",
            "Trưởng nhóm tại Quận 1, khám bằng tiếng Việt và tiếng Anh.",
        ),
        languages=("vi", "en"),
        skills=ALL_EYES,
        week=works("09:00", "12:00", "18:00", off=(SUN, MON)),
        learned=(contacts(2017), optometry(2011, IN_VIETNAM)),
        level=3,
    ),
    DemoPerson(
        name="Trần Quốc Bảo",
        title=OPTOMETRIST,
        bio=said(
            "Spends his free Sundays running; fits lenses that stay in place.",
            "周末跑步爱好者，擅长运动用镜片验配。",
            "Mê chạy bộ cuối tuần, kê kính thể thao đeo là chắc.",
        ),
        languages=("vi", "en"),
        skills=("pretest", "refraction", "contact_lens", "progressive", "dispensing"),
        week=works("11:00", "14:30", "20:00", off=(TUE, WED)),
        leave=(DemoLeave(4, "Đám cưới người thân"),),
        learned=(optometry(2018, IN_VIETNAM),),
    ),
    DemoPerson(
        name="Lê Thị Thanh Trúc",
        title=MYOPIA,
        bio=said(
            "Children draw while she measures; parents leave with a plan.",
            "孩子一边画画一边完成检查，家长带走一份防控方案。",
            "Bé vừa vẽ vừa đo mắt, phụ huynh ra về với một kế hoạch rõ ràng.",
        ),
        languages=("vi",),
        skills=("pretest", "refraction", "myopia_control", "ortho_k"),
        week=works("09:00", "12:30", "18:30", off=(THU, FRI)),
        learned=(myopia(2021), optometry(2016, IN_VIETNAM)),
        level=3,
    ),
    DemoPerson(
        name="Phạm Gia Huy",
        title=OPTICIAN,
        bio=said(
            "The frame sits when you laugh, too: he checks.",
            "连大笑时镜架会不会滑，他都会帮您试。",
            "Kính phải đứng yên cả khi bạn cười, Huy luôn kiểm tra điều đó.",
        ),
        languages=("vi", "en"),
        skills=("pretest", "dispensing", "progressive"),
        week=works("09:30", "13:00", "19:00", off=(MON, THU)),
        leave=(DemoLeave(-6, "Nghỉ phép năm"),),
        learned=(fitting(2014, IN_VIETNAM),),
        level=3,
    ),
    DemoPerson(
        name="林佩珊",
        title=STYLIST,
        bio=said(
            "From Chợ Lớn; speaks with customers in Mandarin, Cantonese and Vietnamese.",
            "来自堤岸，可用普通话、粤语和越南语接待。",
            "Người Chợ Lớn, tư vấn bằng tiếng Hoa, tiếng Quảng và tiếng Việt.",
        ),
        languages=("vi", "zh-CN"),
        skills=(
            "pretest",
            "dispensing",
        ),
        week=works("11:00", "15:00", "20:00", off=(WED, SAT)),
        learned=(fitting(2020, IN_VIETNAM),),
    ),
    DemoPerson(
        name="Đỗ Khánh Vy",
        title=ASSISTANT,
        bio=said(
            "Patient with children and with grandparents.",
            "对孩子和老人都很有耐心。",
            "Kiên nhẫn với trẻ nhỏ và người lớn tuổi.",
        ),
        languages=(
            "vi",
            "en",
        ),
        skills=("pretest", "dispensing"),
        week=works("09:00", "13:00", "19:00", off=(MON, THU)),
        level=1,
    ),
)
