"""Lumi Optik 明眸眼镜: an optical chain in Shanghai, Hangzhou and Ho Chi Minh City. Names, numbers are invented."""

from __future__ import annotations

from tenants.demo import lumi_people
from tenants.demo.chain import DemoBranch, DemoChain, DemoException, DemoResource, at, open_week
from tenants.demo.lumi_xintiandi import XINTIANDI
from tenants.packs.pack import said

SHANGHAI = DemoBranch(
    slug="shanghai",
    name=said("Lumi Optik Jing'an", "明眸眼镜 静安店", "Lumi Optik Tĩnh An (Thượng Hải)"),
    address=said(
        "Shop 102, 688 Lane Yuhua Road, Jing'an District, Shanghai",
        "上海市静安区玉华路688弄102号铺",
        "Số 102, ngõ 688 đường Ngọc Hoa, quận Tĩnh An, Thượng Hải",
    ),
    phone="+862160005101",
    time_zone="Asia/Shanghai",
    latitude=31.2286,
    longitude=121.4478,
    hours=open_week("10:00", "21:00"),
    exceptions=(
        DemoException(9, "全员镜片培训", at("13:00"), at("21:00")),
        DemoException(40, "年度盘点"),
    ),
    resources=(
        DemoResource("room", "exam_room", "验光室", 3),
        DemoResource("room", "pretest_area", "预检区", 2),
        DemoResource("room", "fitting_desk", "整形台", 3),
        DemoResource("device", "autorefractor", "电脑验光仪", 2),
        DemoResource("device", "fundus_camera", "眼底照相机"),
        DemoResource("device", "phoropter", "综合验光仪", 3),
        DemoResource("device", "slit_lamp", "裂隙灯", 2),
        DemoResource("device", "biometer", "眼轴测量仪"),
        DemoResource("device", "topographer", "角膜地形图仪"),
        DemoResource("device", "lensmeter", "焦度计", 2),
    ),
    people=lumi_people.SHANGHAI,
    bookings_a_day=11,
    tongues={"zh-CN": 80, "en": 18, "vi": 2},
    manager="沈若溪",
    host="丁一诺",
)

HANGZHOU = DemoBranch(
    slug="hangzhou",
    name=said("Lumi Optik West Lake", "明眸眼镜 西湖店", "Lumi Optik Tây Hồ (Hàng Châu)"),
    address=said(
        "1F, 27 Liuying Street, Xihu District, Hangzhou, Zhejiang",
        "浙江省杭州市西湖区柳影街27号一层",
        "Tầng 1, số 27 phố Liễu Ảnh, quận Tây Hồ, Hàng Châu, Chiết Giang",
    ),
    phone="+8657185005102",
    time_zone="Asia/Shanghai",
    latitude=30.2650,
    longitude=120.1420,
    hours=open_week("10:00", "20:30"),
    exceptions=(DemoException(8, "商场提前闭店", at("10:00"), at("18:00")),),
    resources=(
        DemoResource("room", "exam_room", "验光室", 3),
        DemoResource("room", "pretest_area", "预检区", 2),
        DemoResource("room", "fitting_desk", "整形台", 2),
        DemoResource("device", "autorefractor", "电脑验光仪"),
        DemoResource("device", "fundus_camera", "眼底照相机"),
        DemoResource("device", "phoropter", "综合验光仪", 3),
        DemoResource("device", "slit_lamp", "裂隙灯"),
        DemoResource("device", "biometer", "眼轴测量仪"),
        DemoResource("device", "topographer", "角膜地形图仪"),
        DemoResource("device", "lensmeter", "焦度计"),
    ),
    people=lumi_people.HANGZHOU,
    bookings_a_day=8,
    tongues={"zh-CN": 93, "en": 7},
    manager="陆清和",
    host="许小满",
)

HO_CHI_MINH = DemoBranch(
    slug="hcmc",
    name=said("Lumi Optik District 1", "明眸眼镜 胡志明市第一郡店", "Lumi Optik Quận 1"),
    address=said(
        "42 Hoa Sữa Street, District 1, Ho Chi Minh City",
        "越南胡志明市第一郡花奶街42号",
        "42 đường Hoa Sữa, Quận 1, Thành phố Hồ Chí Minh",
    ),
    phone="+842838005103",
    time_zone="Asia/Ho_Chi_Minh",
    latitude=10.7745,
    longitude=106.7010,
    hours=open_week("09:00", "20:00"),
    exceptions=(DemoException(10, "Bảo trì điện khu phố", at("13:00"), at("20:00")),),
    resources=(
        DemoResource("room", "exam_room", "Phòng khám", 2),
        DemoResource("room", "pretest_area", "Khu đo ban đầu", 2),
        DemoResource("room", "fitting_desk", "Bàn chỉnh kính", 2),
        DemoResource("device", "autorefractor", "Máy đo khúc xạ"),
        DemoResource("device", "fundus_camera", "Máy chụp đáy mắt"),
        DemoResource("device", "phoropter", "Phoropter", 2),
        DemoResource("device", "slit_lamp", "Đèn khe"),
        DemoResource("device", "biometer", "Máy đo trục nhãn cầu"),
        DemoResource("device", "topographer", "Máy chụp giác mạc"),
        DemoResource("device", "lensmeter", "Máy đo tròng"),
    ),
    people=lumi_people.HO_CHI_MINH,
    bookings_a_day=8,
    tongues={"vi": 78, "en": 15, "zh-CN": 7},
    manager="Nguyễn Hoàng Minh Thư",
    host="Vũ Ngọc Linh",
    dearer=-20,
)

LUMI = DemoChain(
    slug="lumi",
    name="Lumi Optik 明眸眼镜",
    pack="optical",
    locale="zh-CN",
    time_zone="Asia/Shanghai",
    currency="CNY",
    country="CN",
    colour="#0b7d5b",
    head="顾明远",
    branches=(SHANGHAI, HANGZHOU, HO_CHI_MINH, XINTIANDI),
    demand={
        "eye-exam": 24,
        "quick-refraction": 14,
        "progressive-consultation": 6,
        "childrens-myopia-check": 14,
        "ortho-k-follow-up": 7,
        "contact-lens-fitting": 6,
        "contact-lens-aftercare": 8,
        "spectacle-collection": 18,
        "frame-adjustment": 10,
        "frame-styling": 6,
    },
    customers=290,
    logo_file="lumi.png",
    one_by_one=("eye-exam", "frame-styling"),
    side_by_side=("quick-refraction", "quick-refraction"),
    regular=("ortho-k-follow-up", 2, 4),
    members_at="hangzhou",
)
