"""How answers get into a Word form otherwise than typed into their control: every case of what clerks do in a cell.

An operation takes the opened file, what must be read of it, and the random source; it returns False where
the form has no place for it.
"""

import copy
from itertools import pairwise
from random import Random
from typing import Any

from lxml import etree

from services.kinds import Day, Month, Picture, Text, Whole
from tests import docx_edits as edits
from tests.accidents import invented
from tests.accidents.truth import Truth, nothing_of
from tests.accidents.word import Spot, Word, kind_at, type_in_control, type_into
from tests.accidents.writings import tick_text, written
from tests.docx_edits import W

A = "http://schemas.openxmlformats.org/drawingml/2006/main"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
TODAY = "2006-08-20T10:00:00Z"


def _free(word: Word, truth: Truth) -> list[Spot]:
    """The cells whose answer is printed once and was not touched yet, pictures left out."""
    copies = word.copies()
    told = truth.asked | truth.unsure | truth.gone
    return [
        spot
        for spot in word.spots()
        if spot.path not in copies
        and spot.path not in told
        and spot.path in truth.entries
        and not isinstance(kind_at(word.form, spot.path), Picture)
    ]


def _filled(word: Word, truth: Truth) -> list[Spot]:
    """Those of them that hold something and print no boxes."""
    return [spot for spot in _free(word, truth) if not spot.boxes and truth.entries[spot.path] not in (None, "")]


def _some(spots: list[Spot], chance: Random, most: int) -> list[Spot]:
    return chance.sample(spots, min(len(spots), chance.randint(1, most)))


def _shown(word: Word, truth: Truth, spot: Spot) -> str:
    return kind_at(word.form, spot.path).show(truth.entries[spot.path])


# ---- typed otherwise ------------------------------------------------------------------------------


def typed_in_the_control(word: Word, truth: Truth, chance: Random) -> bool:
    """Other answers typed into their controls."""
    spots = [spot for spot in _free(word, truth) if not spot.boxes]
    for spot in _some(spots, chance, 8):
        truth.entries[spot.path] = invented.value_of(kind_at(word.form, spot.path), chance)
        type_in_control(spot.cell, _shown(word, truth, spot))
    return bool(spots)


def typed_over_the_control(word: Word, truth: Truth, chance: Random) -> bool:
    """Controls deleted with what they held, other answers typed into the bare cells."""
    spots = [spot for spot in _free(word, truth) if not spot.boxes]
    for spot in _some(spots, chance, 8):
        truth.entries[spot.path] = invented.value_of(kind_at(word.form, spot.path), chance)
        type_into(spot.cell, _shown(word, truth, spot))
    return bool(spots)


def written_otherwise(word: Word, truth: Truth, chance: Random) -> bool:
    """Days in every way of N02, codes and numbers in full width, with units and blanks."""
    spots = [s for s in _filled(word, truth) if not isinstance(kind_at(word.form, s.path), Text)]
    for spot in _some(spots, chance, 12):
        text = written(kind_at(word.form, spot.path), truth.entries[spot.path], chance)
        chance.choice((type_into, type_in_control))(spot.cell, text)
    return bool(spots)


def ticked_otherwise(word: Word, truth: Truth, chance: Random) -> bool:
    """Boxes ticked in other ways: □是 ☑否, 是(√)否( ), 是."""
    spots = [spot for spot in _free(word, truth) if spot.boxes]
    for spot in _some(spots, chance, 6):
        kind = kind_at(word.form, spot.path)
        if chance.random() < 0.5:
            truth.entries[spot.path] = invented.value_of(kind, chance)
        type_into(spot.cell, tick_text(kind, truth.entries[spot.path], chance))
    return bool(spots)


def nothing_said(word: Word, truth: Truth, chance: Random) -> bool:
    """无, / or — written where there is nothing."""
    spots = [s for s in _free(word, truth) if not s.boxes and truth.entries[s.path] is None]
    for spot in _some(spots, chance, 8):
        sign = chance.choice(("无", "/", "—"))
        truth.entries[spot.path] = nothing_of(word.form, spot.path, sign)
        if "无" in getattr(kind_at(word.form, spot.path), "options", ()):
            truth.entries[spot.path] = "无" if sign == "无" else None
        type_into(spot.cell, sign)
    return bool(spots)


def pasted_from_the_web(word: Word, truth: Truth, chance: Random) -> bool:
    """Text with the formatting it had on a page: many runs, links, colours, proofing marks, several paragraphs."""
    spots = [s for s in _filled(word, truth) if isinstance(kind_at(word.form, s.path), Text)]
    for spot in _some(spots, chance, 4):
        _paste(spot.cell, _shown(word, truth, spot), chance)
    return bool(spots)


def _paste(cell: Any, text: str, chance: Random) -> None:
    properties = cell.find(f"{W}tcPr")
    for child in list(cell):
        if child is not properties:
            cell.remove(child)
    for line in text.split("\n"):
        made = etree.SubElement(cell, f"{W}p")
        style = etree.SubElement(made, f"{W}pPr")
        etree.SubElement(style, f"{W}spacing", {f"{W}before": "150", f"{W}after": "150"})
        etree.SubElement(style, f"{W}shd", {f"{W}val": "clear", f"{W}fill": "FFFFFF"})
        etree.SubElement(made, f"{W}proofErr", {f"{W}type": "spellStart"})
        for piece in _cut(line, chance):
            home = made
            if chance.random() < 0.3:
                home = etree.SubElement(made, f"{W}hyperlink", {f"{W}anchor": "_top"})
            run = etree.SubElement(home, f"{W}r")
            look = etree.SubElement(run, f"{W}rPr")
            etree.SubElement(look, f"{W}rFonts", {f"{W}ascii": "Arial", f"{W}hint": "eastAsia"})
            etree.SubElement(look, f"{W}color", {f"{W}val": "333333"})
            etree.SubElement(look, f"{W}sz", {f"{W}val": "21"})
            etree.SubElement(run, f"{W}t", {edits.SPACE: "preserve"}).text = piece
        etree.SubElement(made, f"{W}proofErr", {f"{W}type": "spellEnd"})


def _cut(line: str, chance: Random) -> list[str]:
    """A line in pieces."""
    cuts = sorted({0, len(line), *(chance.randint(0, len(line)) for _ in range(min(len(line), 5)))})
    return [line[start:stop] for start, stop in pairwise(cuts)]


# ---- written beside the cell ----------------------------------------------------------------------


def written_in_the_labels_cell(word: Word, truth: Truth, chance: Random) -> bool:
    """姓名：张三 in the cell of the label, the answer's own cell left empty: the clerk must be asked."""
    free = {id(spot.cell): spot for spot in _filled(word, truth)}
    found = [
        (cell, free[id(cell.getnext())])
        for row in word.label_rows()
        for cell in word.labels(row)
        if id(cell.getnext()) in free
    ]
    if not found:
        return False
    label, spot = chance.choice(found)
    value = _shown(word, truth, spot)
    type_into(label, f"{edits.text_of(label)}{chance.choice(('：', ':', '： '))}{value}")
    type_into(spot.cell, "")
    truth.asked.add(spot.path)
    return True


def in_a_text_box(word: Word, truth: Truth, chance: Random) -> bool:
    """A text box laid over the empty cell, as Word draws it (DrawingML with its VML twin): the clerk must be asked."""
    spots = _filled(word, truth)
    if not spots:
        return False
    spot = chance.choice(spots)
    lines = "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{_escaped(line)}</w:t></w:r></w:p>'
        for line in _shown(word, truth, spot).split("\n")
    )
    type_into(spot.cell, "")
    home = next(spot.cell.iter(f"{W}p"))
    home.append(etree.fromstring(_TEXT_BOX.replace("TEXT", lines)))
    truth.asked.add(spot.path)
    return True


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


_TEXT_BOX = (
    '<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    f' xmlns:a="{A}" xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
    '<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor distT="0" distB="0" distL="114300"'
    ' distR="114300" simplePos="0" relativeHeight="251659264" behindDoc="0" locked="0" layoutInCell="1"'
    ' allowOverlap="1"><wp:simplePos x="0" y="0"/><wp:positionH relativeFrom="column"><wp:posOffset>20000'
    '</wp:posOffset></wp:positionH><wp:positionV relativeFrom="paragraph"><wp:posOffset>10000</wp:posOffset>'
    '</wp:positionV><wp:extent cx="1200000" cy="280000"/><wp:effectExtent l="0" t="0" r="0" b="0"/>'
    '<wp:wrapNone/><wp:docPr id="901" name="文本框 1"/><wp:cNvGraphicFramePr/><a:graphic><a:graphicData'
    ' uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:cNvSpPr txBox="1"/>'
    '<wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="1200000" cy="280000"/></a:xfrm><a:prstGeom prst="rect">'
    "<a:avLst/></a:prstGeom></wps:spPr><wps:txbx><w:txbxContent>TEXT</w:txbxContent></wps:txbx><wps:bodyPr/>"
    "</wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict>"
    '<v:shape type="#_x0000_t202" style="position:absolute;width:94pt;height:22pt"><v:textbox><w:txbxContent>TEXT'
    "</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)


def in_one_place_of_two(word: Word, truth: Truth, chance: Random) -> bool:
    """An answer that the cover repeats, changed in one of its places: the clerk must be asked which is right."""
    copies = word.copies()
    spots = [
        spot
        for spot in word.spots()
        if spot.path in copies and truth.entries.get(spot.path) and spot.path not in truth.asked and not spot.boxes
    ]
    if not spots:
        return False
    spot = chance.choice(spots)
    kind = kind_at(word.form, spot.path)
    other = invented.value_of(kind, chance)
    if kind.show(other) == _shown(word, truth, spot):
        return False
    type_in_control(spot.cell, kind.show(other))
    truth.asked.add(spot.path)
    truth.unsure.add(spot.path)
    return True


def two_values_in_one_cell(word: Word, truth: Truth, chance: Random) -> bool:
    """Two days, numbers or choices in the cell of one: nobody can know which is meant, the clerk must be asked."""
    spots = [s for s in _filled(word, truth) if isinstance(kind_at(word.form, s.path), Day | Month | Whole)]
    if not spots:
        return False
    spot = chance.choice(spots)
    kind = kind_at(word.form, spot.path)
    one, other = _shown(word, truth, spot), kind.show(invented.value_of(kind, chance))
    between = chance.choice(("、", "/", "\n", "；"))
    type_into(spot.cell, f"{one}{between}{other}")
    truth.asked.add(spot.path)
    truth.entries[spot.path] = None  # neither is taken; a row that held nothing else is none any more
    truth.unsure.add(spot.path)
    return True


# ---- what Word keeps beside the text --------------------------------------------------------------


def changes_tracked(word: Word, truth: Truth, chance: Random) -> bool:
    """Answers changed with tracked changes: what was accepted is read, and that is reported."""
    spots = _filled(word, truth)
    for number, spot in enumerate(_some(spots, chance, 3)):
        old = _shown(word, truth, spot)
        truth.entries[spot.path] = invented.value_of(kind_at(word.form, spot.path), chance)
        type_into(spot.cell, "")
        home = next(spot.cell.iter(f"{W}p"))
        for child in home.findall(f"{W}r"):
            home.remove(child)
        told = {f"{W}id": str(9000 + number), f"{W}author": "王主任", f"{W}date": TODAY}
        _tracked(etree.SubElement(home, f"{W}del", told), old, "delText")
        _tracked(etree.SubElement(home, f"{W}ins", told), _shown(word, truth, spot), "t")
    truth.told |= {"remarks.tracked"} if spots else set()
    return bool(spots)


def _tracked(change: Any, text: str, tag: str) -> None:
    for number, line in enumerate(text.split("\n")):
        run = etree.SubElement(change, f"{W}r")
        if number:
            etree.SubElement(run, f"{W}br")
        etree.SubElement(run, f"{W}{tag}", {edits.SPACE: "preserve"}).text = line


def comments_by_people(word: Word, truth: Truth, chance: Random) -> bool:
    """Comments at answers: nothing in them is read as an answer, and that they are there is reported."""
    spots = [spot for spot in _free(word, truth) if not spot.boxes]
    if not spots or "word/comments.xml" in word.parts:
        return False
    chosen = _some(spots, chance, 3)
    said = "".join(
        f'<w:comment w:id="{n}" w:author="李审核" w:date="{TODAY}" w:initials="李"><w:p><w:r><w:annotationRef/></w:r>'
        f"<w:r><w:t>请核对第{n + 1}处，是否为2006年8月</w:t></w:r></w:p></w:comment>"
        for n in range(len(chosen))
    )
    part = f'<w:comments xmlns:w="{W[1:-1]}">{said}</w:comments>'
    word.relate("comments", "comments.xml", part.encode(), f"{_WORD_TYPE}.comments+xml")
    for number, spot in enumerate(chosen):
        home = next(spot.cell.iter(f"{W}p"))
        home.insert(1, etree.Element(f"{W}commentRangeStart", {f"{W}id": str(number)}))
        etree.SubElement(home, f"{W}commentRangeEnd", {f"{W}id": str(number)})
        run = etree.SubElement(home, f"{W}r")
        etree.SubElement(run, f"{W}commentReference", {f"{W}id": str(number)})
    truth.told.add("remarks.comments")
    return True


_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def photo_pasted(word: Word, truth: Truth, chance: Random) -> bool:
    """Another photograph pasted over the control that holds the issued one."""
    spots = [s for s in word.spots() if isinstance(kind_at(word.form, s.path), Picture)]
    if not spots:
        return False
    spot = spots[0]
    content = invented.picture(chance.randrange(6))
    kind = "png" if content.startswith(b"\x89PNG") else "jpeg"
    relation = word.relate("image", f"media/pasted.{kind}", content, f"image/{kind}")
    type_into(spot.cell, "")
    home = next(spot.cell.iter(f"{W}p"))
    home.append(etree.fromstring(_INLINE.replace("RELATION", relation)))
    truth.entries[spot.path] = content
    return True


_INLINE = (
    '<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    f' xmlns:a="{A}" xmlns:r="{R[1:-1]}" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture">'
    '<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="1260000" cy="1764000"/>'
    '<wp:docPr id="902" name="图片 1"/><wp:cNvGraphicFramePr/><a:graphic><a:graphicData'
    ' uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="0"'
    ' name="photo.jpg"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="RELATION"/><a:stretch>'
    '<a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="1260000"'
    ' cy="1764000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData>'
    "</a:graphic></wp:inline></w:drawing></w:r>"
)


def wrapped_for_review(word: Word, truth: Truth, chance: Random) -> bool:
    """Foreign controls around text, as WPS leaves them after a review (tag reviewtag_…)."""
    texts = [run for run in word.root.iter(f"{W}r") if run.find(f"{W}t") is not None]
    for number, run in enumerate(chance.sample(texts, min(12, len(texts)))):
        control = etree.Element(f"{W}sdt")
        properties = etree.SubElement(control, f"{W}sdtPr")
        etree.SubElement(properties, f"{W}id", {f"{W}val": str(700000 + number)})
        etree.SubElement(properties, f"{W}tag", {f"{W}val": f"reviewtag_{number}"})
        run.addprevious(control)
        etree.SubElement(control, f"{W}sdtContent").append(run)
    del truth
    return bool(texts)


def runs_split(word: Word, truth: Truth, chance: Random) -> bool:
    """Runs cut in two, as spell checkers and language tags leave them."""
    texts = [t for t in word.root.iter(f"{W}t") if t.text and len(t.text) > 1]
    for text in chance.sample(texts, min(30, len(texts))):
        run = text.getparent()
        if [child.tag for child in run if child.tag != f"{W}rPr"] != [f"{W}t"]:
            continue
        other = copy.deepcopy(run)
        middle = len(text.text) // 2
        next(other.iter(f"{W}t")).text = text.text[middle:]
        text.text = text.text[:middle]
        text.set(edits.SPACE, "preserve")
        run.addnext(other)
    del truth
    return bool(texts)
