"""How many may be recommended (推荐名额, forms-and-rules §5, rule X05).

The notice sets no quota, so none is in force unless one is chosen; the sample is the rule of a real award.
"""

from services.summary import Band, Quotas

# A declaration is a table: a row is a line.
# fmt: off

NONE = Quotas(id="none", title="不限名额", source="a 通知没有规定名额")

# 2004—2005年农机职业技能鉴定先进评选, by certificates issued; above 25,000 "more", which is left to the judges.
FARM_MACHINERY = Quotas(
    id="farm-machinery",
    title="按发证数核定的名额(示例：农机职业技能鉴定先进评选)",
    source="b P5 农机职鉴〔2005〕9号",
    bands=(
        Band(at_least=0, stations=0, workers=0),
        Band(at_least=1000, stations=0, workers=1),
        Band(at_least=3000, stations=1, workers=1),
        Band(at_least=8000, stations=1, workers=3),
        Band(at_least=15000, stations=1, workers=5),
    ),
)

QUOTAS = (NONE, FARM_MACHINERY)
