"""What is kept of every accepted form, and the columns of 汇总表1 to 6 (forms-and-rules §6.3, rule K03)."""

from services.summary import (
    Column,
    Corrections,
    Figures,
    Licensed,
    People,
    Reduction,
    RosterColumn,
    Table,
    Take,
    Tally,
)

# A declaration is a table: a row is a line.
# fmt: off

# Facts that forms 1 and 2 share; those that form 2 repeats of form 1 are compared (rule X04).
STATION = (
    Take(fact="name", paths=("name",)),
    Take(fact="code", paths=("agency_code",)),
    Take(fact="kind", paths=("kind",)),
    Take(fact="region", paths=("region",)),
    Take(fact="region_name", paths=("region_name",)),
    Take(fact="report_to", paths=("report_to",)),
    Take(fact="report_to_name", paths=("report_to_name",)),
    Take(fact="address", paths=("address",)),
    Take(fact="postcode", paths=("postcode",)),
    Take(fact="head", paths=("head",)),
    Take(fact="head_phone", paths=("head_phone",)),
    Take(fact="contact", paths=("contact",)),
    Take(fact="contact_phone", paths=("contact_phone",)),
    Take(fact="licence_no", paths=("licence_no",)),
    Take(fact="licence_date", paths=("licence_date",)),
    Take(fact="licence_until", paths=("licence_until",)),
    Take(fact="qms_no", paths=("qms_no",)),
    Take(fact="qms_issuer", paths=("qms_issuer",)),
    Take(fact="qms_on", paths=("qms_on",)),
    Take(fact="self_total", paths=("self_total",)),
    Take(fact="review_total", paths=("review_total",)),
    Take(fact="grade", paths=("grade",)),
)

EVALUATION = Reduction(
    form="evaluation",
    role="evaluation",
    filled_on="self_date",
    exempt="qms",
    takes=(
        *STATION,
        Take(fact="host", paths=("host",)),
        Take(fact="licence_org", paths=("licence_org",)),
        # A part's score is the reviewed one where there is one.
        Take(fact="a", paths=("a_review", "a_self")),
        Take(fact="b", paths=("b_review", "b_self")),
        Take(fact="c1", paths=("c1_review", "c1_self")),
        Take(fact="c2", paths=("c2_review", "c2_self")),
        Take(fact="c3", paths=("c3_review", "c3_self")),
        Take(fact="regional_self", paths=("regional_total_self",)),
        Take(fact="regional_review", paths=("regional_total_review",)),
        Take(fact="complaints", paths=("items.C303.review", "items.C303.self")),
        Take(fact="disposal", paths=("disposal",)),
        Take(fact="disposal_until", paths=("disposal_until",)),
        Take(fact="listing", paths=("listing",)),
    ),
    texts=("conclusion", "rectification"),
    figures=Figures(schedule="statistics", year="year", level="level", examined="examined", passed="passed", issued="issued"),
    corrections=Corrections(schedule="corrections", problem="problem", measure="measure", due_on="due_on", progress="progress", done="已完成"),
    people=People(schedule="examiners", number="id_no", name="name"),
    licensed=Licensed(schedule="occupations", name="name", levels="levels"),
)

STATION_RECOMMENDATION = Reduction(
    form="station-recommendation",
    role="station",
    filled_on="filled_on",
    exempt="exempt",
    takes=(
        *STATION,
        Take(fact="rank", paths=("rank",)),
        Take(fact="recommender", paths=("recommender",)),
        Take(fact="summary", paths=("summary",)),
        Take(fact="occupations", paths=("occupations_summary",)),
    ),
    texts=("deeds",),
    figures=Figures(schedule="results", year="year", examined="examined", passed="passed"),
)

WORKER_RECOMMENDATION = Reduction(
    form="worker-recommendation",
    role="worker",
    filled_on="filled_on",
    takes=(
        Take(fact="person", paths=("name",)),
        Take(fact="person_no", paths=("id_no",)),
        Take(fact="code", paths=("agency_code",)),
        Take(fact="sex", paths=("sex",)),
        Take(fact="unit", paths=("unit",)),
        Take(fact="post", paths=("post",)),
        Take(fact="title", paths=("title",)),
        Take(fact="category", paths=("category",)),
        Take(fact="card_no", paths=("card_no",)),
        Take(fact="years", paths=("years",)),
        Take(fact="recommender", paths=("recommender",)),
        Take(fact="rank", paths=("rank",)),
        Take(fact="summary", paths=("summary",)),
    ),
    texts=("deeds",),
)

REDUCTIONS = (EVALUATION, STATION_RECOMMENDATION, WORKER_RECOMMENDATION)

KINDS = (("国家职业技能鉴定所", "国家所"), ("地方职业技能鉴定站", "地方站"), ("行业特有工种职业技能鉴定站", "行业站"))

SUMMARY_1 = Table(
    key="summary_1",
    mark="汇总表1",
    title="鉴定所(站)质量普查情况汇总表",
    sheet="汇总表1",
    rows="stations",
    number_mm=9,
    columns=(
        Column(label="鉴定所(站)名称", fact="name", width_mm=38),
        Column(label="机构编码", fact="code", width_mm=17),
        Column(label="类别", fact="kind", width_mm=13, words=KINDS),
        Column(label="地区/行业", fact="area", width_mm=22),
        Column(label="许可证编号", fact="licence_no", width_mm=21),
        Column(label="发证日期", fact="licence_date", width_mm=19, shown="day"),
        Column(label="A", fact="a", width_mm=10, shown="score", total="mean"),
        Column(label="B", fact="b", width_mm=10, shown="score", total="mean"),
        Column(label="C1", fact="c1", width_mm=10, shown="score", total="mean"),
        Column(label="C2", fact="c2", width_mm=10, shown="score", total="mean"),
        Column(label="C3", fact="c3", width_mm=10, shown="score", total="mean"),
        Column(label="自评总分", fact="self_total", width_mm=11, shown="score", total="mean"),
        Column(label="复核总分", fact="review_total", width_mm=11, shown="score", total="mean"),
        Column(label="否决", fact="vetoes", width_mm=10),
        Column(label="结论", fact="grade", width_mm=12.5),
        Column(label="处理", fact="disposal", width_mm=10.5),
        Column(label="备注", fact="remark", width_mm=13),
    ),
    total_label="平均",
    tallies=(
        Tally(label="应查", fact="name"),
        Tally(label="实查", fact="remark", others=True),
        Tally(label="免检", fact="remark", start="免检"),
        Tally(label="未报", fact="remark", start="未报"),
        Tally(label="撤销", fact="remark", start="撤销"),
        Tally(label="优秀", fact="grade", start="优秀"),
        Tally(label="合格", fact="grade", start="合格"),
        Tally(label="基本合格", fact="grade", start="基本合格"),
        Tally(label="不合格", fact="grade", start="不合格"),
    ),
    note="按机构编码排列。A、B、C1、C2、C3为各部分复核得分，未复核的为自评得分；否决栏写否决事项的序号(V1至V5)；免检、未报、撤销的写在备注栏，不列得分。",
)

SUMMARY_2 = Table(
    key="summary_2",
    mark="汇总表2",
    title="2001—2005年鉴定情况汇总表",
    sheet="汇总表2",
    rows="years",
    number_mm=16,
    landscape=False,
    columns=(
        Column(label="年度", fact="year", width_mm=23),
        Column(label="等级", fact="level", width_mm=23),
        Column(label="鉴定人数", fact="examined", width_mm=36, shown="count", total="sum"),
        Column(label="合格人数", fact="passed", width_mm=36, shown="count", total="sum"),
        Column(label="合格率", fact="rate", width_mm=36, shown="percent", ratio=("passed", "examined")),
    ),
    group="year",
    total_label="合计",
    note="由各评估表附表1-5算出；免检而未填评估表的鉴定所(站)没有分等级人数，不在内。",
)

SUMMARY_3 = Table(
    key="summary_3",
    mark="汇总表3",
    title="免检鉴定所(站)名单",
    sheet="汇总表3",
    rows="exempt",
    number_mm=12,
    columns=(
        Column(label="鉴定所(站)名称", fact="name", width_mm=75),
        Column(label="机构编码", fact="code", width_mm=22),
        Column(label="地区/行业", fact="area", width_mm=38),
        Column(label="认证证书编号", fact="qms_no", width_mm=40),
        Column(label="认证日期", fact="qms_on", width_mm=24, shown="day"),
        Column(label="认证机构", fact="qms_issuer", width_mm=46),
    ),
    tallies=(Tally(label="免检", fact="name"),),
)

SUMMARY_4 = Table(
    key="summary_4",
    mark="汇总表4",
    title="限期整改、撤销鉴定所(站)名单",
    sheet="汇总表4",
    rows="corrected",
    number_mm=10,
    columns=(
        Column(label="鉴定所(站)名称", fact="name", width_mm=52),
        Column(label="机构编码", fact="code", width_mm=19),
        Column(label="处理", fact="disposal", width_mm=18),
        Column(label="主要问题", fact="problem", width_mm=76),
        Column(label="整改措施", fact="measure", width_mm=60),
        Column(label="期限", fact="due_on", width_mm=22, shown="day"),
    ),
    tallies=(
        Tally(label="限期整改", fact="disposal", start="限期整改"),
        Tally(label="撤销", fact="disposal", start="撤销"),
    ),
)

SUMMARY_5 = Table(
    key="summary_5",
    mark="汇总表5",
    title="优秀职业技能鉴定所(站)推荐汇总表",
    sheet="汇总表5",
    rows="recommended_stations",
    number_mm=10,
    columns=(
        Column(label="推荐排序", fact="rank", width_mm=12, shown="count"),
        Column(label="鉴定所(站)名称", fact="name", width_mm=54),
        Column(label="机构编码", fact="code", width_mm=19),
        Column(label="类别", fact="kind", width_mm=15, words=KINDS),
        Column(label="地区/行业", fact="area", width_mm=29),
        Column(label="免检证书编号", fact="exempt_no", width_mm=26),
        Column(label="自评总分", fact="self_total", width_mm=13, shown="score"),
        Column(label="复核总分", fact="review_total", width_mm=13, shown="score"),
        Column(label="结论", fact="grade", width_mm=13),
        Column(label="五年鉴定人数", fact="examined", width_mm=20, shown="count"),
        Column(label="推荐单位", fact="recommender", width_mm=33),
    ),
    tallies=(Tally(label="推荐所(站)", fact="name"),),
    note="按推荐排序排列。",
)

SUMMARY_6 = Table(
    key="summary_6",
    mark="汇总表6",
    title="职业技能鉴定优秀工作者推荐汇总表",
    sheet="汇总表6",
    rows="recommended_workers",
    number_mm=10,
    columns=(
        Column(label="推荐排序", fact="rank", width_mm=12, shown="count"),
        Column(label="姓名", fact="person", width_mm=22),
        Column(label="性别", fact="sex", width_mm=12),
        Column(label="工作单位", fact="unit", width_mm=62),
        Column(label="机构编码", fact="code", width_mm=20),
        Column(label="职务", fact="post", width_mm=28),
        Column(label="职称/技能等级", fact="title", width_mm=28),
        Column(label="人员类别", fact="category", width_mm=22),
        Column(label="年限", fact="years", width_mm=11, shown="count"),
        Column(label="推荐单位", fact="recommender", width_mm=30),
    ),
    tallies=(Tally(label="推荐工作者", fact="person"),),
    note="按推荐排序排列。",
)

SUMMARIES = (SUMMARY_1, SUMMARY_2, SUMMARY_3, SUMMARY_4, SUMMARY_5, SUMMARY_6)

# 应查名单: the stations that a region has to survey. A head may be written in any of these ways.
ROSTER = (
    RosterColumn(fact="code", label="机构编码", heads=("机构编码", "编码"), width_mm=18, required=True),
    RosterColumn(fact="name", label="鉴定所(站)名称", heads=("鉴定所(站)名称", "名称", "单位名称", "所(站)名称", "鉴定所(站)名称(全称)"), width_mm=54, required=True),
    RosterColumn(fact="kind", label="类别", heads=("类别", "鉴定所(站)类别"), width_mm=38),
    RosterColumn(fact="region", label="所在地行政区划代码", heads=("所在地行政区划代码", "行政区划代码", "区划代码"), width_mm=20),
    RosterColumn(fact="region_name", label="所在地", heads=("所在地", "地区", "所在地行政区划名称", "地区/行业"), width_mm=30),
    RosterColumn(fact="report_to_name", label="上报主管部门", heads=("上报主管部门", "主管部门"), width_mm=28),
    RosterColumn(fact="licence_no", label="许可证编号", heads=("许可证编号", "许可证号"), width_mm=24),
    RosterColumn(fact="status", label="情况", heads=("情况", "状态", "备注"), width_mm=14),
    RosterColumn(fact="reason", label="原因", heads=("原因", "撤销或未报原因", "说明"), width_mm=21),
)

# The parts of form 1 and the facts of their scores, in printed order.
SCORED = (("A", "a"), ("B", "b"), ("C1", "c1"), ("C2", "c2"), ("C3", "c3"))
