"""表1 职业技能鉴定所(站)质量普查评估表 (attachment 1 of the notice, reconstructed; forms-and-rules §2)."""

from decimal import Decimal

from forms.editions import EDITIONS
from forms.evaluation_items import ITEMS, SECTIONS
from forms.evaluation_schedules import SCHEDULES
from forms.options import GRADE, HOST_NATURE, STATION_KIND, TENURE
from services.form import (
    AnswerCell,
    Condition,
    Cover,
    Field,
    Form,
    Grid,
    LabelCell,
    Notes,
    Opinion,
    OpinionBox,
    Part,
    Row,
    ScheduleTable,
    ScoreTable,
    TextBox,
)
from services.kinds import Choice, Code, Day, Number, Score, Text, Tick, Whole, YesNo

# A declaration is a table: a row is a line.
# fmt: off

BASIC_FIELDS = (
    Field(key="name", label="鉴定所(站)名称(全称)", kind=Text(limit=60), required=True, hint="与许可证和公章一致，不用简称", source="a · b P2"),
    Field(key="agency_code", label="机构编码", kind=Code(scheme="agency", limit=8), required=True, hint="8位数字", source="b E1 X1"),
    Field(key="kind", label="类别", kind=STATION_KIND, required=True, source="b E1 R2"),
    Field(key="host", label="依托(承建)单位", kind=Text(limit=60), required=True, source="b N3"),
    Field(key="host_nature", label="单位性质", kind=HOST_NATURE, required=True, source="b P1"),
    Field(key="org_code", label="组织机构代码", kind=Code(scheme="org", limit=10), required=True, editions=("2006",), instead_of="uscc", hint="8位本体代码、连字符和1位校验码"),
    Field(key="uscc", label="统一社会信用代码", kind=Code(scheme="uscc", limit=18), required=True, editions=("today",), instead_of="org_code", hint="18位"),
    Field(key="region", label="所在地行政区划代码", kind=Code(scheme="area", limit=6), required=True, hint="6位数字"),
    Field(key="region_name", label="所在地行政区划名称", kind=Text(limit=40), required=True),
    Field(key="report_to", label="上报主管部门编码", kind=Code(scheme="authority", limit=2), required=True, hint="省(区、市)或行业的2位编码", source="a"),
    Field(key="report_to_name", label="上报主管部门", kind=Text(limit=60), required=True, source="a"),
    Field(key="address", label="通讯地址", kind=Text(limit=80), required=True, source="b H1 X1"),
    Field(key="postcode", label="邮政编码", kind=Code(scheme="postcode", limit=6), required=True, source="b H1 X1"),
    Field(key="head", label="所(站)长", kind=Text(limit=20), required=True, source="b M1 H1"),
    Field(key="head_title", label="所(站)长职务", kind=Text(limit=30), required=True, source="b M1 H1"),
    Field(key="deputy", label="副所(站)长", kind=Text(limit=40), source="b M1"),
    Field(key="head_phone", label="所(站)长电话", kind=Code(scheme="phone"), required=True, source="b M1 H1"),
    Field(key="head_mobile", label="所(站)长手机", kind=Code(scheme="phone"), required=True, source="b M1 H1"),
    Field(key="fax", label="传真", kind=Code(scheme="phone"), source="b X1"),
    Field(key="contact", label="业务联系人", kind=Text(limit=20), required=True, source="b X1"),
    Field(key="contact_phone", label="联系人电话", kind=Code(scheme="phone"), required=True, source="b X1"),
    Field(key="email", label="电子邮箱", kind=Code(scheme="email", limit=60), source="b X1"),
    Field(key="licence_no", label="许可证编号", kind=Code(scheme="licence", limit=30), required=True, source="a"),
    Field(key="licence_org", label="批准机关", kind=Text(limit=40), required=True, source="a"),
    Field(key="approval_no", label="批准文号", kind=Code(scheme="document", limit=40), required=True, hint="如 劳社鉴〔2002〕15号", source="b X1"),
    Field(key="licence_change", label="变更(增加职业)批准文号", kind=Code(scheme="document", limit=60), hint="没有的填“无”", source="b X1"),
    Field(key="licence_date", label="发证日期", kind=Day(), required=True, hint="2001年1月1日至2005年12月31日之间", source="a"),
    Field(key="licence_until", label="有效期至", kind=Day(), required=True),
    Field(key="qms", label="是否通过质量管理体系认证", kind=YesNo(), required=True, source="a"),
    Field(key="qms_no", label="认证证书编号", kind=Code(scheme="certificate", limit=40), required_when=Condition(field="qms", values=(True,)), source="a"),
    Field(key="qms_issuer", label="认证机构", kind=Text(limit=60), required_when=Condition(field="qms", values=(True,)), source="a"),
    Field(key="qms_on", label="认证日期", kind=Day(), required_when=Condition(field="qms", values=(True,)), source="a"),
    Field(key="capacity", label="现有条件年鉴定规模(人次)", kind=Whole(maximum=999_999, unit="人次"), required=True, source="b X1"),
    Field(key="supervision_reports", label="2001—2005年现场督导报告份数", kind=Whole(maximum=99_999, unit="份"), required=True, source="b R5 R7"),
    Field(key="computers", label="电脑台数", kind=Whole(maximum=9999, unit="台"), required=True, source="b H1 X1"),
    Field(key="exam_software", label="考务管理软件", kind=YesNo(), required=True, source="b H1 X1"),
    Field(key="self_date", label="自查日期", kind=Day(), required=True, hint="2006年7月11日至8月31日之间", source="a"),
    Field(key="office_area", label="办公面积(㎡)", kind=Number(maximum=Decimal(999_999), unit="㎡"), required=True, source="b M1 X1 H1"),
    Field(key="office_tenure", label="办公来源", kind=TENURE, required=True, source="b M1 X1 H1"),
    Field(key="theory_area", label="理论考场面积(㎡)", kind=Number(maximum=Decimal(999_999), unit="㎡"), required=True, source="b M1 X1 H1"),
    Field(key="theory_tenure", label="理论考场来源", kind=TENURE, required=True, source="b M1 X1 H1"),
    Field(key="skill_area", label="技能考场面积(㎡)", kind=Number(maximum=Decimal(999_999), unit="㎡"), required=True, source="b M1 X1 H1"),
    Field(key="skill_tenure", label="技能考场来源", kind=TENURE, required=True, source="b M1 X1 H1"),
    Field(key="fee_licence", label="收费许可证编号", kind=Code(scheme="certificate", limit=40), required=True, source="b H1"),
    Field(key="fee_licence_on", label="收费许可证批准日期", kind=Day(), required=True, source="b H1"),
    Field(key="certificate_no", label="2005年证书编号(任取1本)", kind=Code(scheme="certificate", limit=20), hint="16位数字，供核对；2005年没有发证的填“无”", source="b E1 T12"),
)

SCORE_FIELDS = (
    Field(key="a_self", label="A部分自评得分", kind=Score(points=Decimal(20)), total_of="items.A.self"),
    Field(key="a_review", label="A部分复核得分", kind=Score(points=Decimal(20)), stage="review", total_of="items.A.review"),
    Field(key="b_self", label="B部分自评得分", kind=Score(points=Decimal(30)), total_of="items.B.self"),
    Field(key="b_review", label="B部分复核得分", kind=Score(points=Decimal(30)), stage="review", total_of="items.B.review"),
    Field(key="c1_self", label="C1部分自评得分", kind=Score(points=Decimal(20)), total_of="items.C1.self"),
    Field(key="c1_review", label="C1部分复核得分", kind=Score(points=Decimal(20)), stage="review", total_of="items.C1.review"),
    Field(key="c2_self", label="C2部分自评得分", kind=Score(points=Decimal(20)), total_of="items.C2.self"),
    Field(key="c2_review", label="C2部分复核得分", kind=Score(points=Decimal(20)), stage="review", total_of="items.C2.review"),
    Field(key="c3_self", label="C3部分自评得分", kind=Score(points=Decimal(10)), total_of="items.C3.self"),
    Field(key="c3_review", label="C3部分复核得分", kind=Score(points=Decimal(10)), stage="review", total_of="items.C3.review"),
    Field(key="self_total", label="自评总分", kind=Score(points=Decimal(100)), total_of="items.*.self"),
    Field(key="review_total", label="复核总分", kind=Score(points=Decimal(100)), stage="review", total_of="items.*.review"),
    Field(key="regional_total_self", label="增加项目自评得分", kind=Score(points=Decimal(100)), total_of="items.R.self"),
    Field(key="regional_total_review", label="增加项目复核得分", kind=Score(points=Decimal(100)), stage="review", total_of="items.R.review"),
)

RESULT_FIELDS = (
    Field(key="veto_1", label="否决事项V1", kind=Tick(label="许可证过期或无效"), stage="review"),
    Field(key="veto_2", label="否决事项V2", kind=Tick(label="超范围鉴定"), stage="review", source="b N3"),
    Field(key="veto_3", label="否决事项V3", kind=Tick(label="泄露试题"), stage="review"),
    Field(key="veto_4", label="否决事项V4", kind=Tick(label="伪造证书、成绩或数据"), stage="review"),
    Field(key="veto_5", label="否决事项V5", kind=Tick(label="无故拒绝检查、不提交材料"), stage="review", source="b N3"),
    Field(key="grade", label="结论", kind=GRADE, total_of="grade", source="b G2 · c"),
    Field(key="disposal", label="处理建议", kind=Choice(options=("通过", "限期整改", "撤销"), boxes=True), required=True, stage="review", source="a"),
    Field(key="disposal_until", label="整改期限至", kind=Day(), required_when=Condition(field="disposal", values=("限期整改",)), stage="review", hint="一般为三个月", source="b N1 N3"),
    Field(key="listing", label="红黑榜", kind=Choice(options=("红", "黑", "不列"), boxes=True, synonyms=(("红榜", "红"), ("黑榜", "黑"))), stage="region", source="a"),
)

TEXT_FIELDS = (
    Field(key="conclusion", label="自查结论", kind=Text(limit=800, lines=True), required=True, hint="三个方面的基本情况、主要成绩和存在问题", source="a"),
    Field(key="rectification", label="整改情况", kind=Text(limit=800, lines=True), required=True, hint="边检查边整改：已经整改的和尚未完成的；逐项列入附表1-7", source="a"),
    Field(key="review_members", label="检查组成员", kind=Text(limit=60), required=True, stage="review", hint="姓名之间用顿号分开", source="b Z1"),
    Field(key="review_note", label="复核说明", kind=Text(limit=200, lines=True), stage="review", hint="单项相差2分以上或总分相差10分以上的说明原因", source="b H1"),
)

OPINIONS = (
    Opinion(key="opinion_station", label="鉴定所(站)自查意见", limit=200, signed_by="所(站)长", required=True, height_mm=75, source="a · b X1"),
    Opinion(key="opinion_host", label="依托单位意见", limit=100, signed_by="负责人", required=True, height_mm=62),
    Opinion(key="opinion_city", label="市级{department}行政部门审核意见", limit=200, signed_by="负责人", stage="city", height_mm=75, source="a 逐级"),
    Opinion(key="opinion_review", label="检查组意见(复核)", limit=300, signed_by="组长", has_seal=False, stage="review", required=True, height_mm=66, source="b Z1"),
    Opinion(key="opinion_region", label="省级{department}行政部门或行业主管部门意见", limit=200, signed_by="负责人", stage="region", required=True, height_mm=58, source="a"),
    Opinion(key="opinion_ministry", label="{department}部抽查意见", limit=200, signed_by="抽查组", stage="ministry", height_mm=58, source="a 抽查"),
)

# 26+31+26+31+26+30 = 170 mm.
BASIC = Grid(
    columns_mm=(26, 31, 26, 31, 26, 30),
    rows=(
        Row(height_mm=10, cells=(LabelCell(key="name"), AnswerCell(key="name", span=5))),
        Row(height_mm=10, cells=(LabelCell(key="kind"), AnswerCell(key="kind", span=5))),
        Row(height_mm=10, cells=(LabelCell(key="host"), AnswerCell(key="host", span=5))),
        Row(height_mm=10, cells=(LabelCell(key="host_nature"), AnswerCell(key="host_nature", span=5))),
        # One of the two codes stands in each edition.
        Row(height_mm=10, cells=(LabelCell(key="agency_code"), AnswerCell(key="agency_code", span=2), LabelCell(key="org_code"), AnswerCell(key="org_code", span=2), LabelCell(key="uscc"), AnswerCell(key="uscc", span=2))),
        Row(height_mm=10, cells=(LabelCell(key="region"), AnswerCell(key="region", span=2), LabelCell(key="region_name"), AnswerCell(key="region_name", span=2))),
        Row(height_mm=10, cells=(LabelCell(key="report_to"), AnswerCell(key="report_to", span=2), LabelCell(key="report_to_name"), AnswerCell(key="report_to_name", span=2))),
        Row(height_mm=10, cells=(LabelCell(key="address"), AnswerCell(key="address", span=3), LabelCell(key="postcode"), AnswerCell(key="postcode"))),
        Row(height_mm=10, cells=(LabelCell(key="head"), AnswerCell(key="head"), LabelCell(key="head_title"), AnswerCell(key="head_title"), LabelCell(key="deputy"), AnswerCell(key="deputy"))),
        Row(height_mm=10, cells=(LabelCell(key="head_phone"), AnswerCell(key="head_phone"), LabelCell(key="head_mobile"), AnswerCell(key="head_mobile"), LabelCell(key="fax"), AnswerCell(key="fax"))),
        Row(height_mm=10, cells=(LabelCell(key="contact"), AnswerCell(key="contact"), LabelCell(key="contact_phone"), AnswerCell(key="contact_phone"), LabelCell(key="email"), AnswerCell(key="email"))),
        Row(height_mm=10, cells=(LabelCell(key="licence_no"), AnswerCell(key="licence_no", span=2), LabelCell(key="licence_org"), AnswerCell(key="licence_org", span=2))),
        Row(height_mm=10, cells=(LabelCell(key="approval_no"), AnswerCell(key="approval_no", span=2), LabelCell(key="licence_change"), AnswerCell(key="licence_change", span=2))),
        Row(height_mm=10, cells=(LabelCell(key="licence_date"), AnswerCell(key="licence_date", span=2), LabelCell(key="licence_until"), AnswerCell(key="licence_until", span=2))),
        Row(height_mm=10, cells=(LabelCell(key="qms"), AnswerCell(key="qms", span=2), LabelCell(key="qms_no"), AnswerCell(key="qms_no", span=2))),
        Row(height_mm=10, cells=(LabelCell(key="qms_issuer"), AnswerCell(key="qms_issuer", span=2), LabelCell(key="qms_on"), AnswerCell(key="qms_on", span=2))),
        Row(height_mm=10, cells=(LabelCell(key="capacity", span=2), AnswerCell(key="capacity"), LabelCell(key="supervision_reports", span=2), AnswerCell(key="supervision_reports"))),
        Row(height_mm=10, cells=(LabelCell(key="office_area"), AnswerCell(key="office_area"), LabelCell(key="theory_area"), AnswerCell(key="theory_area"), LabelCell(key="skill_area"), AnswerCell(key="skill_area"))),
        Row(height_mm=10, cells=(LabelCell(key="office_tenure"), AnswerCell(key="office_tenure"), LabelCell(key="theory_tenure"), AnswerCell(key="theory_tenure"), LabelCell(key="skill_tenure"), AnswerCell(key="skill_tenure"))),
        Row(height_mm=10, cells=(LabelCell(key="fee_licence"), AnswerCell(key="fee_licence", span=2), LabelCell(key="fee_licence_on"), AnswerCell(key="fee_licence_on", span=2))),
        Row(height_mm=10, cells=(LabelCell(key="certificate_no", span=2), AnswerCell(key="certificate_no", span=4))),
        Row(height_mm=10, cells=(LabelCell(key="computers"), AnswerCell(key="computers"), LabelCell(key="exam_software"), AnswerCell(key="exam_software"), LabelCell(key="self_date"), AnswerCell(key="self_date"))),
    ),
)

TOTALS = Grid(
    title="(一)各部分得分",
    columns_mm=(80, 22, 34, 34),
    rows=(
        Row(height_mm=10, cells=(LabelCell(text="部分"), LabelCell(text="满分"), LabelCell(text="自评得分"), LabelCell(text="复核得分"))),
        Row(height_mm=10, cells=(LabelCell(text="A 制度建设和执行情况"), LabelCell(text="20"), AnswerCell(key="a_self"), AnswerCell(key="a_review"))),
        Row(height_mm=10, cells=(LabelCell(text="B 能力建设情况"), LabelCell(text="30"), AnswerCell(key="b_self"), AnswerCell(key="b_review"))),
        Row(height_mm=10, cells=(LabelCell(text="C1 开展鉴定工作情况·工作程序"), LabelCell(text="20"), AnswerCell(key="c1_self"), AnswerCell(key="c1_review"))),
        Row(height_mm=10, cells=(LabelCell(text="C2 开展鉴定工作情况·质量控制"), LabelCell(text="20"), AnswerCell(key="c2_self"), AnswerCell(key="c2_review"))),
        Row(height_mm=10, cells=(LabelCell(text="C3 开展鉴定工作情况·社会效果"), LabelCell(text="10"), AnswerCell(key="c3_self"), AnswerCell(key="c3_review"))),
        Row(height_mm=10, cells=(LabelCell(text="总分"), LabelCell(text="100"), AnswerCell(key="self_total"), AnswerCell(key="review_total"))),
    ),
)

VETOES = Grid(
    title="(二)否决事项(有此情形的打√)",
    columns_mm=(40, 130),
    rows=(
        Row(cells=(LabelCell(key="veto_1"), AnswerCell(key="veto_1"))),
        Row(cells=(LabelCell(key="veto_2"), AnswerCell(key="veto_2"))),
        Row(cells=(LabelCell(key="veto_3"), AnswerCell(key="veto_3"))),
        Row(cells=(LabelCell(key="veto_4"), AnswerCell(key="veto_4"))),
        Row(cells=(LabelCell(key="veto_5"), AnswerCell(key="veto_5"))),
    ),
)

RESULT = Grid(
    title="(三)结论和处理",
    columns_mm=(40, 60, 30, 40),
    rows=(
        Row(height_mm=10, cells=(LabelCell(key="grade"), AnswerCell(key="grade", span=3))),
        Row(height_mm=10, cells=(LabelCell(key="disposal"), AnswerCell(key="disposal"), LabelCell(key="disposal_until"), AnswerCell(key="disposal_until"))),
        Row(height_mm=10, cells=(LabelCell(key="listing"), AnswerCell(key="listing", span=3))),
    ),
)

REVIEWERS = Grid(
    columns_mm=(26, 144),
    rows=(
        Row(height_mm=10, cells=(LabelCell(key="review_members"), AnswerCell(key="review_members"))),
        Row(height_mm=24, cells=(LabelCell(key="review_note"), AnswerCell(key="review_note"))),
    ),
)

REGIONAL_TOTALS = Grid(
    columns_mm=(77, 51, 78, 51),
    rows=(
        Row(height_mm=10, cells=(LabelCell(key="regional_total_self"), AnswerCell(key="regional_total_self"), LabelCell(key="regional_total_review"), AnswerCell(key="regional_total_review"))),
    ),
)

NOTES = Notes(
    title="填表说明",
    lines=(
        "本表样依据劳社厅函〔2006〕338号通知的内容重拟，不是{ministry}印发的原件。",
        "本表由持有2001年至2005年核发的《职业技能鉴定许可证》的鉴定所(站)逐项自查填写，与自查报告一并逐级上报；免检的鉴定所(站)可以不填。",
        "用黑色钢笔填写或打印，字迹清楚；打印的用仿宋体。不得改动表头、项目、满分和评分标准，不得增删栏目。",
        "单位名称填写全称，与许可证和公章一致，不用简称。",
        "数字一律用阿拉伯数字；日期写明年、月、日，如2006年8月15日；文号用六角括号，如〔2006〕。",
        "选择栏在选中项前的方框内打“√”；没有内容的填“无”，数量为零的填“0”。",
        "附表行数不够的可加页，加页用同样的表头；附表1-5按年度、职业、等级逐行填写，没有鉴定的年度也要填一行，人数填“0”。",
        "评估评分由鉴定所(站)填“自评分”，检查组填“复核分”；自评分低于满分的扣分项目写明扣分原因；得分须有证明材料，按项目序号编号备查。",
        "各部分得分、总分和结论由各项得分计算得出：90分以上为优秀，75分以上为合格，60分以上为基本合格，60分以下或有否决事项的为不合格。本地区、本行业增加的项目单独计分，不计入总分。",
        "意见栏须有意见、负责人签字、公章和日期；行业所(站)不填市级意见栏，未被抽查的不填抽查意见栏。",
        "本表用A4纸打印，一式{copies}份。",
    ),
)

PARTS = (
    Part(
        key="cover",
        title="",
        sheet="封面",
        blocks=(
            Cover(
                mark="附件1",
                title=("职业技能鉴定所(站)质量普查", "评估表"),
                lines=("name", "agency_code", "report_to_name", "self_date"),
            ),
        ),
    ),
    Part(key="notes", title="", sheet="填表说明", blocks=(NOTES,)),
    Part(key="basic", title="一、基本情况", sheet="基本情况", blocks=(BASIC,)),
    Part(
        key="schedule_1",
        title="二、附表1-1 批准鉴定职业(工种)",
        sheet="附表1-1",
        orientation="landscape",
        blocks=(
            ScheduleTable(schedule="occupations", note="等级为许可证批准的等级；收费标准按物价部门核准的填写，单位：元。"),
        ),
    ),
    Part(
        key="schedule_2",
        title="二、附表1-2 管理人员",
        sheet="附表1-2",
        orientation="landscape",
        blocks=(
            ScheduleTable(
                schedule="staff",
                note="职务填所(站)长、副所(站)长、业务经办人、管理员、考务、财务、档案、医务、安全保卫或其他。",
            ),
        ),
    ),
    Part(
        key="schedule_3",
        title="二、附表1-3 考评人员名册",
        sheet="附表1-3",
        orientation="landscape",
        blocks=(ScheduleTable(schedule="examiners", note="一人考评几个职业的，每个职业填一行。"),),
    ),
    Part(
        key="schedule_4",
        title="二、附表1-4 鉴定设备与检测仪器",
        sheet="附表1-4",
        orientation="landscape",
        blocks=(ScheduleTable(schedule="equipment", note="检测仪器须填写计量检定有效期。"),),
    ),
    Part(
        key="schedule_5",
        title="二、附表1-5 2001—2005年鉴定情况统计",
        sheet="附表1-5",
        orientation="landscape",
        blocks=(
            ScheduleTable(schedule="statistics", note="每个年度、职业、等级填一行；没有鉴定的年度也填一行，人数填0。"),
            ScheduleTable(schedule="statistics_totals", new_page=True),
        ),
    ),
    Part(
        key="schedule_6",
        title="二、附表1-6 规章制度清单",
        sheet="附表1-6",
        orientation="landscape",
        blocks=(
            ScheduleTable(schedule="regulations", note="类别填考务、考评人员、试卷保密、设备、财务档案证书或其他。"),
        ),
    ),
    Part(
        key="score_a",
        title="三、评估评分(一)制度建设和执行情况",
        sheet="评分",
        orientation="landscape",
        blocks=(ScoreTable(section="A"),),
    ),
    Part(
        key="score_b",
        title="三、评估评分(二)能力建设情况",
        sheet="评分",
        orientation="landscape",
        blocks=(ScoreTable(section="B"),),
    ),
    Part(
        key="score_c1",
        title="三、评估评分(三)开展鉴定工作情况·工作程序",
        sheet="评分",
        orientation="landscape",
        blocks=(ScoreTable(section="C1"),),
    ),
    Part(
        key="score_c2",
        title="三、评估评分(四)开展鉴定工作情况·质量控制",
        sheet="评分",
        orientation="landscape",
        blocks=(ScoreTable(section="C2"),),
    ),
    Part(
        key="score_c3",
        title="三、评估评分(五)开展鉴定工作情况·社会效果",
        sheet="评分",
        orientation="landscape",
        blocks=(ScoreTable(section="C3"),),
    ),
    Part(key="result", title="四、得分汇总", sheet="得分汇总", blocks=(TOTALS, VETOES, RESULT)),
    Part(
        key="conclusion",
        title="五、自查结论与整改",
        sheet="结论与整改",
        blocks=(TextBox(key="conclusion", height_mm=105), TextBox(key="rectification", height_mm=105)),
    ),
    Part(
        key="corrections",
        title="五、自查结论与整改(附表1-7 整改台账)",
        sheet="附表1-7",
        orientation="landscape",
        blocks=(ScheduleTable(schedule="corrections", note="没有问题的不填；整改时限一般不超过三个月。"),),
    ),
    Part(
        key="opinions",
        title="六、意见",
        sheet="意见",
        blocks=(
            OpinionBox(opinion="opinion_station"),
            OpinionBox(opinion="opinion_host"),
            OpinionBox(opinion="opinion_city"),
            OpinionBox(opinion="opinion_review"),
            REVIEWERS,
            OpinionBox(opinion="opinion_region"),
            OpinionBox(opinion="opinion_ministry"),
        ),
    ),
    Part(
        key="regional",
        title="七、增加项目",
        sheet="增加项目",
        orientation="landscape",
        blocks=(ScoreTable(section="R"), REGIONAL_TOTALS),
    ),
)

FORM = Form(
    id="evaluation",
    code="表1",
    title="职业技能鉴定所(站)质量普查评估表",
    short_title="评估表",
    editions=EDITIONS,
    known_by=("agency_code", "name"),
    fields=(*BASIC_FIELDS, *SCORE_FIELDS, *RESULT_FIELDS, *TEXT_FIELDS),
    schedules=SCHEDULES,
    sections=SECTIONS,
    items=ITEMS,
    opinions=OPINIONS,
    parts=PARTS,
    rules=(
        "D02",
        "D03",
        "D04",
        "D05",
        "D06",
        "D07",
        "D08",
        "N01",
        "N02",
        "N03",
        "N04",
        "N05",
        "S01",
        "S02",
        "S03",
        "S04",
        "S05",
        "S06",
        "S07",
        "S08",
        "S09",
        "S10",
        "S11",
        "L01",
        "L02",
        "L03",
        "L04",
        "L05",
        "L06",
        "L07",
        "P01",
        "P02",
        "P03",
        "P04",
        "P05",
        "P06",
        "P07",
        "P08",
        "P09",
        "P10",
        "P11",
        "P12",
        "F01",
        "F02",
        "F03",
        "F04",
        "F05",
        "F06",
        "F07",
        "F08",
        "F09",
        "T01",
        "T02",
        "T03",
        "T04",
        "T05",
        "T06",
        "T07",
        "T08",
        "T10",
        "T11",
        "I01",
        "I02",
        "I03",
        "I04",
        "I06",
        "X01",
        "Z01",
        "Z02",
        "Z03",
    ),
)
