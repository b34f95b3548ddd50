"""The printed options that several forms offer, with the other words clerks use for them."""

from services.kinds import Choice, Choices

SEX = Choice(options=("男", "女"))

HOST_NATURE = Choice(
    options=("机关", "事业", "企业", "学校", "社会团体", "其他"),
    boxes=True,
    synonyms=(("事业单位", "事业"), ("国有企业", "企业"), ("院校", "学校"), ("社团", "社会团体")),
)

STATION_KIND = Choice(
    options=("国家职业技能鉴定所", "地方职业技能鉴定站", "行业特有工种职业技能鉴定站"),
    boxes=True,
    synonyms=(
        ("1", "国家职业技能鉴定所"),
        ("2", "地方职业技能鉴定站"),
        ("3", "行业特有工种职业技能鉴定站"),
        ("国家所", "国家职业技能鉴定所"),
        ("地方站", "地方职业技能鉴定站"),
        ("行业站", "行业特有工种职业技能鉴定站"),
        ("行业特有工种鉴定站", "行业特有工种职业技能鉴定站"),
    ),
)

PARTY = Choice(
    options=("中共党员", "中共预备党员", "共青团员", "民主党派", "无党派人士", "群众"),
    synonyms=(("党员", "中共党员"), ("预备党员", "中共预备党员"), ("团员", "共青团员"), ("无党派", "无党派人士")),
)

EDUCATION = Choice(
    options=("研究生", "大学本科", "大学专科", "中专", "技校", "高中", "初中及以下"),
    synonyms=(
        ("硕士", "研究生"),
        ("博士", "研究生"),
        ("硕士研究生", "研究生"),
        ("博士研究生", "研究生"),
        ("本科", "大学本科"),
        ("大学", "大学本科"),
        ("大专", "大学专科"),
        ("专科", "大学专科"),
        ("中等专业学校", "中专"),
        ("技工学校", "技校"),
        ("职高", "高中"),
        ("职业高中", "高中"),
        ("初中", "初中及以下"),
        ("小学", "初中及以下"),
    ),
)

DEGREE = Choice(
    options=("无", "学士", "硕士", "博士"), synonyms=(("学士学位", "学士"), ("硕士学位", "硕士"), ("博士学位", "博士"))
)

TENURE = Choice(options=("自有", "租用"), boxes=True, synonyms=(("自备", "自有"), ("租借", "租用"), ("租赁", "租用")))

# The same in the column of a table, where there is no room for both boxes.
OWNED = Choice(options=TENURE.options, synonyms=TENURE.synonyms)

# Several levels at once are stored as digits, one level as its printed label (rule L07): LEVELS.options pairs them.
LEVELS = Choices(
    options=(("5", "五级"), ("4", "四级"), ("3", "三级"), ("2", "二级"), ("1", "一级")),
    synonyms=(
        ("5级", "5"),
        ("4级", "4"),
        ("3级", "3"),
        ("2级", "2"),
        ("1级", "1"),
        ("5", "5"),
        ("4", "4"),
        ("3", "3"),
        ("2", "2"),
        ("1", "1"),
        ("初级工", "5"),
        ("初级", "5"),
        ("中级工", "4"),
        ("中级", "4"),
        ("高级工", "3"),
        ("高级技师", "1"),
        ("高级", "3"),
        ("技师", "2"),
    ),
)

LEVEL = Choice(
    options=("五级", "四级", "三级", "二级", "一级"),
    synonyms=(
        ("5", "五级"),
        ("4", "四级"),
        ("3", "三级"),
        ("2", "二级"),
        ("1", "一级"),
        ("5级", "五级"),
        ("4级", "四级"),
        ("3级", "三级"),
        ("2级", "二级"),
        ("1级", "一级"),
        ("初级", "五级"),
        ("中级", "四级"),
        ("高级", "三级"),
        ("技师", "二级"),
        ("高级技师", "一级"),
        ("初级工", "五级"),
        ("中级工", "四级"),
        ("高级工", "三级"),
    ),
)

GRADE = Choice(options=("优秀", "合格", "基本合格", "不合格"), boxes=True)
