"""The return slip (退回修改单) as it is printed (forms-and-rules §7, rule K07)."""

from services.summary import Column, Table

# A declaration is a table: a row is a line.
# fmt: off

RETURN_SLIP = Table(
    key="return_slip",
    mark="",
    title="退回修改单",
    sheet="退回修改单",
    rows="",
    number_mm=10,
    row_mm=9,
    landscape=False,
    columns=(
        Column(label="栏目和位置", fact="place", width_mm=48),
        Column(label="问题", fact="problem", width_mm=54),
        Column(label="怎么改", fact="remedy", width_mm=40),
        Column(label="依据", fact="rule", width_mm=18),
    ),
    note="改好后再上报时逐条答复：改了的由系统逐条核对；没有改的写明原因。全部改正或答复后才能审核通过、装订。依据一栏的编号见核对规则一览。",
)
