"""What stands in or over a cell besides its text: text boxes, tables, drawn shapes, text that was struck out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from services.carriers.docx.grid import Grid
from services.carriers.vote import Vote, short
from services.carriers.witness import BOX, DOUBTFUL
from services.findings import Finding, Problem, Severity, found
from services.form import Form


def questioned(grid: Grid, votes: Sequence[Vote]) -> Sequence[Vote]:
    """Return the votes with a doubt wherever something else stands in their cell that may change what is meant."""
    if not (grid.boxes or grid.struck or grid.drawn or grid.nested):
        return votes
    return [_questioned(grid, vote) for vote in votes]


def _questioned(grid: Grid, vote: Vote) -> Vote:
    if vote.problem:
        return vote
    box = grid.boxes.get(vote.address, "")
    if vote.address in grid.drawn:
        problem = _drawn(vote)
    elif vote.address in grid.struck:
        problem = _struck(grid.struck[vote.address], vote)
    elif box and box not in vote.text:
        problem = _box(box, vote)
    elif grid.nested.get(vote.address) is False:
        problem = _NESTED
    else:
        return vote
    return vote._replace(sureness=DOUBTFUL, problem=problem)


def _drawn(vote: Vote) -> Problem:
    return Problem(
        rule="D06",
        code="read.drawn",
        severity=Severity.CONFIRM,
        phrase=f"的格子上画了图形(圆圈、横线等),看不出圈的或划的是什么,已按文字读为“{short(vote.text)}”",
        phrase_en=f"has a shape drawn over it whose meaning cannot be told; read as {short(vote.text)!r}",
        got=vote.text,
        want="直接打√或写字,不画图形",
        remedy="请核对;选项请把√写在选中的一项前面,并删去图形",
    )


def _struck(struck: str, vote: Vote) -> Problem:
    return Problem(
        rule="D06",
        code="read.struck",
        severity=Severity.CONFIRM,
        phrase=f"里有划掉或隐藏的文字“{short(struck)}”,没有算在内,已读为“{short(vote.text)}”",
        phrase_en=f"holds text that was struck out or hidden, {short(struck)!r}; read as {short(vote.text)!r}",
        got=struck,
        want="没有划掉或隐藏的文字",
        remedy="请核对,并删去划掉或隐藏的文字",
    )


def _box(box: str, vote: Vote) -> Problem:
    return Problem(
        rule="D06",
        code="read.box",
        severity=Severity.CONFIRM,
        phrase=f"的格子里还有一个文本框,写着“{short(box)}”,没有读取;已读为“{short(vote.text)}”",
        phrase_en=f"has a text box beside its text, {short(box)!r}, which was not read",
        got=box,
        want="写在本格内",
        remedy="请核对,并把内容写在本格内",
    )


_NESTED = Problem(
    rule="D06",
    code="read.nested",
    severity=Severity.CONFIRM,
    phrase="的格子里嵌了一张表,已把表里的文字连起来读取",
    phrase_en="holds a table inside its cell, read as running text",
    want="格子里只写文字",
    remedy="请核对,并把内容直接写在格子里",
)
_LIFTED = Problem(
    rule="D06",
    code="layout.nested",
    severity=Severity.CONFIRM,
    phrase="的格子里嵌了一张表,已逐行读作本表的行",
    phrase_en="holds a table inside a cell, whose rows were read as rows of the form",
    want="逐行填在本表的行里",
    remedy="请核对读出的各行;最好在表里增加行,再把内容粘贴到各行",
)


def left_over(form: Form, grid: Grid, votes: Sequence[Vote]) -> Iterator[Finding]:
    """Yield what is said of text boxes and shapes that belong to no answer, and of tables that were read as rows."""
    answered = {vote.address for vote in votes} | {vote.beside for vote in votes if BOX in vote.witnesses}
    place = f"《{form.short_title}》"
    if any(grid.nested.values()):
        yield found(_LIFTED, field="", label="表", place=place)
    for address, text in grid.boxes.items():
        if address not in answered:
            problem = Problem(
                rule="D02",
                code="layout.box",
                severity=Severity.CONFIRM,
                phrase=f"写着“{short(text)}”,不在任何一栏里,没有读取",
                phrase_en=f"holds {short(text)!r}, belongs to no answer and was not read",
                got=text,
                remedy="需要保留的请填在栏目里,并删去文本框",
            )
            yield found(problem, field="", label="文本框", place=place)
    drawn = grid.drawn - answered
    if drawn:
        problem = Problem(
            rule="D02",
            code="layout.drawn",
            severity=Severity.CONFIRM,
            phrase=f"里画有 {len(drawn)} 处图形(圆圈、横线等),看不出是什么意思,没有读取",
            phrase_en=f"holds {len(drawn)} drawn shapes whose meaning cannot be told",
            got=f"{len(drawn)} 处",
            remedy="如是用来圈选或划去的,请改为打√或直接改文字,并删去图形",
        )
        yield found(problem, field="", label="文件", place=place)
