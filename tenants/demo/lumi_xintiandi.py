"""Lumi Optik's second branch in Shanghai, half an hour from the first one, with whom it shares a specialist."""

from __future__ import annotations

from tenants.demo.chain import FRI, MON, SAT, SUN, THU, TUE, WED, DemoBranch, DemoPerson, DemoResource, open_week, works
from tenants.demo.lumi_people import (
    ALL_EYES,
    ASSISTANT,
    LEAD,
    OPTICIAN,
    OPTOMETRIST,
    contacts,
    fitting,
    optometry,
)
from tenants.packs.pack import said

PEOPLE = (
    DemoPerson(
        name="谢书瑶",
        title=LEAD,
        bio=said(
            "Came from the eye hospital; explains every number on the prescription.",
            "曾任职眼科医院，会把处方上的每个数字讲明白。",
            "Từng làm ở bệnh viện mắt, giải thích từng con số trên đơn kính.",
        ),
        languages=("zh-CN", "en"),
        skills=(*ALL_EYES, "dispensing"),
        week=works("10:00", "13:00", "19:00", off=(MON, THU)),
        learned=(contacts(2018), optometry(2012)),
        level=3,
        dearer=15,
    ),
    DemoPerson(
        name="何景行",
        title=OPTOMETRIST,
        bio=said(
            "Children and grandparents on the same afternoon, with the same patience.",
            "一个下午里，老人和孩子都一样耐心。",
            "Cùng một buổi chiều, kiên nhẫn như nhau với trẻ em và ông bà.",
        ),
        languages=("zh-CN",),
        skills=ALL_EYES,
        week=works("11:30", "15:00", "20:00", off=(TUE, SAT)),
        learned=(optometry(2017),),
        level=3,
    ),
    DemoPerson(
        name="Jonas Becker",
        title=OPTICIAN,
        bio=said(
            "Master optician from Jena; fits progressives to the way you hold your book.",
            "来自耶拿的眼镜技师，按您看书的姿势调整渐进镜。",
            "Thợ kính đến từ Jena, chỉnh tròng đa tiêu cự theo cách bạn cầm sách.",
        ),
        languages=("en", "zh-CN"),
        skills=("pretest", "dispensing", "progressive", "refraction"),
        week=works("10:00", "12:00", "18:30", off=(WED, FRI)),
        learned=(fitting(2013, "HWK Jena"),),
        level=3,
    ),
    DemoPerson(
        name="田可欣",
        title=ASSISTANT,
        bio=said(
            "Knows which machine blows air and says so before it does.",
            "哪台仪器会吹气，她一定提前告诉您。",
            "Máy nào thổi hơi vào mắt, cô luôn báo trước.",
        ),
        languages=("zh-CN", "en"),
        skills=("pretest", "dispensing"),
        week=works("10:00", "14:00", "20:00", off=(TUE, SUN)),
        level=2,
    ),
    DemoPerson(
        name="石立群",
        title=ASSISTANT,
        bio=said(
            "Hands over new glasses as if they were a present.",
            "交付新眼镜时，像递上一份礼物。",
            "Trao kính mới cho khách như trao một món quà.",
        ),
        languages=("zh-CN",),
        skills=("pretest", "dispensing"),
        week=works("10:30", "13:30", "20:00", off=(MON, THU)),
        level=2,
    ),
)

XINTIANDI = DemoBranch(
    slug="xintiandi",
    name=said("Lumi Optik Xintiandi", "明眸眼镜 新天地店", "Lumi Optik Tân Thiên Địa (Thượng Hải)"),
    address=said(
        "Shop 8, 51 Lane Songyun Road, Huangpu District, Shanghai",
        "上海市黄浦区松云路51弄8号铺",
        "Số 8, ngõ 51 đường Tùng Vân, quận Hoàng Phố, Thượng Hải",
    ),
    phone="+862160005104",
    time_zone="Asia/Shanghai",
    latitude=31.2190,
    longitude=121.4735,
    hours=open_week("10:00", "20:00"),
    exceptions=(),
    resources=(
        DemoResource("room", "exam_room", "验光室", 2),
        DemoResource("room", "pretest_area", "预检区", 2),
        DemoResource("room", "fitting_desk", "整形台", 2),
        DemoResource("device", "autorefractor", "电脑验光仪"),
        DemoResource("device", "fundus_camera", "眼底照相机"),
        DemoResource("device", "phoropter", "综合验光仪", 2),
        DemoResource("device", "slit_lamp", "裂隙灯"),
        DemoResource("device", "biometer", "眼轴测量仪"),
        DemoResource("device", "topographer", "角膜地形图仪"),
        DemoResource("device", "lensmeter", "焦度计"),
    ),
    people=PEOPLE,
    bookings_a_day=6,
    tongues={"zh-CN": 84, "en": 16},
    manager="谢书瑶",
    host="段若兰",
    travel={"shanghai": 30},
)
