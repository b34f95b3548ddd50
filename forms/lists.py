"""What the ministry makes of all forms: spot check, commendation, red and black list, register (forms-and-rules §6.4)."""

from forms.summaries import KINDS
from services.summary import Bands, Column, Notice, Table, Tally

# A declaration is a table: a row is a line.
# fmt: off

# Strata of the spot check (c): the grade's score bands, and how far self and review lie apart.
SCORE_BANDS = Bands(fact="review_total", steps=((90, "90分以上"), (75, "75—90分"), (60, "60—75分"), (0, "60分以下")), none="未复核")
GAP_BANDS = Bands(fact="gap", steps=((10, "相差10分以上"), (5, "相差5—10分"), (0, "相差5分以内")), none="未复核")

SPOT_CHECK = Table(
    key="spot_check",
    mark="",
    title="质量普查抽查名单",
    sheet="抽查名单",
    rows="",
    number_mm=10,
    columns=(
        Column(label="鉴定所(站)名称", fact="name", width_mm=58),
        Column(label="机构编码", fact="code", width_mm=20),
        Column(label="上报主管部门", fact="unit", width_mm=38),
        Column(label="类别", fact="kind", width_mm=17, words=KINDS),
        Column(label="地区/行业", fact="area", width_mm=30),
        Column(label="自评总分", fact="self_total", width_mm=14, shown="score"),
        Column(label="复核总分", fact="review_total", width_mm=14, shown="score"),
        Column(label="分数段", fact="band", width_mm=20),
        Column(label="自评与复核", fact="gap_band", width_mm=23),
        Column(label="结论", fact="grade", width_mm=13),
    ),
    tallies=(Tally(label="抽查所(站)", fact="name"),),
    note="按上报主管部门、类别、分数段、自评与复核之差分层，各层按所占比例抽取，每层不少于1个；层内按种子与机构编码的SHA-256排序，从小到大取够为止，任何人用同样的种子和名单都得到同样的结果。",
)

STRATA = Table(
    key="strata",
    mark="",
    title="抽查分层表",
    sheet="分层表",
    rows="",
    number_mm=14,
    landscape=False,
    columns=(
        Column(label="上报主管部门", fact="unit", width_mm=46),
        Column(label="类别", fact="kind", width_mm=20, words=KINDS),
        Column(label="分数段", fact="band", width_mm=22),
        Column(label="自评与复核", fact="gap_band", width_mm=26),
        Column(label="所(站)数", fact="members", width_mm=21, shown="count", total="sum"),
        Column(label="抽取数", fact="drawn", width_mm=21, shown="count", total="sum"),
    ),
    total_label="合计",
)

SPOT_RECORD = Table(
    key="spot_record",
    mark="",
    title="质量普查抽查记录表",
    sheet="抽查记录表",
    rows="",
    number_mm=12,
    landscape=False,
    columns=(
        Column(label="项目", fact="label", width_mm=48),
        Column(label="满分", fact="points", width_mm=14, shown="count"),
        Column(label="复核得分", fact="score", width_mm=18, shown="score"),
        Column(label="抽查得分", fact="checked", width_mm=18),
        Column(label="抽查情况和问题", fact="found", width_mm=60),
    ),
    row_mm=13,
    signed=("抽查组组长签字：", "成员签字：", "所(站)负责人签字：", "抽查日期：　　　年　　月　　日"),
    note="抽查组现场填写；抽查得分与复核得分相差2分以上的，写明情况。",
)
# What a record of the spot check asks beside the parts of form 1.
RECORD_LINES = ("合计", "否决事项", "整改落实情况", "所(站)意见", "抽查结论")

COMMENDED_STATIONS = Table(
    key="commended_stations",
    mark="",
    title="优秀职业技能鉴定所(站)名单",
    sheet="优秀所(站)",
    rows="",
    number_mm=12,
    landscape=False,
    columns=(
        Column(label="鉴定所(站)名称", fact="name", width_mm=74),
        Column(label="机构编码", fact="code", width_mm=22),
        Column(label="上报主管部门", fact="unit", width_mm=46),
        Column(label="推荐排序", fact="rank", width_mm=16, shown="count"),
    ),
    tallies=(Tally(label="优秀所(站)", fact="name"),),
)

COMMENDED_WORKERS = Table(
    key="commended_workers",
    mark="",
    title="职业技能鉴定优秀工作者名单",
    sheet="优秀工作者",
    rows="",
    number_mm=12,
    landscape=False,
    columns=(
        Column(label="姓名", fact="person", width_mm=24),
        Column(label="工作单位", fact="unit", width_mm=66),
        Column(label="职务", fact="post", width_mm=26),
        Column(label="推荐单位", fact="recommender", width_mm=26),
        Column(label="推荐排序", fact="rank", width_mm=16, shown="count"),
    ),
    tallies=(Tally(label="优秀工作者", fact="person"),),
)

QUOTA_BOARD = Table(
    key="quota_board",
    mark="",
    title="推荐名额与推荐情况表",
    sheet="名额",
    rows="",
    number_mm=10,
    columns=(
        Column(label="上报主管部门", fact="unit", width_mm=52),
        Column(label="五年发证数", fact="issued", width_mm=22, shown="count", total="sum"),
        Column(label="推荐所(站)", fact="stations", width_mm=20, shown="count", total="sum"),
        Column(label="所(站)名额", fact="stations_own", width_mm=20),
        Column(label="上报部所(站)", fact="stations_listed", width_mm=22, shown="count", total="sum"),
        Column(label="推荐工作者", fact="workers", width_mm=20, shown="count", total="sum"),
        Column(label="工作者名额", fact="workers_own", width_mm=20),
        Column(label="上报部工作者", fact="workers_listed", width_mm=22, shown="count", total="sum"),
        Column(label="未列入的和原因", fact="left_out", width_mm=49),
    ),
    total_label="合计",
    note="名额空白的为不限。地区、行业可以自行评定一批，再从中按名额向部里推荐，两个数分别计算。",
)

RED_LIST = Table(
    key="red_list",
    mark="",
    title="职业技能鉴定所(站)质量普查红榜",
    sheet="红榜",
    rows="red",
    number_mm=12,
    landscape=False,
    columns=(
        Column(label="鉴定所(站)名称", fact="name", width_mm=72),
        Column(label="机构编码", fact="code", width_mm=22),
        Column(label="地区/行业", fact="area", width_mm=36),
        Column(label="复核总分", fact="review_total", width_mm=14, shown="score"),
        Column(label="结论", fact="grade", width_mm=14),
    ),
    tallies=(Tally(label="红榜", fact="name"),),
)

BLACK_LIST = Table(
    key="black_list",
    mark="",
    title="职业技能鉴定所(站)质量普查黑榜",
    sheet="黑榜",
    rows="black",
    number_mm=12,
    landscape=False,
    columns=(
        Column(label="鉴定所(站)名称", fact="name", width_mm=56),
        Column(label="机构编码", fact="code", width_mm=20),
        Column(label="地区/行业", fact="area", width_mm=26),
        Column(label="主要问题", fact="problem", width_mm=40),
        Column(label="处理", fact="disposal", width_mm=16),
    ),
    tallies=(Tally(label="黑榜", fact="name"),),
)

RECTIFICATION = Table(
    key="rectification",
    mark="",
    title="限期整改鉴定所(站)名单",
    sheet="限期整改",
    rows="rectified",
    columns=(
        Column(label="鉴定所(站)名称", fact="name", width_mm=52),
        Column(label="机构编码", fact="code", width_mm=19),
        Column(label="地区/行业", fact="area", width_mm=28),
        Column(label="主要问题", fact="problem", width_mm=70),
        Column(label="整改措施", fact="measure", width_mm=56),
        Column(label="整改期限", fact="due_on", width_mm=22, shown="day"),
    ),
    tallies=(Tally(label="限期整改", fact="name"),),
    note="逾期未改或整改验收不合格的，由批准机关撤销许可证。",
)

REVOKED = Table(
    key="revoked",
    mark="",
    title="撤销鉴定所(站)名单",
    sheet="撤销",
    rows="revoked",
    number_mm=12,
    landscape=False,
    columns=(
        Column(label="鉴定所(站)名称", fact="name", width_mm=62),
        Column(label="机构编码", fact="code", width_mm=20),
        Column(label="地区/行业", fact="area", width_mm=32),
        Column(label="撤销原因", fact="problem", width_mm=44),
    ),
    tallies=(Tally(label="撤销", fact="name"),),
)

# Nothing of a person stands in the register: no name, number, telephone or mailbox.
REGISTER = Table(
    key="register",
    mark="",
    title="职业技能鉴定所(站)公开名录",
    sheet="公开名录",
    rows="register",
    number_mm=10,
    columns=(
        Column(label="鉴定所(站)名称", fact="name", width_mm=40),
        Column(label="机构编码", fact="code", width_mm=17),
        Column(label="类别", fact="kind", width_mm=13, words=KINDS),
        Column(label="地区/行业", fact="area", width_mm=21),
        Column(label="地址", fact="address", width_mm=28),
        Column(label="邮编", fact="postcode", width_mm=13),
        Column(label="批准机关", fact="licence_org", width_mm=21),
        Column(label="许可证编号", fact="licence_no", width_mm=20),
        Column(label="有效期至", fact="licence_until", width_mm=18, shown="day"),
        Column(label="鉴定职业(等级)", fact="occupations", width_mm=43.5),
        Column(label="普查结论", fact="result", width_mm=12.5),
    ),
    tallies=(Tally(label="鉴定所(站)", fact="name"),),
)

RED_BLACK_NOTICE = Notice(
    title="关于职业技能鉴定质量普查红黑榜的通报",
    to="各省、自治区、直辖市{department}厅(局)，国务院有关部门{department}工作机构",
    body=(
        (0, "根据《关于开展全国职业技能鉴定所(站)质量普查工作的通知》(劳社厅函〔2006〕338号)，各地区、各部门的职业技能鉴定所(站)质量普查材料已经汇总。现将有关情况通报如下。"),
        (1, "一、普查基本情况"),
        (0, "本次应普查鉴定所(站){expected}个，实查{evaluated}个，免检{exempt}个，未报{missing}个，撤销{revoked}个。实查的鉴定所(站)中，优秀{excellent}个，合格{good}个，基本合格{fair}个，不合格{failed}个。"),
        (1, "二、红榜和黑榜"),
        (0, "制度健全、管理规范、鉴定质量好的{red}个鉴定所(站)列入红榜，名单见附件1。"),
        (0, "有否决事项或者问题严重的{black}个鉴定所(站)列入黑榜，名单见附件2。"),
        (1, "三、有关要求"),
        (0, "列入黑榜的，由批准机关依照规定责令限期整改或者撤销许可证，处理结果报部备案。各地区、各部门要公布投诉举报方式，接受社会监督，巩固普查成果，提高鉴定质量。"),
    ),
    attachments=(RED_LIST.title, BLACK_LIST.title),
    office="{ministry}办公厅",
)
