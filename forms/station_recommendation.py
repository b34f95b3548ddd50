"""表2 优秀职业技能鉴定所(站)推荐表 (attachment 2 of the notice, reconstructed; forms-and-rules §3).

Answers with `copied` repeat form 1 and have its keys (rule X04).
"""

from decimal import Decimal

from forms.editions import EDITIONS
from forms.evaluation_schedules import YEAR
from forms.options import GRADE, STATION_KIND
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
from services.kinds import Choice, Code, Day, Score, Text, Whole, YesNo

# A declaration is a table: a row is a line.
# fmt: off

FIELDS = (
    Field(key="name", label="鉴定所(站)名称(全称)", kind=Text(limit=60), required=True, copied=True, hint="与评估表、许可证和公章一致", source="c X04"),
    Field(key="agency_code", label="机构编码", kind=Code(scheme="agency", limit=8), required=True, copied=True, hint="8位数字", source="c X04"),
    Field(key="kind", label="类别", kind=STATION_KIND, required=True, copied=True, source="c X04"),
    Field(key="region", label="所在地行政区划代码", kind=Code(scheme="area", limit=6), required=True, copied=True, hint="6位数字", source="c X04"),
    Field(key="region_name", label="所在地行政区划名称", kind=Text(limit=40), required=True, copied=True, source="c X04"),
    Field(key="report_to", label="上报主管部门编码", kind=Code(scheme="authority", limit=2), required=True, copied=True, source="c X04"),
    Field(key="report_to_name", label="上报主管部门", kind=Text(limit=60), required=True, copied=True, source="c X04"),
    Field(key="address", label="通讯地址", kind=Text(limit=80), required=True, copied=True, source="b P2"),
    Field(key="postcode", label="邮政编码", kind=Code(scheme="postcode", limit=6), required=True, copied=True, source="b P2"),
    Field(key="head", label="所(站)长", kind=Text(limit=20), required=True, copied=True, source="b P2"),
    Field(key="head_phone", label="所(站)长电话", kind=Code(scheme="phone"), required=True, copied=True, source="b P2"),
    Field(key="contact", label="业务联系人", kind=Text(limit=20), required=True, copied=True, source="b P2"),
    Field(key="contact_phone", label="联系人电话", kind=Code(scheme="phone"), required=True, copied=True, source="b P2"),
    Field(key="staff_total", label="职工总数", kind=Whole(maximum=9999, unit="人"), required=True, source="b P2"),
    Field(key="staff_full", label="其中专职人数", kind=Whole(maximum=9999, unit="人"), required=True),
    Field(key="examiners", label="考评员人数", kind=Whole(maximum=9999, unit="人"), required=True, hint="不含高级考评员"),
    Field(key="senior_examiners", label="高级考评员人数", kind=Whole(maximum=9999, unit="人"), required=True),
    Field(key="supervisors", label="质量督导员人数", kind=Whole(maximum=9999, unit="人"), required=True),
    Field(key="licence_no", label="许可证编号", kind=Code(scheme="licence", limit=30), required=True, copied=True, source="a"),
    Field(key="licence_date", label="发证日期", kind=Day(), required=True, copied=True, source="a"),
    Field(key="licence_until", label="有效期至", kind=Day(), required=True, copied=True, source="a"),
    Field(key="occupations_summary", label="批准职业(工种)及等级", kind=Text(limit=200, lines=True), required=True, hint="200字以内，如 焊工(五级至三级)", source="b M1"),
    Field(key="exempt", label="是否属于免检鉴定所(站)", kind=YesNo(), required=True, hint="已通过质量管理体系认证的免检", source="a"),
    Field(key="qms_no", label="认证证书编号", kind=Code(scheme="certificate", limit=40), required_when=Condition(field="exempt", values=(True,)), copied=True, source="a"),
    Field(key="qms_issuer", label="认证机构", kind=Text(limit=60), required_when=Condition(field="exempt", values=(True,)), copied=True, source="a"),
    Field(key="qms_on", label="认证日期", kind=Day(), required_when=Condition(field="exempt", values=(True,)), copied=True, source="a"),
    Field(key="self_total", label="自评总分", kind=Score(points=Decimal(100)), required_when=Condition(field="exempt", values=(False,)), copied=True),
    Field(key="review_total", label="复核总分", kind=Score(points=Decimal(100)), required_when=Condition(field="exempt", values=(False,)), stage="review", copied=True),
    Field(key="grade", label="普查结论", kind=GRADE, required_when=Condition(field="exempt", values=(False,)), stage="review", copied=True),
    Field(key="recommender", label="推荐单位", kind=Text(limit=60), required=True, source="b P1"),
    Field(key="filled_on", label="填报日期", kind=Day(), required=True, source="b P1"),
    Field(key="deeds", label="主要事迹", kind=Text(limit=2000, lines=True), required=True, hint="2000字左右，可续页", source="b P1 P2"),
    Field(key="summary", label="简要事迹", kind=Text(limit=300, lines=True), required=True, hint="300字以内", source="b P4"),
    Field(key="rank", label="推荐排序", kind=Whole(minimum=1, maximum=999), stage="region", hint="由省级或行业主管部门填写", source="b P4"),
)

RESULTS = Schedule(
    key="results",
    label="鉴定业绩",
    columns=(
        Field(key="year", label="年度", kind=YEAR, required=True, width_mm=34, source="b H1"),
        Field(key="examined", label="鉴定人数", kind=Whole(maximum=999_999, unit="人"), required=True, width_mm=38, source="b H1"),
        Field(key="passed", label="合格人数", kind=Whole(maximum=999_999, unit="人"), required=True, width_mm=38, source="b H1"),
        Field(key="senior", label="其中技师及高级技师", kind=Whole(maximum=999_999, unit="人"), required=True, width_mm=50),
    ),
    min_rows=5,
    max_rows=5,
    blank_rows=5,
    source="b H1 · c",
)

RESULTS_TOTAL = Schedule(
    key="results_total",
    label="鉴定业绩合计",
    columns=(
        Field(key="year", label="年度", kind=Choice(options=("合计",)), width_mm=34),
        Field(key="examined", label="鉴定人数", kind=Whole(), width_mm=38),
        Field(key="passed", label="合格人数", kind=Whole(), width_mm=38),
        Field(key="senior", label="其中技师及高级技师", kind=Whole(), width_mm=50),
    ),
    blank_rows=1,
    totals_of="results",
    group_by="year",
    groups=("合计",),
)

AWARDS = Schedule(
    key="awards",
    label="获奖情况",
    columns=(
        Field(key="year", label="获奖年份", kind=Whole(minimum=1949, maximum=2099, unit="年"), width_mm=28),
        Field(key="award", label="奖项名称", kind=Text(limit=60), required=True, width_mm=74),
        Field(key="issuer", label="授予单位", kind=Text(limit=60), width_mm=58),
    ),
    max_rows=10,
    blank_rows=6,
)

OPINIONS = (
    Opinion(key="opinion_station", label="鉴定所(站)申报意见", limit=200, signed_by="所(站)长", required=True, height_mm=54, source="b P1 P2"),
    Opinion(key="opinion_city", label="市级{department}行政部门审核意见", limit=200, signed_by="负责人", stage="city", height_mm=54, source="a 逐级 · b P1 P2"),
    Opinion(key="opinion_region", label="省级{department}行政部门或行业主管部门推荐意见", limit=200, signed_by="负责人", stage="region", required=True, height_mm=54, source="b P1 P2"),
    Opinion(key="opinion_ministry", label="{department}部审批意见", limit=200, signed_by="负责人", stage="ministry", required=True, height_mm=54, source="b P1 P2"),
)

# 26+31+26+31+26+30 = 170 mm, the columns of form 1.
BASIC = Grid(
    columns_mm=(26, 31, 26, 31, 26, 30),
    rows=(
        Row(height_mm=10, cells=(LabelCell(key="name"), AnswerCell(key="name", span=5))),
        Row(height_mm=10, cells=(LabelCell(key="kind"), AnswerCell(key="kind", span=5))),
        Row(height_mm=10, cells=(LabelCell(key="agency_code"), AnswerCell(key="agency_code", span=2), LabelCell(key="filled_on"), AnswerCell(key="filled_on", span=2))),
        Row(height_mm=10, cells=(LabelCell(key="region"), AnswerCell(key="region", span=2), LabelCell(key="region_name"), AnswerCell(key="region_name", span=2))),
        Row(height_mm=10, cells=(LabelCell(key="report_to"), AnswerCell(key="report_to", span=2), LabelCell(key="report_to_name"), AnswerCell(key="report_to_name", span=2))),
        Row(height_mm=10, cells=(LabelCell(key="recommender"), AnswerCell(key="recommender", span=5))),
        Row(height_mm=10, cells=(LabelCell(key="address"), AnswerCell(key="address", span=3), LabelCell(key="postcode"), AnswerCell(key="postcode"))),
        Row(height_mm=10, cells=(LabelCell(key="head"), AnswerCell(key="head", span=2), LabelCell(key="head_phone"), AnswerCell(key="head_phone", span=2))),
        Row(height_mm=10, cells=(LabelCell(key="contact"), AnswerCell(key="contact", span=2), LabelCell(key="contact_phone"), AnswerCell(key="contact_phone", span=2))),
        Row(height_mm=10, cells=(LabelCell(key="staff_total"), AnswerCell(key="staff_total"), LabelCell(key="staff_full"), AnswerCell(key="staff_full"), LabelCell(key="supervisors"), AnswerCell(key="supervisors"))),
        Row(height_mm=10, cells=(LabelCell(key="examiners"), AnswerCell(key="examiners", span=2), LabelCell(key="senior_examiners"), AnswerCell(key="senior_examiners", span=2))),
        Row(height_mm=10, cells=(LabelCell(key="licence_no"), AnswerCell(key="licence_no"), LabelCell(key="licence_date"), AnswerCell(key="licence_date"), LabelCell(key="licence_until"), AnswerCell(key="licence_until"))),
        Row(height_mm=34, cells=(LabelCell(key="occupations_summary"), AnswerCell(key="occupations_summary", span=5))),
    ),
)

EXEMPTION = Grid(
    title="(一)免检情况",
    columns_mm=(34, 51, 34, 51),
    rows=(
        Row(height_mm=10, cells=(LabelCell(key="exempt"), AnswerCell(key="exempt"), LabelCell(key="qms_no"), AnswerCell(key="qms_no"))),
        Row(height_mm=10, cells=(LabelCell(key="qms_issuer"), AnswerCell(key="qms_issuer"), LabelCell(key="qms_on"), AnswerCell(key="qms_on"))),
    ),
)

CENSUS = Grid(
    title="(二)普查结果(免检的不填)",
    columns_mm=(34, 51, 34, 51),
    rows=(
        Row(height_mm=10, cells=(LabelCell(key="self_total"), AnswerCell(key="self_total"), LabelCell(key="review_total"), AnswerCell(key="review_total"))),
        Row(height_mm=10, cells=(LabelCell(key="grade"), AnswerCell(key="grade", span=3))),
    ),
)

RANK = Grid(
    columns_mm=(26, 59, 85),
    rows=(
        Row(height_mm=10, cells=(LabelCell(key="rank"), AnswerCell(key="rank"), LabelCell(text="由省级或行业主管部门填写"))),
    ),
)

NOTES = Notes(
    title="填表说明",
    lines=(
        "本表样依据劳社厅函〔2006〕338号通知的内容重拟，不是{ministry}印发的原件。",
        "本表由被推荐的鉴定所(站)填写，逐级审核上报；机构名称、编码、许可证和普查结果与评估表一致。",
        "用黑色钢笔填写或打印，字迹清楚；打印的用仿宋体。",
        "单位名称填写全称，与许可证和公章一致，不用简称。",
        "数字一律用阿拉伯数字；日期写明年、月、日，如2006年8月15日。",
        "选择栏在选中项前的方框内打“√”；没有内容的填“无”，数量为零的填“0”。",
        "已通过质量管理体系认证的免检鉴定所(站)填写认证证书编号、认证机构和认证日期，不填普查结果。",
        "鉴定业绩2001年至2005年每年填一行；人数与评估表附表1-5一致。",
        "主要事迹2000字左右，写不下的可续页；简要事迹不超过300字。",
        "意见栏须有意见、负责人签字、公章和日期；申报和推荐意见应说明有无违规违纪，并写明是否同意推荐。",
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
                mark="附件2",
                title=("优秀职业技能鉴定所(站)", "推荐表"),
                lines=("name", "agency_code", "recommender", "filled_on"),
            ),
        ),
    ),
    Part(key="notes", title="", sheet="填表说明", blocks=(NOTES,)),
    Part(key="basic", title="一、基本情况", sheet="基本情况", blocks=(BASIC,)),
    Part(
        key="results",
        title="二、免检、普查结果和鉴定业绩",
        sheet="结果与业绩",
        blocks=(
            EXEMPTION,
            CENSUS,
            ScheduleTable(schedule="results", note="2001年至2005年每年填一行。"),
            ScheduleTable(schedule="results_total"),
            ScheduleTable(schedule="awards", note="没有的填“无”。"),
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
            OpinionBox(opinion="opinion_station"),
            OpinionBox(opinion="opinion_city"),
            OpinionBox(opinion="opinion_region"),
            OpinionBox(opinion="opinion_ministry"),
            RANK,
        ),
    ),
)

FORM = Form(
    id="station-recommendation",
    code="表2",
    title="优秀职业技能鉴定所(站)推荐表",
    short_title="优秀所(站)推荐表",
    editions=EDITIONS,
    known_by=("agency_code", "name"),
    fields=FIELDS,
    schedules=(RESULTS, RESULTS_TOTAL, AWARDS),
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
        "S01",
        "S02",
        "S03",
        "S04",
        "S05",
        "S09",
        "S10",
        "L01",
        "L02",
        "L03",
        "T01",
        "T02",
        "T03",
        "T04",
        "X01",
        "X02",
        "X03",
        "X07",
        "X08",
        "Z01",
        "Z02",
    ),
)
