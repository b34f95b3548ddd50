"""表3 职业技能鉴定优秀工作者推荐表 (attachment 3 of the notice, reconstructed; forms-and-rules §4)."""

from forms.editions import EDITIONS
from forms.options import DEGREE, EDUCATION, HOST_NATURE, PARTY, SEX
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
    Schedule,
    ScheduleTable,
    TextBox,
)
from services.kinds import Choice, Code, Day, Month, Picture, Text, Whole

# A declaration is a table: a row is a line.
# fmt: off

CATEGORY = Choice(
    options=("管理人员", "考评人员", "质量督导员", "技术专家", "考务人员"),
    boxes=True,
    synonyms=(("考评员", "考评人员"), ("高级考评员", "考评人员"), ("督导员", "质量督导员"), ("专家", "技术专家")),
)

FIELDS = (
    Field(key="name", label="姓名", kind=Text(limit=20), required=True, source="b P9 · c"),
    Field(key="sex", label="性别", kind=SEX, required=True, source="b P9 · c"),
    Field(key="birth", label="出生年月", kind=Month(), required=True, source="b P9 · c"),
    Field(key="ethnic", label="民族", kind=Text(limit=10), required=True, source="b P9 · c"),
    Field(key="native", label="籍贯", kind=Text(limit=20), source="b P9 · c"),
    Field(key="party", label="政治面貌", kind=PARTY, required=True),
    Field(key="id_no", label="身份证号", kind=Code(scheme="resident", limit=18), required=True),
    Field(key="education", label="学历", kind=EDUCATION, required=True),
    Field(key="degree", label="学位", kind=DEGREE),
    Field(key="school", label="毕业院校", kind=Text(limit=40)),
    Field(key="post", label="职务", kind=Text(limit=30), required=True, source="b P1"),
    Field(key="title", label="职称/技能等级", kind=Text(limit=30), required=True, source="b P1"),
    Field(key="photo", label="照片(2寸正面免冠)", kind=Picture(width_mm=35, height_mm=49), required=True, hint="近期2寸正面免冠照片,jpg 或 png", source="b P4"),
    Field(key="unit", label="工作单位(全称)", kind=Text(limit=60), required=True, hint="与公章一致，不用简称", source="b P1"),
    Field(key="unit_nature", label="单位性质", kind=HOST_NATURE, required=True, source="b P1"),
    Field(key="agency_code", label="鉴定所(站)机构编码", kind=Code(scheme="agency", limit=8), copied=True, hint="在鉴定所(站)工作的填8位编码，其他单位的填“无”", source="c X04"),
    Field(key="category", label="人员类别", kind=CATEGORY, required=True, source="b P5"),
    Field(key="card_no", label="考评员或督导员证卡号", kind=Code(scheme="card", limit=30), required_when=Condition(field="category", values=("考评人员", "质量督导员")), source="b R3 R5"),
    Field(key="card_until", label="证卡有效期至", kind=Day(), required_when=Condition(field="category", values=("考评人员", "质量督导员")), source="b R3 R5"),
    Field(key="years", label="从事鉴定工作年限", kind=Whole(maximum=40, unit="年"), required=True),
    Field(key="phone", label="电话", kind=Code(scheme="phone"), required=True, source="b P4"),
    Field(key="mobile", label="手机", kind=Code(scheme="phone"), source="b P4"),
    Field(key="email", label="电子邮箱", kind=Code(scheme="email", limit=60), source="b P4"),
    Field(key="recommender", label="推荐单位", kind=Text(limit=60), required=True, source="b P1"),
    Field(key="filled_on", label="填报日期", kind=Day(), required=True, source="b P1"),
    Field(key="deeds", label="主要事迹", kind=Text(limit=2000, lines=True), required=True, hint="2000字左右，可续页", source="b P1"),
    Field(key="summary", label="简要事迹", kind=Text(limit=300, lines=True), required=True, hint="300字以内", source="b P4"),
    Field(key="rank", label="推荐排序", kind=Whole(minimum=1, maximum=999), stage="region", hint="由省级或行业主管部门填写", source="b P4"),
)

CAREER = Schedule(
    key="career",
    label="工作简历",
    columns=(
        Field(key="from_on", label="起始年月", kind=Month(), required=True, width_mm=30),
        Field(key="until_on", label="截止年月", kind=Month(), width_mm=30, hint="现任职务写“至今”或留空"),
        Field(key="unit", label="单位", kind=Text(limit=60), required=True, width_mm=60),
        Field(key="post", label="职务", kind=Text(limit=30), required=True, width_mm=40),
    ),
    min_rows=1,
    max_rows=12,
    blank_rows=7,
)

RECORD = Schedule(
    key="record",
    label="奖惩情况",
    columns=(
        Field(key="given_on", label="时间", kind=Month(), width_mm=30),
        Field(key="title", label="奖惩名称", kind=Text(limit=60), required=True, width_mm=74),
        Field(key="issuer", label="授予(决定)单位", kind=Text(limit=60), width_mm=56),
    ),
    max_rows=10,
    blank_rows=5,
)

OPINIONS = (
    Opinion(key="opinion_unit", label="所在单位推荐意见", limit=200, signed_by="单位负责人", required=True, height_mm=54, source="b P1 P2"),
    Opinion(key="opinion_city", label="市级{department}行政部门审核意见", limit=200, signed_by="负责人", stage="city", height_mm=54, source="a 逐级 · b P1 P2"),
    Opinion(key="opinion_region", label="省级{department}行政部门或行业主管部门推荐意见", limit=200, signed_by="负责人", stage="region", required=True, height_mm=54, source="b P1 P2"),
    Opinion(key="opinion_ministry", label="{department}部审批意见", limit=200, signed_by="负责人", stage="ministry", required=True, height_mm=54, source="b P1 P2"),
)

# 22+26+18+22+22+24+36 = 170 mm; the last column holds the photograph beside the first five rows.
PERSON = Grid(
    columns_mm=(22, 26, 18, 22, 22, 24, 36),
    rows=(
        Row(height_mm=10.4, cells=(LabelCell(key="name"), AnswerCell(key="name"), LabelCell(key="sex"), AnswerCell(key="sex"), LabelCell(key="birth"), AnswerCell(key="birth"), AnswerCell(key="photo", row_span=5))),
        Row(height_mm=10.4, cells=(LabelCell(key="native"), AnswerCell(key="native"), LabelCell(key="ethnic"), AnswerCell(key="ethnic"), LabelCell(key="party"), AnswerCell(key="party"))),
        Row(height_mm=10.4, cells=(LabelCell(key="id_no"), AnswerCell(key="id_no", span=3), LabelCell(key="education"), AnswerCell(key="education"))),
        Row(height_mm=10.4, cells=(LabelCell(key="school"), AnswerCell(key="school", span=3), LabelCell(key="degree"), AnswerCell(key="degree"))),
        Row(height_mm=10.4, cells=(LabelCell(key="post"), AnswerCell(key="post", span=2), LabelCell(key="title"), AnswerCell(key="title", span=2))),
        Row(height_mm=10, cells=(LabelCell(key="unit"), AnswerCell(key="unit", span=6))),
        Row(height_mm=10, cells=(LabelCell(key="unit_nature"), AnswerCell(key="unit_nature", span=6))),
        Row(height_mm=10, cells=(LabelCell(key="category"), AnswerCell(key="category", span=6))),
        Row(height_mm=10, cells=(LabelCell(key="agency_code", span=2), AnswerCell(key="agency_code", span=2), LabelCell(key="years"), AnswerCell(key="years", span=2))),
        Row(height_mm=10, cells=(LabelCell(key="card_no", span=2), AnswerCell(key="card_no", span=2), LabelCell(key="card_until"), AnswerCell(key="card_until", span=2))),
        Row(height_mm=10, cells=(LabelCell(key="phone"), AnswerCell(key="phone", span=3), LabelCell(key="mobile"), AnswerCell(key="mobile", span=2))),
        Row(height_mm=10, cells=(LabelCell(key="email"), AnswerCell(key="email", span=3), LabelCell(key="filled_on"), AnswerCell(key="filled_on", span=2))),
        Row(height_mm=10, cells=(LabelCell(key="recommender"), AnswerCell(key="recommender", span=6))),
    ),
)

RANK = Grid(
    columns_mm=(26, 59, 85),
    rows=(
        Row(height_mm=10, cells=(LabelCell(key="rank"), AnswerCell(key="rank"), LabelCell(text="由省级或行业主管部门填写"))),
    ),
)

PARTS = (
    Part(
        key="cover",
        title="",
        sheet="封面",
        blocks=(
            Cover(
                mark="附件3",
                title=("职业技能鉴定优秀工作者", "推荐表"),
                lines=("name", "unit", "recommender", "filled_on"),
            ),
        ),
    ),
    Part(
        key="notes",
        title="",
        sheet="填表说明",
        blocks=(
            Notes(
                title="填表说明",
                lines=(
                    "本表样依据劳社厅函〔2006〕338号通知的内容重拟，不是{ministry}印发的原件。",
                    "本表由被推荐人所在单位填写，逐级审核上报，一人一表。",
                    "用黑色钢笔填写或打印，字迹清楚；打印的用仿宋体。",
                    "单位名称填写全称，与公章一致，不用简称。",
                    "数字一律用阿拉伯数字；日期写明年、月、日，如2006年8月15日。",
                    "选择栏在选中项前的方框内打“√”；没有内容的填“无”。",
                    "考评人员、质量督导员须填写证卡号和有效期；工作简历从参加工作填起，年月衔接，现任职务的截止年月写“至今”或留空。",
                    "主要事迹2000字左右，写不下的可续页；简要事迹不超过300字。",
                    "照片为近期2寸正面免冠照片，贴在(或插入)照片栏内。",
                    "意见栏须有意见、负责人签字、公章和日期；所在单位意见应说明有无违规违纪，并写明是否同意推荐。",
                    "本表用A4纸打印，一式{copies}份。",
                ),
            ),
        ),
    ),
    Part(key="person", title="一、个人情况", sheet="个人情况", blocks=(PERSON,)),
    Part(
        key="career",
        title="二、工作简历和奖惩情况",
        sheet="简历奖惩",
        blocks=(
            ScheduleTable(schedule="career", note="按时间先后填写，现任职务填在最后一行。"),
            ScheduleTable(schedule="record", note="没有的填“无”。"),
        ),
    ),
    Part(
        key="deeds",
        title="三、事迹",
        sheet="事迹",
        blocks=(TextBox(key="deeds", height_mm=150), TextBox(key="summary", height_mm=65)),
    ),
    Part(
        key="opinions",
        title="四、推荐和审批意见",
        sheet="意见",
        blocks=(
            OpinionBox(opinion="opinion_unit"),
            OpinionBox(opinion="opinion_city"),
            OpinionBox(opinion="opinion_region"),
            OpinionBox(opinion="opinion_ministry"),
            RANK,
        ),
    ),
)

FORM = Form(
    id="worker-recommendation",
    code="表3",
    title="职业技能鉴定优秀工作者推荐表",
    short_title="优秀工作者推荐表",
    editions=EDITIONS,
    known_by=("id_no", "name"),
    fields=FIELDS,
    schedules=(CAREER, RECORD),
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
        "N04",
        "N05",
        "S02",
        "S10",
        "S11",
        "T03",
        "I01",
        "I02",
        "I03",
        "I04",
        "I05",
        "I06",
        "X06",
        "X08",
        "Z01",
        "Z02",
    ),
)
