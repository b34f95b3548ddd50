"""The attached tables 附表1-1 to 1-7 of form 1 (forms-and-rules §2.3).

A licence and a roster hold several levels (digits 5 to 1), a row of the statistics one level (its
printed label). Landscape tables: number column and columns together are 257 mm wide.
"""

from forms.options import EDUCATION, LEVEL, LEVELS, OWNED, SEX
from services.form import Field, Schedule
from services.kinds import Choice, Code, Day, Month, Number, Text, Whole, YesNo

# A declaration is a table: a row is a line.
# fmt: off

YEAR = Choice(
    options=("2001年", "2002年", "2003年", "2004年", "2005年"),
    synonyms=(
        ("2001", "2001年"),
        ("2002", "2002年"),
        ("2003", "2003年"),
        ("2004", "2004年"),
        ("2005", "2005年"),
        ("2001年度", "2001年"),
        ("2002年度", "2002年"),
        ("2003年度", "2003年"),
        ("2004年度", "2004年"),
        ("2005年度", "2005年"),
    ),
)
YEARS_AND_TOTAL = ("2001年", "2002年", "2003年", "2004年", "2005年", "合计")

POST = Choice(
    options=("所(站)长", "副所(站)长", "业务经办人", "管理员", "考务", "财务", "档案", "医务", "安全保卫", "其他"),
    synonyms=(
        ("所长", "所(站)长"),
        ("站长", "所(站)长"),
        ("副所长", "副所(站)长"),
        ("副站长", "副所(站)长"),
        ("经办人", "业务经办人"),
        ("业务人员", "业务经办人"),
        ("管理人员", "管理员"),
        ("考务员", "考务"),
        ("考务人员", "考务"),
        ("会计", "财务"),
        ("出纳", "财务"),
        ("财务人员", "财务"),
        ("档案员", "档案"),
        ("档案管理员", "档案"),
        ("医务人员", "医务"),
        ("安全保卫员", "安全保卫"),
        ("保卫", "安全保卫"),
    ),
)
FULL_TIME = Choice(options=("专职", "兼职"), synonyms=(("专", "专职"), ("兼", "兼职")))
EXAMINER_CATEGORY = Choice(options=("考评员", "高级考评员"))
PAPER_SOURCE = Choice(
    options=("国家题库", "自行命题"), synonyms=(("题库", "国家题库"), ("自命题", "自行命题"), ("自主命题", "自行命题"))
)
REGULATION_KIND = Choice(
    options=("考务", "考评人员", "试卷保密", "设备", "财务档案证书", "其他"),
    synonyms=(
        ("考务管理", "考务"),
        ("考评人员管理", "考评人员"),
        ("考评员", "考评人员"),
        ("保密", "试卷保密"),
        ("试卷", "试卷保密"),
        ("试卷管理", "试卷保密"),
        ("设备管理", "设备"),
        ("财务", "财务档案证书"),
        ("档案", "财务档案证书"),
        ("证书", "财务档案证书"),
        ("财务、档案、证书", "财务档案证书"),
    ),
)
PROGRESS = Choice(options=("已完成", "整改中", "未开始"), synonyms=(("完成", "已完成"), ("进行中", "整改中")))

OCCUPATIONS = Schedule(
    key="occupations",
    label="附表1-1",
    columns=(
        Field(key="code", label="职业编码", kind=Code(scheme="occupation", limit=14), hint="如 6-04-02-05", width_mm=24, source="b H1 X1"),
        Field(key="name", label="职业(工种)名称", kind=Text(limit=30), required=True, width_mm=44, source="b H1 X1 M1"),
        Field(key="levels", label="等级", kind=LEVELS, required=True, width_mm=70, source="b H1 X1 M1"),
        Field(key="approved_on", label="批准日期", kind=Day(), required=True, width_mm=30, source="b X1"),
        Field(key="fee_low", label="收费标准(初级)", kind=Number(unit="元"), width_mm=18, source="b H1"),
        Field(key="fee_middle", label="收费标准(中级)", kind=Number(unit="元"), width_mm=18, source="b H1"),
        Field(key="fee_high", label="收费标准(高级)", kind=Number(unit="元"), width_mm=18, source="b H1"),
        Field(key="active", label="近三年是否开展", kind=YesNo(), required=True, width_mm=25, source="b N3"),
    ),
    min_rows=1,
    max_rows=60,
    blank_rows=12,
    source="b H1 X1 M1",
)

STAFF = Schedule(
    key="staff",
    label="附表1-2",
    columns=(
        Field(key="name", label="姓名", kind=Text(limit=20), required=True, width_mm=22, source="b H1 X1"),
        Field(key="sex", label="性别", kind=SEX, required=True, width_mm=12, source="b H1 X1"),
        Field(key="age", label="年龄", kind=Whole(minimum=16, maximum=99, unit="岁"), required=True, width_mm=12, source="b H1 X1"),
        Field(key="education", label="学历", kind=EDUCATION, required=True, width_mm=22, source="b H1 X1"),
        Field(key="post", label="职务", kind=POST, required=True, width_mm=34, source="b H1 X1"),
        Field(key="full_time", label="专/兼职", kind=FULL_TIME, required=True, width_mm=20, source="b H1 X1"),
        Field(key="from_on", label="任职起始", kind=Month(), required=True, width_mm=26, source="b H1 X1"),
        Field(key="until_on", label="任职截止", kind=Month(), hint="现任的写“至今”或留空", width_mm=26, source="b H1 X1"),
        Field(key="accounting_no", label="会计资格证号(财务人员填)", kind=Code(scheme="certificate", limit=30), width_mm=38, source="b H1"),
        Field(key="phone", label="电话", kind=Code(scheme="phone"), required=True, width_mm=35, source="b H1 X1"),
    ),
    min_rows=3,
    max_rows=30,
    blank_rows=12,
    source="b H1 X1",
)

EXAMINERS = Schedule(
    key="examiners",
    label="附表1-3",
    columns=(
        Field(key="name", label="姓名", kind=Text(limit=20), required=True, width_mm=16, source="b H1 X1 G1"),
        Field(key="sex", label="性别", kind=SEX, required=True, width_mm=10, source="b H1 X1 G1"),
        Field(key="id_no", label="身份证号", kind=Code(scheme="resident", limit=18), required=True, width_mm=32, source="b H1 X1 G1"),
        Field(key="unit", label="工作单位", kind=Text(limit=40), required=True, width_mm=27, source="b H1 X1 G1"),
        Field(key="title", label="职称/技能等级", kind=Text(limit=20), required=True, width_mm=17, source="b H1 X1 G1"),
        Field(key="category", label="考评员类别", kind=EXAMINER_CATEGORY, required=True, width_mm=17, source="b R3"),
        Field(key="card_no", label="证卡号", kind=Code(scheme="card", limit=30), required=True, width_mm=22, source="b H1 X1 G1"),
        Field(key="card_until", label="证卡有效期至", kind=Day(), required=True, width_mm=22, source="b H1 X1 G1"),
        Field(key="occupation", label="考评职业", kind=Text(limit=60), required=True, width_mm=18, source="b H1 X1 G1"),
        Field(key="levels", label="考评等级", kind=LEVELS, required=True, width_mm=24, source="b H1 X1 G1"),
        Field(key="engaged_until", label="聘用期限至", kind=Month(), width_mm=20, source="b G1"),
        Field(key="phone", label="电话", kind=Code(scheme="phone"), required=True, width_mm=22, source="b H1 X1 G1"),
    ),
    min_rows=3,
    max_rows=300,
    blank_rows=10,
    source="b H1 X1 G1",
)

EQUIPMENT = Schedule(
    key="equipment",
    label="附表1-4",
    columns=(
        Field(key="name", label="设备(仪器)名称", kind=Text(limit=40), required=True, width_mm=50, source="b X1 H1 G1"),
        Field(key="model", label="规格型号", kind=Text(limit=40), required=True, width_mm=42, source="b X1 H1 G1"),
        Field(key="quantity", label="台(套)数", kind=Whole(maximum=9999, unit="台"), required=True, width_mm=18, source="b X1 H1 G1"),
        Field(key="working", label="完好数", kind=Whole(maximum=9999, unit="台"), required=True, width_mm=18, source="b X1 H1 G1"),
        Field(key="occupation", label="用于职业(工种)", kind=Text(limit=60), required=True, width_mm=47, source="b X1 H1 G1"),
        Field(key="tenure", label="自有/租用", kind=OWNED, required=True, width_mm=20, source="b X1 H1 G1"),
        Field(key="bought_year", label="购置年份", kind=Whole(minimum=1950, maximum=2099, unit="年"), width_mm=22),
        Field(key="verified_until", label="计量检定有效期至", kind=Day(), hint="检测仪器填写", width_mm=30, source="b R4 R18"),
    ),
    min_rows=1,
    max_rows=500,
    blank_rows=14,
    source="b X1 H1 G1",
)

STATISTICS = Schedule(
    key="statistics",
    label="附表1-5",
    columns=(
        Field(key="year", label="年度", kind=YEAR, required=True, width_mm=24, source="a"),
        Field(key="occupation", label="职业(工种)", kind=Text(limit=30), required=True, width_mm=52, source="b H1"),
        Field(key="level", label="等级", kind=LEVEL, required=True, width_mm=22, source="b H1"),
        Field(key="batches", label="批次", kind=Whole(maximum=9999, unit="批"), required=True, width_mm=22),
        Field(key="applied", label="申报人数", kind=Whole(maximum=999_999, unit="人"), required=True, width_mm=26),
        Field(key="examined", label="鉴定人数", kind=Whole(maximum=999_999, unit="人"), required=True, width_mm=26, source="b H1"),
        Field(key="passed", label="合格人数", kind=Whole(maximum=999_999, unit="人"), required=True, width_mm=26, source="b H1"),
        Field(key="issued", label="发证数", kind=Whole(maximum=999_999), required=True, width_mm=25, source="b H1"),
        Field(key="source", label="试题来源", kind=PAPER_SOURCE, required=True, width_mm=24, source="b H1"),
    ),
    min_rows=5,
    max_rows=1500,
    blank_rows=14,
    source="a · b H1",
)

STATISTICS_TOTALS = Schedule(
    key="statistics_totals",
    label="附表1-5合计",
    columns=(
        Field(key="year", label="年度", kind=Choice(options=YEARS_AND_TOTAL), width_mm=62),
        Field(key="batches", label="批次", kind=Whole(), width_mm=37),
        Field(key="applied", label="申报人数", kind=Whole(), width_mm=37),
        Field(key="examined", label="鉴定人数", kind=Whole(), width_mm=37),
        Field(key="passed", label="合格人数", kind=Whole(), width_mm=37),
        Field(key="issued", label="发证数", kind=Whole(), width_mm=37),
    ),
    blank_rows=6,
    totals_of="statistics",
    group_by="year",
    groups=YEARS_AND_TOTAL,
)

REGULATIONS = Schedule(
    key="regulations",
    label="附表1-6",
    columns=(
        Field(key="name", label="制度名称", kind=Text(limit=60), required=True, width_mm=107, source="b H1 G1"),
        Field(key="kind", label="类别", kind=REGULATION_KIND, required=True, width_mm=50, source="b M1"),
        Field(key="made_on", label="制定日期", kind=Day(), required=True, width_mm=45, source="b H1 G1"),
        Field(key="revised_on", label="修订日期", kind=Day(), width_mm=45),
    ),
    min_rows=1,
    max_rows=30,
    blank_rows=14,
    source="b H1 G1",
)

CORRECTIONS = Schedule(
    key="corrections",
    label="附表1-7",
    columns=(
        Field(key="problem", label="问题", kind=Text(limit=100, lines=True), required=True, width_mm=60, source="a"),
        Field(key="item", label="对应项目号", kind=Text(limit=10), required=True, hint="第三部分的序号，如 A07", width_mm=22),
        Field(key="measure", label="整改措施", kind=Text(limit=100, lines=True), required=True, width_mm=60, source="a"),
        Field(key="person", label="责任人", kind=Text(limit=20), required=True, width_mm=22),
        Field(key="due_on", label="整改时限", kind=Day(), required=True, width_mm=29, source="a"),
        Field(key="progress", label="完成情况", kind=PROGRESS, required=True, width_mm=25),
        Field(key="done_on", label="完成日期", kind=Day(), width_mm=29),
    ),
    max_rows=50,
    blank_rows=8,
    source="a · c",
)

SCHEDULES = (
    OCCUPATIONS,
    STAFF,
    EXAMINERS,
    EQUIPMENT,
    STATISTICS,
    STATISTICS_TOTALS,
    REGULATIONS,
    CORRECTIONS,
)
