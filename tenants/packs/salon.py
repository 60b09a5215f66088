"""Hair and beauty salons: cuts, colour, treatments, face, hands and brides."""

from __future__ import annotations

from shopbell.text import N_
from tenants.packs.pack import Pack, PackService, PackSkill, PackStep, addon, priced, said, variant

CUT_GROUP = said("Cut & style", "剪发造型", "Cắt & tạo kiểu")
COLOUR_GROUP = said("Colour", "染发", "Nhuộm tóc")
PERM_GROUP = said("Perm", "烫发", "Uốn tóc")
CARE_GROUP = said("Hair care", "护发养发", "Chăm sóc tóc")
BEAUTY_GROUP = said("Face & hands", "面部与美甲", "Da mặt & móng")
BRIDAL_GROUP = said("Bridal", "新娘妆发", "Cô dâu")

SKILLS = (
    PackSkill("cut", said("Cutting and styling", "剪发造型", "Cắt và tạo kiểu")),
    PackSkill("colour", said("Hair colour", "染发", "Nhuộm tóc")),
    PackSkill("balayage", said("Balayage and lightening", "漂染与手刷染", "Balayage và tẩy tóc")),
    PackSkill("perm", said("Perming", "烫发", "Uốn tóc")),
    PackSkill("hair_care", said("Hair and scalp care", "头皮头发护理", "Chăm sóc tóc và da đầu")),
    PackSkill("facial", said("Facial care", "面部护理", "Chăm sóc da mặt")),
    PackSkill("nails", said("Nail care", "美甲", "Làm móng")),
    PackSkill("make_up", said("Make-up", "化妆造型", "Trang điểm")),
)

WASH = PackStep(said("Wash", "洗发", "Gội đầu"), minutes=10, skill="cut", room_type="wash_basin")
SHORT = said("Short hair", "短发", "Tóc ngắn")
MEDIUM = said("Shoulder length", "中长发", "Tóc ngang vai")
LONG = said("Long hair", "长发", "Tóc dài")
AS_IT_IS = priced(0, 0, 0)
MASSAGE = addon("massage", said("Scalp massage", "头皮按摩", "Massage da đầu"), priced(60, 80_000, 20), s0=10)
TREATMENT = addon("treatment", said("Conditioning treatment", "深层护理", "Ủ dưỡng tóc"), priced(120, 180_000, 35))


def treatment(skill: str) -> PackStep:
    """The treatment at the basin, before styling."""
    return PackStep(
        said("Conditioning treatment", "深层护理", "Ủ dưỡng tóc"),
        minutes=15,
        skill=skill,
        room_type="wash_basin",
        option="treatment",
    )


CUTS = (
    PackService(
        slug="womens-cut",
        name=said("Women's cut & blow-dry", "女士洗剪吹", "Cắt và sấy tạo kiểu nữ"),
        description=said(
            "Consultation, wash, cut and blow-dry with tips for styling it yourself.",
            "含造型沟通、洗发、剪发与吹整，并教您在家打理。",
            "Tư vấn kiểu, gội, cắt và sấy tạo kiểu, kèm hướng dẫn tự chăm tóc ở nhà.",
        ),
        category=CUT_GROUP,
        price_minor=priced(288, 380_000, 75),
        steps=(
            WASH,
            treatment("cut"),
            PackStep(
                said("Cut and blow-dry", "剪发与吹整", "Cắt và sấy"),
                minutes=50,
                skill="cut",
                room_type="chair",
            ),
        ),
        options=(
            variant("short", SHORT, AS_IT_IS),
            variant("long", LONG, priced(60, 80_000, 15), s2=15),
            MASSAGE,
            TREATMENT,
        ),
    ),
    PackService(
        slug="mens-cut",
        name=said("Men's cut", "男士洗剪吹", "Cắt tóc nam"),
        description=said(
            "Wash, cut and a clean neckline.",
            "洗发、剪发，鬓角后颈修整利落。",
            "Gội, cắt và cạo viền gọn gàng.",
        ),
        category=CUT_GROUP,
        price_minor=priced(168, 200_000, 45),
        steps=(
            WASH,
            PackStep(
                said("Cut and finish", "剪发修整", "Cắt và hoàn thiện"), minutes=30, skill="cut", room_type="chair"
            ),
        ),
        options=(
            MASSAGE,
            addon("beard", said("Beard trim", "胡须修剪", "Tỉa râu"), priced(50, 60_000, 15), s1=10),
        ),
    ),
    PackService(
        slug="blow-dry",
        name=said("Wash & blow-dry", "洗吹造型", "Gội và sấy tạo kiểu"),
        description=said(
            "For a dinner, a meeting or simply a good day.",
            "约会、会议，或只是想要美美的一天。",
            "Cho bữa tiệc, buổi họp hay đơn giản là một ngày đẹp.",
        ),
        category=CUT_GROUP,
        price_minor=priced(98, 150_000, 40),
        steps=(
            WASH,
            PackStep(said("Blow-dry", "吹整造型", "Sấy tạo kiểu"), minutes=25, skill="cut", room_type="chair"),
        ),
        options=(
            variant("short", SHORT, AS_IT_IS),
            variant("long", LONG, priced(40, 50_000, 10), s1=15),
            MASSAGE,
        ),
    ),
)

COLOUR = (
    PackService(
        slug="root-colour",
        name=said("Root colour", "发根补染", "Nhuộm chân tóc"),
        description=said(
            "New growth matched to your colour. Please come with dry hair that was not washed today.",
            "新生发根补色，与原发色自然衔接。请当天勿洗头，干发到店。",
            "Nhuộm phần tóc mới mọc cho đều màu. Vui lòng đến với tóc khô, chưa gội trong ngày.",
        ),
        category=COLOUR_GROUP,
        price_minor=priced(398, 650_000, 95),
        steps=(
            PackStep(said("Apply colour", "上色", "Bôi thuốc nhuộm"), minutes=30, skill="colour", room_type="chair"),
            PackStep(said("Processing", "停留显色", "Chờ lên màu"), minutes=35, room_type="chair"),
            PackStep(said("Rinse", "冲洗", "Xả"), minutes=10, skill="colour", room_type="wash_basin"),
            treatment("colour"),
            PackStep(
                said("Blow-dry and finish", "吹整定型", "Sấy và hoàn thiện"),
                minutes=20,
                skill="colour",
                room_type="chair",
            ),
        ),
        options=(
            variant("short", SHORT, AS_IT_IS),
            variant("medium", MEDIUM, priced(80, 120_000, 20), s0=10, s4=5),
            variant("long", LONG, priced(160, 240_000, 40), s0=15, s4=15),
            TREATMENT,
        ),
        buffer_after=5,
    ),
    PackService(
        slug="balayage",
        name=said("Full balayage", "全头手刷染", "Balayage toàn bộ"),
        description=said(
            "Hand-painted lights from the mid-lengths, toned and cared for. Includes a blow-dry.",
            "由发中手绘挑染，含调色、护理与吹整。",
            "Vẽ sáng thủ công từ thân tóc, phủ tông và dưỡng. Đã gồm sấy tạo kiểu.",
        ),
        category=COLOUR_GROUP,
        price_minor=priced(1280, 2_400_000, 240),
        steps=(
            PackStep(
                said("Consultation and painting", "沟通与手绘", "Tư vấn và vẽ sáng"),
                minutes=75,
                skill="balayage",
                room_type="chair",
                level=2,
            ),
            PackStep(said("Lightening", "停留提亮", "Chờ nâng sáng"), minutes=40, room_type="chair"),
            PackStep(
                said("Rinse and tone", "冲洗与调色", "Xả và phủ tông"),
                minutes=30,
                skill="balayage",
                room_type="wash_basin",
            ),
            PackStep(said("Blow-dry", "吹整造型", "Sấy tạo kiểu"), minutes=35, skill="balayage", room_type="chair"),
        ),
        options=(
            variant("medium", MEDIUM, AS_IT_IS),
            variant("long", LONG, priced(300, 500_000, 60), s0=30, s1=5, s3=10),
        ),
        buffer_after=5,
    ),
)

WAVES_AND_CARE = (
    PackService(
        slug="digital-perm",
        name=said("Digital perm", "数码烫发", "Uốn tóc kỹ thuật số"),
        description=said(
            "Soft, lasting waves by heated rods; hair condition is checked first.",
            "热烫打造柔软持久的卷度，操作前先评估发质。",
            "Sóng mềm giữ lâu bằng máy uốn nóng; luôn kiểm tra chất tóc trước khi làm.",
        ),
        category=PERM_GROUP,
        price_minor=priced(880, 1_500_000, 190),
        steps=(
            PackStep(
                said("Softening and rods", "软化上杠", "Làm mềm và cuốn lô"),
                minutes=60,
                skill="perm",
                room_type="chair",
            ),
            PackStep(
                said("Heat", "加热定型", "Uốn nhiệt"),
                minutes=30,
                room_type="chair",
                device_type="perm_machine",
            ),
            PackStep(
                said("Neutralise and rinse", "中和与冲洗", "Dập lô và xả"),
                minutes=20,
                skill="perm",
                room_type="wash_basin",
            ),
            PackStep(said("Styling", "吹整造型", "Tạo kiểu"), minutes=25, skill="perm", room_type="chair"),
        ),
        options=(
            variant("short", SHORT, AS_IT_IS),
            variant("long", LONG, priced(200, 300_000, 45), s0=25, s1=5, s3=10),
        ),
    ),
    PackService(
        slug="keratin-smoothing",
        name=said("Keratin smoothing", "角蛋白柔顺护理", "Phục hồi và duỗi keratin"),
        description=said(
            "Calms frizz for up to three months. Please do not wash for 48 hours afterwards.",
            "抚平毛躁，效果最长约三个月。护理后48小时内请勿洗头。",
            "Giảm xơ rối tới ba tháng. Vui lòng không gội trong 48 giờ sau khi làm.",
        ),
        category=CARE_GROUP,
        price_minor=priced(980, 1_600_000, 210),
        steps=(
            PackStep(said("Wash", "深层洗发", "Gội sạch sâu"), minutes=15, skill="hair_care", room_type="wash_basin"),
            PackStep(
                said("Apply keratin", "涂抹角蛋白", "Bôi keratin"), minutes=35, skill="hair_care", room_type="chair"
            ),
            PackStep(said("Absorption", "停留吸收", "Chờ thấm"), minutes=30, room_type="chair"),
            PackStep(
                said("Dry and seal", "吹干与夹板封层", "Sấy và là khóa dưỡng chất"),
                minutes=40,
                skill="hair_care",
                room_type="chair",
            ),
        ),
    ),
    PackService(
        slug="scalp-care",
        name=said("Scalp care", "头皮养护", "Chăm sóc da đầu"),
        description=said(
            "A look at the scalp under the camera, a gentle peel and a massage.",
            "头皮检测、温和去角质与舒缓按摩。",
            "Soi da đầu, tẩy da chết dịu nhẹ và massage thư giãn.",
        ),
        category=CARE_GROUP,
        price_minor=priced(268, 400_000, 80),
        steps=(
            PackStep(
                said("Scalp check and peel", "头皮检测与去角质", "Soi và làm sạch da đầu"),
                minutes=25,
                skill="hair_care",
                room_type="chair",
            ),
            PackStep(
                said("Massage and rinse", "按摩与冲洗", "Massage và xả"),
                minutes=25,
                skill="hair_care",
                room_type="wash_basin",
            ),
        ),
    ),
    PackService(
        slug="hair-spa",
        name=said("Hair spa treatment", "蒸汽水疗护发", "Hấp dầu phục hồi"),
        description=said(
            "A rich mask under warm steam for dry or coloured hair.",
            "温热蒸汽配合滋养发膜，适合干枯或染后发质。",
            "Mặt nạ dưỡng sâu với hơi nước ấm cho tóc khô hoặc tóc nhuộm.",
        ),
        category=CARE_GROUP,
        price_minor=priced(228, 350_000, 70),
        steps=(
            PackStep(
                said("Wash and mask", "洗发与发膜", "Gội và ủ mặt nạ"),
                minutes=20,
                skill="hair_care",
                room_type="wash_basin",
            ),
            PackStep(said("Steam", "蒸汽停留", "Hấp hơi nước"), minutes=20, room_type="chair", device_type="steamer"),
            PackStep(
                said("Rinse and dry", "冲洗与吹干", "Xả và sấy khô"),
                minutes=20,
                skill="hair_care",
                room_type="wash_basin",
            ),
        ),
    ),
)

BEAUTY = (
    PackService(
        slug="facial",
        name=said("Hydrating facial", "补水面部护理", "Chăm sóc da mặt cấp ẩm"),
        description=said(
            "Cleansing, steam, massage and a mask chosen for your skin.",
            "清洁、热喷、按摩，并按肤质选用面膜。",
            "Làm sạch, xông hơi, massage và đắp mặt nạ phù hợp với làn da.",
        ),
        category=BEAUTY_GROUP,
        price_minor=priced(368, 500_000, 95),
        steps=(
            PackStep(
                said("Cleanse and massage", "清洁与按摩", "Làm sạch và massage"),
                minutes=45,
                skill="facial",
                room_type="treatment_room",
                device_type="facial_steamer",
            ),
            PackStep(said("Mask", "面膜停留", "Đắp mặt nạ"), minutes=15, room_type="treatment_room"),
            PackStep(
                said("Finish", "护肤收尾", "Dưỡng da hoàn thiện"),
                minutes=10,
                skill="facial",
                room_type="treatment_room",
            ),
        ),
    ),
    PackService(
        slug="manicure",
        name=said("Gel manicure", "光疗美甲", "Sơn gel móng tay"),
        description=said(
            "Shaping, cuticles and one gel colour; removal of an old gel included.",
            "修形、去死皮、纯色光疗甲油，含卸旧甲。",
            "Tạo dáng, cắt da và sơn gel một màu; đã gồm tháo gel cũ.",
        ),
        category=BEAUTY_GROUP,
        price_minor=priced(188, 250_000, 55),
        steps=(
            PackStep(
                said("Manicure", "美甲", "Làm móng"),
                minutes=60,
                skill="nails",
                room_type="nail_table",
                device_type="nail_lamp",
            ),
        ),
        options=(
            variant("plain", said("One colour", "纯色", "Một màu"), AS_IT_IS),
            variant("art", said("Nail art", "手绘美甲", "Vẽ móng"), priced(120, 150_000, 35), s0=30),
        ),
    ),
    PackService(
        slug="bridal-make-up",
        name=said("Bridal make-up & hair", "新娘妆发", "Trang điểm và làm tóc cô dâu"),
        description=said(
            "Make-up and hair for the day itself. A trial is booked separately; please bring your headpiece.",
            "婚礼当天妆容与发型，试妆另约。请携带头饰。",
            "Trang điểm và làm tóc trong ngày cưới. Buổi thử đặt riêng; vui lòng mang theo phụ kiện tóc.",
        ),
        category=BRIDAL_GROUP,
        price_minor=priced(1680, 2_500_000, 260),
        steps=(
            PackStep(
                said("Skin preparation and make-up", "妆前护理与化妆", "Dưỡng nền và trang điểm"),
                minutes=75,
                skill="make_up",
                room_type="treatment_room",
            ),
            PackStep(said("Hair", "发型", "Làm tóc"), minutes=45, skill="make_up", room_type="chair"),
        ),
        options=(
            addon(
                "bridesmaid",
                said("Hair of a bridesmaid", "伴娘造型", "Làm tóc phù dâu"),
                priced(300, 450_000, 60),
                s1=30,
            ),
        ),
        needs_approval=True,
    ),
)

SALON = Pack(
    key="salon", name=N_("Hair and beauty salon"), skills=SKILLS, services=CUTS + COLOUR + WAVES_AND_CARE + BEAUTY
)
