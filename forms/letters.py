"""The letters and reports that go with packets (公文, GB/T 9704): their words; every figure is computed (rule K03).

The notice prescribes none of them: number, order and wording are ours (c), the acts they report are the notice's (a).
"""

from services.recipe import Letter, Paragraph

# A declaration is a table: a row is a line.
# fmt: off

COVERAGE = (
    Paragraph(text="{own}应查鉴定所(站){expected}个，实查{evaluated}个，免检{exempt}个，未报{missing}个，撤销{revoked}个。"),
    Paragraph(text="实查的{evaluated}个鉴定所(站)中，结论为优秀的{excellent}个，合格的{good}个，基本合格的{fair}个，不合格的{poor}个；有否决事项的{vetoed}个。", when="evaluated"),
)

CITY_LETTER = Letter(
    recipe="city",
    piece="letter",
    title="关于转报职业技能鉴定所(站)\n质量普查材料的函",
    to="{report_to}",
    keywords="职业技能鉴定　质量普查　函",
    body=(
        Paragraph(text="按照《关于开展全国职业技能鉴定所(站)质量普查工作的通知》(劳社厅函〔2006〕338号)的要求，我们组织辖区内鉴定所(站)进行了自查，并对上报的材料作了审核。"),
        *COVERAGE,
        Paragraph(text="现将{evaluation_count}份评估表及有关材料转报，请审核。", when="evaluation_count"),
    Paragraph(text="现将有关材料转报，请审核。", when="no_evaluations"),
    ),
)

REGION_LETTER = Letter(
    recipe="region",
    piece="letter",
    title="关于报送职业技能鉴定所(站)\n质量普查材料的函",
    to="{ministry}办公厅",
    keywords="职业技能鉴定　质量普查　函",
    body=(
        Paragraph(text="按照《关于开展全国职业技能鉴定所(站)质量普查工作的通知》(劳社厅函〔2006〕338号)的要求，我们组织开展了{own}鉴定所(站)质量普查，{progress}。"),
        *COVERAGE,
        Paragraph(text="经审核，推荐优秀鉴定所(站){recommended_stations}个、优秀工作者{recommended_workers}名，按推荐顺序排列。", when="recommended"),
        Paragraph(text="现将{enclosed}报上，请审核。"),
    ),
)

REPORT_BODY = (
    Paragraph(level=1, text="一、组织实施情况"),
    Paragraph(text="部署和动员情况，检查组的组成，检查的重点地区、重点所站和重点职业，起止时间", room=8),
    Paragraph(level=1, text="二、普查范围和完成情况"),
    *COVERAGE,
    Paragraph(table="coverage"),
    Paragraph(text="2001年至2005年，{own}实查的鉴定所(站)共鉴定{examined}人次，合格{passed}人次，合格率{pass_rate}，核发证书{issued}本。", when="examined"),
    Paragraph(level=1, text="三、各方面的结果"),
    Paragraph(text="实查的鉴定所(站)自评平均{mean_self}分，{mean_review}。各方面平均得分如下(有复核分的按复核分，没有的按自评分)：", when="evaluated"),
    Paragraph(table="areas", when="evaluated"),
    Paragraph(level=1, text="四、存在的主要问题"),
    Paragraph(text="扣分的项目共{deducted_items}项，扣分的鉴定所(站)最多的依次是：", when="deducted_items"),
    Paragraph(table="deductions", when="deducted_items"),
    Paragraph(text="没有扣分的项目。", when="nothing_deducted"),
    Paragraph(text="有否决事项的鉴定所(站){vetoed}个：{veto_words}。", when="vetoed"),
    Paragraph(text="问题的具体表现和原因", room=8),
    Paragraph(level=1, text="五、整改和处理情况"),
    Paragraph(text="边检查边整改，共列入整改台账{corrections}项，已完成{corrected}项，尚未完成{uncorrected}项。"),
    Paragraph(text="实查的鉴定所(站)中，评估表的处理建议为通过的{passed_stations}个，限期整改的{to_correct}个，撤销的{to_revoke}个，尚未提出处理建议的{undecided}个。", when="evaluated"),
    Paragraph(text="应查名单注明撤销的{revoked}个。", when="revoked"),
    Paragraph(text="限期整改和撤销的鉴定所(站)共{disposed}个，名单见汇总表4。", when="disposed"),
    Paragraph(text="没有限期整改和撤销的鉴定所(站)。", when="nobody_disposed"),
    Paragraph(level=1, text="六、表彰、通报建议"),
    Paragraph(text="推荐优秀鉴定所(站){recommended_stations}个、优秀工作者{recommended_workers}名，见汇总表5、汇总表6。建议列入红榜{red}个，列入黑榜{black}个。"),
    Paragraph(level=1, text="七、意见和建议"),
    Paragraph(text="对鉴定所(站)管理和今后质量检查工作的意见和建议", room=8),
)

PROVINCE_REPORT = Letter(
    recipe="region",
    piece="report",
    title="{area}职业技能鉴定所(站)\n质量普查报告",
    lines=("province",),
    body=REPORT_BODY,
)

INDUSTRY_REPORT = Letter(
    recipe="region",
    piece="report",
    title="{area}行业特有工种职业技能鉴定站\n质量普查报告",
    lines=("industry",),
    body=REPORT_BODY,
)

NATIONAL_REPORT = Letter(
    recipe="ministry",
    piece="report",
    title="全国职业技能鉴定所(站)\n质量普查情况报告",
    body=REPORT_BODY,
)

LETTERS = (CITY_LETTER, REGION_LETTER, PROVINCE_REPORT, INDUSTRY_REPORT, NATIONAL_REPORT)
