"""The packets (上报材料) that are bound: what each tier hands to the next (forms-and-rules §6, rule K01)."""

from services.recipe import Piece, Recipe
from services.summary import Column, Table, Tally

EVIDENCE = Piece(
    key="evidence",
    code="证明",
    title="证明材料",
    need="optional",
    source="b G1 M1 · P10",
    words=(),
    many=True,
)

FEE_LICENCE = Piece(
    key="fee_licence",
    code="收费证",
    title="收费许可证复印件",
    need="optional",
    source="c",
    words=("收费许可证", "收费"),
    many=True,
)

ORG_CERTIFICATE = Piece(
    key="org_certificate",
    code="代码证",
    title="组织机构代码证复印件",
    need="optional",
    source="c",
    words=("组织机构代码", "代码证"),
    many=True,
)

OTHER = Piece(key="other", code="其他", title="其他材料", need="optional", source="c", many=True)

EXPLANATIONS = Piece(
    key="explanations",
    code="说明表",
    title="数据情况说明表",
    need="optional",
    source="c",
    made="explanations",
)

STATION = Recipe(
    id="station",
    title="职业技能鉴定所(站)质量普查上报材料",
    cover=("职业技能鉴定所(站)质量普查", "上报材料"),
    lead_form="evaluation",
    exempt_keys=("qms", "exempt"),
    pieces=(
        Piece(
            key="self_report",
            code="自查报告",
            title="自查报告",
            need="expected",
            source="a 劳社厅函〔2006〕338号四(二) · K01",
            words=("自查报告", "自查"),
        ),
        Piece(
            key="evaluation",
            code="F1",
            title="职业技能鉴定所(站)质量普查评估表",
            need="required",
            exempt_need="optional",
            source="a 劳社厅函〔2006〕338号四(二) · K01 · X01",
            form="evaluation",
        ),
        Piece(
            key="licence",
            code="许可证",
            title="职业技能鉴定许可证正、副本复印件",
            need="expected",
            source="c · K01",
            words=("许可证",),
            many=True,
        ),
        FEE_LICENCE,
        ORG_CERTIFICATE,
        EVIDENCE,
        Piece(
            key="station_recommendation",
            code="F2",
            title="优秀职业技能鉴定所(站)推荐表",
            need="optional",
            source="a 附件2",
            form="station-recommendation",
        ),
        Piece(
            key="worker_recommendation",
            code="F3",
            title="职业技能鉴定优秀工作者推荐表",
            need="optional",
            source="a 附件3",
            form="worker-recommendation",
            many=True,
        ),
        Piece(
            key="qms_certificate",
            code="认证证书",
            title="质量管理体系认证证书复印件",
            need="optional",
            exempt_need="expected",
            source="a 劳社厅函〔2006〕338号二 · X01",
            words=("质量管理体系", "认证证书", "认证"),
            many=True,
        ),
        OTHER,
        EXPLANATIONS,
    ),
)

# ---- pieces that several tiers have in common -------------------------------------------------------

EVALUATIONS = Piece(
    key="evaluation",
    code="F1",
    title="职业技能鉴定所(站)质量普查评估表",
    need="required",
    source="a 劳社厅函〔2006〕338号四(二) · K01 · K02",
    form="evaluation",
    many=True,
    order="code",
)
STATIONS_RECOMMENDED = Piece(
    key="station_recommendation",
    code="F2",
    title="优秀职业技能鉴定所(站)推荐表",
    need="optional",
    source="a 附件2 · b P4",
    form="station-recommendation",
    many=True,
    order="rank",
)
WORKERS_RECOMMENDED = Piece(
    key="worker_recommendation",
    code="F3",
    title="职业技能鉴定优秀工作者推荐表",
    need="optional",
    source="a 附件3 · b P4",
    form="worker-recommendation",
    many=True,
    order="rank",
)
SUMMARIES = Piece(
    key="summary",
    code="汇总表",
    title="汇总表",
    need="required",
    source="c · K03 · K04",
    made="summary",
)
CITY = Recipe(
    id="city",
    title="职业技能鉴定所(站)质量普查市级转报材料",
    cover=("职业技能鉴定所(站)质量普查", "市级转报材料"),
    tier="city",
    by_station=True,
    lead_form="evaluation",
    exempt_keys=("qms", "exempt"),
    pieces=(
        Piece(
            key="letter",
            code="转报函",
            title="转报函",
            need="required",
            source="a 逐级 · c",
            words=("转报函", "报送函"),
            made="letter",
        ),
        SUMMARIES,
        Piece(
            key="unreported",
            code="未报名单",
            title="未报鉴定所(站)名单",
            need="optional",
            source="c · K02",
            made="unreported",
        ),
        Piece(
            key="self_report",
            code="自查报告",
            title="自查报告",
            need="optional",
            source="a 劳社厅函〔2006〕338号四(二)",
            words=("自查报告", "自查"),
            many=True,
        ),
        EVALUATIONS,
        Piece(
            key="licence",
            code="许可证",
            title="职业技能鉴定许可证正、副本复印件",
            need="optional",
            source="c",
            words=("许可证",),
            many=True,
        ),
        FEE_LICENCE,
        ORG_CERTIFICATE,
        EVIDENCE,
        STATIONS_RECOMMENDED,
        WORKERS_RECOMMENDED,
        Piece(
            key="qms_certificate",
            code="认证证书",
            title="质量管理体系认证证书复印件",
            need="optional",
            source="a 劳社厅函〔2006〕338号二 · X01",
            words=("质量管理体系", "认证证书", "认证"),
            many=True,
        ),
        OTHER,
        EXPLANATIONS,
    ),
)

REGION = Recipe(
    id="region",
    title="职业技能鉴定所(站)质量普查报送材料",
    cover=("职业技能鉴定所(站)质量普查", "报送材料"),
    tier="region",
    lead_form="evaluation",
    exempt_keys=("qms", "exempt"),
    pieces=(
        Piece(
            key="letter",
            code="报送函",
            title="报送函",
            need="required",
            source="c · b T1",
            words=("报送函", "公函"),
            made="letter",
        ),
        Piece(
            key="report",
            code="报告",
            title="质量普查报告",
            need="required",
            source="a 劳社厅函〔2006〕338号四(二) · 结构 c",
            words=("普查报告", "工作报告", "报告"),
            made="report",
        ),
        SUMMARIES,
        EVALUATIONS,
        STATIONS_RECOMMENDED,
        WORKERS_RECOMMENDED,
        Piece(
            key="annex",
            code="增加项目",
            title="本地区增加项目情况",
            need="optional",
            source="a 可适当增加 · P11",
            made="annex",
            lines=("province",),
        ),
        Piece(
            key="annex",
            code="增加项目",
            title="本行业增加项目情况",
            need="optional",
            source="a 可适当增加 · P11",
            made="annex",
            lines=("industry",),
        ),
        Piece(
            key="city_letter",
            code="转报函",
            title="市级转报函",
            need="optional",
            source="a 逐级",
            words=("转报函",),
            many=True,
            lines=("province",),
        ),
        OTHER,
        EXPLANATIONS,
    ),
)

MINISTRY = Recipe(
    id="ministry",
    title="全国职业技能鉴定所(站)质量普查汇总材料",
    cover=("全国职业技能鉴定所(站)质量普查", "汇总材料"),
    tier="ministry",
    prints_forms=False,
    lead_form="evaluation",
    exempt_keys=("qms", "exempt"),
    pieces=(
        Piece(
            key="report",
            code="报告",
            title="全国质量普查情况报告",
            need="required",
            source="a 劳社厅函〔2006〕338号五 · 结构 c",
            words=("普查报告", "报告"),
            made="report",
        ),
        SUMMARIES,
        Piece(
            key="lists",
            code="名单",
            title="抽查、表彰、通报、整改和公开名单",
            need="required",
            source="a 劳社厅函〔2006〕338号五、六 · c 表式",
            made="lists",
        ),
        EVALUATIONS,
        STATIONS_RECOMMENDED,
        WORKERS_RECOMMENDED,
        OTHER,
        EXPLANATIONS,
    ),
)

RECIPES = (STATION, CITY, REGION, MINISTRY)

# The stations of the roster that handed nothing in (forms-and-rules §6.2).
UNREPORTED = Table(
    key="unreported",
    mark="",
    title="未报鉴定所(站)名单",
    sheet="未报名单",
    rows="unreported",
    number_mm=12,
    landscape=False,
    columns=(
        Column(label="鉴定所(站)名称", fact="name", width_mm=58),
        Column(label="机构编码", fact="code", width_mm=20),
        Column(label="地区/行业", fact="area", width_mm=34),
        Column(label="未报原因", fact="reason", width_mm=46),
    ),
    tallies=(Tally(label="未报", fact="name"),),
    note="应查名单中到装订时没有报来评估表、又不属免检或撤销的鉴定所(站)；原因是应查名单所写。",
)

# What asks to be confirmed, to be answered in a workbook and given back: the last two columns say which it is.
QUESTIONS = Table(
    key="questions",
    mark="",
    title="需要确认的情况和说明",
    sheet="情况说明",
    rows="",
    columns=(
        Column(label="机构编码", fact="station", width_mm=18),
        Column(label="鉴定所(站)、人员", fact="name", width_mm=34),
        Column(label="表和位置", fact="place", width_mm=36),
        Column(label="需要确认的情况", fact="message", width_mm=62),
        Column(label="情况说明", fact="reason", width_mm=47),
        Column(label="文件", fact="file", width_mm=30),
        Column(label="编号", fact="number", width_mm=20),
    ),
)
