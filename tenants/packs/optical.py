"""Optical shops: eye examinations, contact lenses, children's myopia and the spectacles themselves."""

from __future__ import annotations

from dataclasses import replace

from shopbell.text import N_
from tenants.packs.pack import Pack, PackService, PackSkill, PackStep, addon, priced, said, variant

EYE_EXAMS = said("Eye exams", "验光检查", "Khám mắt")
CHILDREN_GROUP = said("Children", "儿童青少年", "Trẻ em")
CONTACT_LENS_GROUP = said("Contact lenses", "隐形眼镜", "Kính áp tròng")
SPECTACLE_GROUP = said("Spectacles", "眼镜定配", "Kính mắt")

SKILLS = (
    PackSkill("pretest", said("Pre-test measurements", "预检测量", "Đo ban đầu")),
    PackSkill("refraction", said("Refraction", "验光", "Đo khúc xạ")),
    PackSkill("contact_lens", said("Contact lens fitting", "隐形眼镜验配", "Kê kính áp tròng")),
    PackSkill("myopia_control", said("Children's myopia management", "青少年近视防控", "Kiểm soát cận thị trẻ em")),
    PackSkill("ortho_k", said("Orthokeratology", "角膜塑形镜验配", "Kính Ortho-K")),
    PackSkill("progressive", said("Progressive lens dispensing", "渐进镜验配", "Kê tròng đa tiêu cự")),
    PackSkill("dispensing", said("Spectacle dispensing", "定配整形", "Lắp và chỉnh kính")),
)

PRETEST = PackStep(
    said("Pre-test on the autorefractor", "电脑验光预检", "Đo khúc xạ tự động ban đầu"),
    minutes=10,
    skill="pretest",
    room_type="pretest_area",
    device_type="autorefractor",
    role="assistant",
)
RETINA = addon("retina", said("Photo of the retina", "眼底照相", "Chụp ảnh đáy mắt"), priced(80, 150_000, 30))
RETINA_PHOTO = PackStep(
    said("Photo of the retina", "眼底照相", "Chụp ảnh đáy mắt"),
    minutes=5,
    skill="pretest",
    room_type="pretest_area",
    device_type="fundus_camera",
    role="assistant",
    option="retina",
)
ADVICE = PackStep(
    said("Frame and lens advice", "镜架与镜片建议", "Tư vấn gọng và tròng"),
    minutes=15,
    skill="dispensing",
    room_type="fitting_desk",
    role="dispensing",
    wait=15,
)

EXAMS = (
    PackService(
        slug="eye-exam",
        name=said("Comprehensive eye exam", "综合验光检查", "Khám mắt và đo khúc xạ toàn diện"),
        description=said(
            "Pre-test, refraction by an optometrist, a plain explanation, and advice on frames and lenses. "
            "Please bring the spectacles you wear now.",
            "助理预检，验光师主观验光并讲解结果，定配师给出镜架与镜片建议。请携带您目前佩戴的眼镜。",
            "Trợ lý đo ban đầu, chuyên viên đo khúc xạ và giải thích kết quả, kỹ thuật viên tư vấn gọng và tròng. "
            "Vui lòng mang theo kính bạn đang đeo.",
        ),
        category=EYE_EXAMS,
        price_minor=priced(198, 350_000, 65),
        steps=(
            PRETEST,
            RETINA_PHOTO,
            PackStep(
                said("Refraction and result", "主观验光与结果讲解", "Đo khúc xạ chủ quan và giải thích kết quả"),
                minutes=25,
                skill="refraction",
                room_type="exam_room",
                device_type="phoropter",
                wait=15,
            ),
            ADVICE,
        ),
        options=(
            RETINA,
            addon(
                "binocular",
                said("Binocular vision test", "双眼视功能检查", "Kiểm tra thị giác hai mắt"),
                priced(60, 120_000, 25),
                s2=15,
            ),
        ),
    ),
    PackService(
        slug="quick-refraction",
        name=said("Prescription check", "配镜验光", "Đo độ kính"),
        description=said(
            "For healthy eyes that need a current prescription for new spectacles.",
            "适合眼部健康、只需更新度数配镜的顾客。",
            "Dành cho mắt khỏe, chỉ cần cập nhật độ để cắt kính mới.",
        ),
        category=EYE_EXAMS,
        price_minor=priced(68, 120_000, 30),
        steps=(
            replace(PRETEST, skill="refraction", role="main"),
            PackStep(
                said("Refraction", "主观验光", "Đo khúc xạ chủ quan"),
                minutes=20,
                skill="refraction",
                room_type="exam_room",
                device_type="phoropter",
            ),
        ),
    ),
    PackService(
        slug="progressive-consultation",
        name=said(
            "Progressive lens and low-vision consultation",
            "渐进多焦点与低视力咨询",
            "Tư vấn tròng đa tiêu cự và khiếm thị",
        ),
        description=said(
            "Near and far refraction, a trial of progressive lenses or magnifiers, and measurements in your own frame.",
            "测定远近用度数，试戴渐进镜片或助视器，并在您选定的镜架上完成参数测量。",
            "Đo độ nhìn xa và gần, thử tròng đa tiêu cự hoặc kính trợ thị, lấy thông số trên gọng bạn chọn.",
        ),
        category=EYE_EXAMS,
        price_minor=priced(328, 550_000, 95),
        steps=(
            PRETEST,
            PackStep(
                said("Far and near refraction", "远近用验光", "Đo khúc xạ nhìn xa và gần"),
                minutes=30,
                skill="refraction",
                room_type="exam_room",
                device_type="phoropter",
                level=2,
                wait=10,
            ),
            PackStep(
                said("Trial and frame measurements", "试戴与镜架参数测量", "Đeo thử và lấy thông số gọng"),
                minutes=20,
                skill="progressive",
                room_type="fitting_desk",
                role="dispensing",
                wait=15,
            ),
        ),
    ),
)

CHILDREN = (
    PackService(
        slug="childrens-myopia-check",
        name=said("Children's myopia check", "儿童青少年近视筛查", "Kiểm tra cận thị trẻ em"),
        description=said(
            "Axial length and refraction with a growth curve to take home. For children from 4; a parent comes along.",
            "测量眼轴长度与屈光度，建立屈光发育档案。适合4岁以上儿童，需家长陪同。",
            "Đo trục nhãn cầu và khúc xạ, kèm biểu đồ theo dõi mang về. Cho trẻ từ 4 tuổi, có phụ huynh đi cùng.",
        ),
        category=CHILDREN_GROUP,
        price_minor=priced(168, 300_000, 55),
        steps=(
            PackStep(
                said("Axial length", "眼轴测量", "Đo trục nhãn cầu"),
                minutes=10,
                skill="myopia_control",
                room_type="pretest_area",
                device_type="biometer",
            ),
            PackStep(
                said("Refraction", "儿童验光", "Đo khúc xạ cho trẻ"),
                minutes=20,
                skill="refraction",
                room_type="exam_room",
                device_type="phoropter",
            ),
            PackStep(
                said("Talk with the parent", "家长沟通与防控建议", "Trao đổi với phụ huynh"),
                minutes=10,
                skill="myopia_control",
                room_type="exam_room",
            ),
        ),
    ),
    PackService(
        slug="ortho-k-follow-up",
        name=said("Orthokeratology follow-up", "角膜塑形镜复查", "Tái khám kính Ortho-K"),
        description=said(
            "Unaided vision, cornea and lens condition. Please bring the lenses and come within four hours of waking.",
            "检查裸眼视力、角膜与镜片状况。请携带镜片，最好起床后四小时内到店。",
            "Kiểm tra thị lực không kính, giác mạc và tình trạng kính. Vui lòng mang theo kính và "
            "đến trong vòng 4 giờ sau khi thức dậy.",
        ),
        category=CHILDREN_GROUP,
        price_minor=priced(120, 250_000, 60),
        steps=(
            PackStep(
                said("Corneal topography", "角膜地形图", "Chụp bản đồ giác mạc"),
                minutes=10,
                skill="ortho_k",
                room_type="pretest_area",
                device_type="topographer",
            ),
            PackStep(
                said("Slit lamp and lens check", "裂隙灯与镜片检查", "Khám đèn khe và kiểm tra kính"),
                minutes=20,
                skill="ortho_k",
                room_type="exam_room",
                device_type="slit_lamp",
            ),
        ),
    ),
)

CONTACT_LENSES = (
    PackService(
        slug="contact-lens-fitting",
        name=said("Contact lens fitting", "隐形眼镜验配", "Khám và kê kính áp tròng"),
        description=said(
            "Cornea and tear film, trial lenses, and practice in putting them in and taking them out.",
            "检查角膜与泪膜，试戴镜片，并教您正确摘戴和护理。",
            "Kiểm tra giác mạc và phim nước mắt, đeo thử, hướng dẫn đeo tháo và chăm sóc kính.",
        ),
        category=CONTACT_LENS_GROUP,
        price_minor=priced(258, 450_000, 90),
        steps=(
            PRETEST,
            PackStep(
                said("Slit lamp and trial lens", "裂隙灯检查与试戴", "Khám đèn khe và đặt kính thử"),
                minutes=20,
                skill="contact_lens",
                room_type="exam_room",
                device_type="slit_lamp",
                wait=10,
            ),
            PackStep(
                said("The trial lens settles", "试戴适应", "Chờ kính thử ổn định"),
                minutes=15,
            ),
            PackStep(
                said(
                    "Check of the fit and handling lesson",
                    "配适评估与摘戴指导",
                    "Kiểm tra độ vừa và hướng dẫn đeo tháo",
                ),
                minutes=20,
                skill="contact_lens",
                room_type="fitting_desk",
            ),
        ),
        options=(
            variant("soft", said("Soft lenses", "软性隐形眼镜", "Kính mềm"), priced(0, 0, 0)),
            variant(
                "toric",
                said("Toric or multifocal lenses", "散光或多焦点镜片", "Kính loạn thị hoặc đa tiêu cự"),
                priced(120, 200_000, 40),
                s1=10,
            ),
            variant(
                "rigid",
                said("Rigid lenses", "硬性透气镜片", "Kính cứng thấm khí"),
                priced(300, 500_000, 90),
                s1=15,
                s2=15,
                s3=10,
            ),
        ),
        buffer_after=5,
    ),
    PackService(
        slug="contact-lens-aftercare",
        name=said("Contact lens aftercare", "隐形眼镜复查", "Tái khám kính áp tròng"),
        description=said(
            "A check of cornea, fit and comfort for people who wear contact lenses. Please come wearing them.",
            "为隐形眼镜佩戴者检查角膜、配适和舒适度，请佩戴镜片到店。",
            "Kiểm tra giác mạc, độ vừa và sự thoải mái cho người đang đeo kính áp tròng. Vui lòng đeo kính khi đến.",
        ),
        category=CONTACT_LENS_GROUP,
        price_minor=priced(98, 180_000, 45),
        steps=(
            PackStep(
                said("Slit lamp check", "裂隙灯检查", "Khám đèn khe"),
                minutes=20,
                skill="contact_lens",
                room_type="exam_room",
                device_type="slit_lamp",
            ),
        ),
    ),
)

SPECTACLES = (
    PackService(
        slug="spectacle-collection",
        name=said("Spectacle collection and fitting", "取镜与整形", "Nhận kính và chỉnh kính"),
        description=said(
            "Your new spectacles are checked on the lensmeter and shaped to your face.",
            "用焦度计复核新镜度数，并按您的脸型调整镜架。",
            "Kiểm tra lại độ kính mới trên máy đo tròng và chỉnh gọng vừa khuôn mặt.",
        ),
        category=SPECTACLE_GROUP,
        price_minor=priced(20, 30_000, 10),
        steps=(
            PackStep(
                said("Check on the lensmeter", "焦度计复核", "Kiểm tra bằng máy đo tròng"),
                minutes=5,
                skill="dispensing",
                room_type="fitting_desk",
                device_type="lensmeter",
            ),
            PackStep(
                said("Fitting", "镜架整形", "Chỉnh gọng"),
                minutes=15,
                skill="dispensing",
                room_type="fitting_desk",
            ),
        ),
    ),
    PackService(
        slug="frame-adjustment",
        name=said("Frame adjustment and repair", "镜架调整与维修", "Chỉnh sửa gọng kính"),
        description=said(
            "Straightening, nose pads, screws and ultrasonic cleaning. Parts are charged separately.",
            "校正镜架、更换鼻托螺丝、超声波清洗，配件另计。",
            "Nắn gọng, thay đệm mũi, ốc vít và rửa siêu âm. Linh kiện tính riêng.",
        ),
        category=SPECTACLE_GROUP,
        price_minor=priced(30, 50_000, 15),
        steps=(
            PackStep(
                said("Adjustment or repair", "调整维修", "Chỉnh hoặc sửa gọng"),
                minutes=15,
                skill="dispensing",
                room_type="fitting_desk",
            ),
        ),
    ),
    PackService(
        slug="frame-styling",
        name=said("Frame and lens styling", "镜架与镜片选配", "Tư vấn chọn gọng và tròng"),
        description=said(
            "Frames chosen for your face, lenses for your day: screens, driving, sport.",
            "按脸型推荐镜架，按用眼场景推荐镜片：办公、驾驶、运动。",
            "Chọn gọng theo khuôn mặt, chọn tròng theo nhu cầu: màn hình, lái xe, thể thao.",
        ),
        category=SPECTACLE_GROUP,
        price_minor=priced(50, 80_000, 20),
        steps=(
            PackStep(
                said("Consultation at the desk", "选配咨询", "Tư vấn tại bàn"),
                minutes=30,
                skill="dispensing",
                room_type="fitting_desk",
            ),
        ),
        options=(
            addon(
                "second",
                said(
                    "A second pair: sun or sport", "第二副：太阳镜或运动镜", "Kính thứ hai: kính mát hoặc kính thể thao"
                ),
                priced(30, 50_000, 10),
                s0=15,
            ),
        ),
    ),
)

OPTICAL = Pack(
    key="optical",
    name=N_("Optical shop"),
    skills=SKILLS,
    services=EXAMS + CHILDREN + CONTACT_LENSES + SPECTACLES,
)
