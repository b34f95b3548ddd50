"""What Word, WPS, Google Docs and Pages are known to leave behind on saving, imitated: none of them runs here.

What each does is told in trackers and forums, or is the format's own rule; a file made here is no proof that the
program does nothing else. Whoever has one of them should save a form with it and put it into tests/cases.
"""

import copy
from random import Random
from typing import Any

from lxml import etree

from tests import docx_edits as edits
from tests.accidents.truth import Truth
from tests.accidents.word import Word
from tests.accidents.word_answers import wrapped_for_review
from tests.docx_edits import W

W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
PROMPT = "单击或点击此处输入文字。"
_KSO = (
    '<property xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"'
    ' xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"'
    ' fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="97" name="KSOProductBuildVer">'
    "<vt:lpwstr>2052-12.1.0.17133</vt:lpwstr></property>"
)


def _by_script(text: str) -> list[str]:
    """A text cut where Chinese and other characters meet, as Word keeps a run for each font."""
    pieces: list[str] = []
    for letter in text:
        if pieces and (pieces[-1][-1] < "⺀") == (letter < "⺀"):
            pieces[-1] += letter
        else:
            pieces.append(letter)
    return pieces


def _runs_by_script(root: Any, look: dict[str, str]) -> None:
    for text in [t for t in root.iter(f"{W}t") if t.text]:
        run = text.getparent()
        if [child.tag for child in run if child.tag != f"{W}rPr"] != [f"{W}t"]:
            continue
        pieces = _by_script(text.text)
        for piece in reversed(pieces[1:]):
            other = copy.deepcopy(run)
            next(other.iter(f"{W}t")).text = piece
            next(other.iter(f"{W}t")).set(edits.SPACE, "preserve")
            run.addnext(other)
        text.text = pieces[0]
    for run in root.iter(f"{W}r"):
        properties = _look_of(run)
        fonts = properties.find(f"{W}rFonts")
        if fonts is None:
            fonts = etree.Element(f"{W}rFonts")
            properties.insert(0, fonts)
        for name, value in look.items():
            fonts.set(f"{W}{name}", value)


def _look_of(run: Any) -> Any:
    """The properties of a run, made where it has none."""
    properties = run.find(f"{W}rPr")
    if properties is None:
        properties = etree.Element(f"{W}rPr")
        run.insert(0, properties)
    return properties


def saved_by_word(word: Word, truth: Truth, chance: Random) -> bool:
    """Revision ids, paragraph ids, proofing marks, rendered page breaks, a run a script, prompts in empty controls."""
    _runs_by_script(word.root, {"hint": "eastAsia"})
    for number, home in enumerate(list(word.root.iter(f"{W}p"))):
        home.set(f"{W}rsidR", "00A77B3E")
        home.set(f"{W}rsidRDefault", "00C61D52")
        home.set(f"{W14}paraId", f"{0x10000000 + number:08X}")
        run = next(home.iterchildren(f"{W}r"), None)
        if run is not None and chance.random() < 0.2:
            run.addprevious(etree.Element(f"{W}proofErr", {f"{W}type": "gramStart"}))
            run.addnext(etree.Element(f"{W}proofErr", {f"{W}type": "gramEnd"}))
        if run is not None and chance.random() < 0.05:
            run.insert(1, etree.Element(f"{W}lastRenderedPageBreak"))
    for control in word.root.iter(f"{W}sdt"):
        if not edits.text_of(control).strip(" \u3000"):
            _prompted(control)
    del truth
    return True


def _prompted(control: Any) -> None:
    properties, content = control.find(f"{W}sdtPr"), control.find(f"{W}sdtContent")
    if properties is None or content is None or next(content.iter(f"{W}drawing"), None) is not None:
        return
    properties.append(etree.Element(f"{W}showingPlcHdr"))
    texts = list(content.iter(f"{W}t"))
    for text in texts[:1]:
        text.text = PROMPT


def saved_by_wps(word: Word, truth: Truth, chance: Random) -> bool:
    """A font hint on every run, foreign controls tagged reviewtag_, its own property beside ours."""
    _runs_by_script(word.root, {"hint": "eastAsia", "ascii": "宋体", "hAnsi": "宋体", "eastAsia": "宋体"})
    wrapped_for_review(word, truth, chance)
    custom = word.parts["docProps/custom.xml"].decode()
    word.parts["docProps/custom.xml"] = custom.replace("</Properties>", f"{_KSO}</Properties>").encode()
    return True


def saved_by_google_docs(word: Word, truth: Truth, chance: Random) -> bool:
    """Controls and bookmarks gone, properties gone, styles renamed, every run with its own look; headers are kept."""
    edits.unwrap_controls(word.root)
    edits.drop_bookmarks(word.root)
    for style in word.root.iter(f"{W}pStyle"):
        style.set(f"{W}val", "Normal")
    for run in word.root.iter(f"{W}r"):
        etree.SubElement(_look_of(run), f"{W}rtl", {f"{W}val": "0"})
    _forget_properties(word)
    del truth, chance
    return True


def saved_by_pages(word: Word, truth: Truth, chance: Random) -> bool:
    """Controls and bookmarks gone, properties gone, a line break made a paragraph of its own; headers are kept."""
    edits.unwrap_controls(word.root)
    edits.drop_bookmarks(word.root)
    for cell in word.root.iter(f"{W}tc"):
        for home in list(cell.iterchildren(f"{W}p")):
            _break_up(home)
    _forget_properties(word)
    del truth, chance
    return True


def _break_up(home: Any) -> None:
    """Make a paragraph of each line of one."""
    while (line := next(home.iter(f"{W}br"), None)) is not None:
        run = line.getparent()
        other = etree.Element(f"{W}p")
        below = etree.SubElement(other, f"{W}r")
        for after in list(line.itersiblings()):
            below.append(after)
        for after in list(run.itersiblings()):
            other.append(after)
        run.remove(line)
        home.addnext(other)
        home = other


def _forget_properties(word: Word) -> None:
    word.parts["docProps/custom.xml"] = (
        b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>'
    )
    word.parts["docProps/core.xml"] = (
        b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
    )
