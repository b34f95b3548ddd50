"""The packets (上报材料) that are bound: what each tier hands to the next (forms-and-rules §6, rule K01)."""

from services.recipe import Piece, Recipe

EVIDENCE = Piece(
    key="evidence",
    title="证明材料",
    need="optional",
    source="b G1 M1 · P10",
    words=(),
    many=True,
)

STATION = Recipe(
    id="station",
    title="职业技能鉴定所(站)质量普查上报材料",
    lead_form="evaluation",
    exempt_keys=("qms", "exempt"),
    pieces=(
        Piece(
            key="self_report",
            title="自查报告",
            need="expected",
            source="a 劳社厅函〔2006〕338号四(二) · K01",
            words=("自查报告", "自查"),
        ),
        Piece(
            key="evaluation",
            title="职业技能鉴定所(站)质量普查评估表",
            need="required",
            exempt_need="optional",
            source="a 劳社厅函〔2006〕338号四(二) · K01 · X01",
            form="evaluation",
        ),
        Piece(
            key="licence",
            title="职业技能鉴定许可证正、副本复印件",
            need="expected",
            source="c · K01",
            words=("许可证",),
            many=True,
        ),
        Piece(
            key="fee_licence",
            title="收费许可证复印件",
            need="optional",
            source="c",
            words=("收费许可证", "收费"),
            many=True,
        ),
        Piece(
            key="org_certificate",
            title="组织机构代码证复印件",
            need="optional",
            source="c",
            words=("组织机构代码", "代码证"),
            many=True,
        ),
        EVIDENCE,
        Piece(
            key="station_recommendation",
            title="优秀职业技能鉴定所(站)推荐表",
            need="optional",
            source="a 附件2",
            form="station-recommendation",
        ),
        Piece(
            key="worker_recommendation",
            title="职业技能鉴定优秀工作者推荐表",
            need="optional",
            source="a 附件3",
            form="worker-recommendation",
            many=True,
        ),
        Piece(
            key="qms_certificate",
            title="质量管理体系认证证书复印件",
            need="optional",
            exempt_need="expected",
            source="a 劳社厅函〔2006〕338号二 · X01",
            words=("质量管理体系", "认证证书", "认证"),
            many=True,
        ),
        Piece(key="other", title="其他材料", need="optional", source="c", many=True),
    ),
)

RECIPES = (STATION,)
