"""The pages that a Word form's answers are said to stand on are those that LibreOffice lays them out on."""

import io
import re
import zipfile

import pytest
from lxml import etree

from scripts import word_pages
from services.carriers import docx
from services.carriers.docx import paged
from services.carriers.docx.templates import issued_forms
from services.catalogue import concrete
from services.identity import stamp
from services.record import build, empty
from services.sample import sample
from tests import docx_edits as edits

PAGE = re.compile(r"》第(\d+)页")


def filled(form, record):
    return docx.fill(form, record, stamp(form, record, b"test")).data


def named(reading) -> dict[str, int]:
    """The page that is named for each answer."""
    found = ((path, PAGE.search(place)) for path, place in reading.places.items())
    return {path: int(match[1]) for path, match in found if match}


def laid_out(form, data: bytes) -> dict[str, int]:
    """The page that LibreOffice lays each answer out on."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root, styles = (etree.fromstring(archive.read(part)) for part in (word_pages.BODY, word_pages.STYLES))
    return word_pages.measured(data, root, dict(word_pages.controls_of(form, root, styles)))[0]


def test_the_pages_were_laid_out_from_the_templates_as_they_are():
    assert [form.id for form in issued_forms() if paged.laid_out(form) is None] == []


@pytest.mark.parametrize(
    ("name", "edition", "region", "at_least"),
    [("evaluation", "2006", "610000", 700), ("station-recommendation", "today", "", 75)],
)
def test_a_filled_form_names_the_pages_of_its_answers(name, edition, region, at_least):
    form = concrete(name, edition, region)
    data = filled(form, sample(form, 2))
    pages = named(docx.read(form, data))
    measured = laid_out(form, data)
    assert {path: page for path, page in pages.items() if measured[path] != page} == {}
    assert len(pages) >= at_least


def test_a_scored_item_is_found_by_its_page():
    form = concrete("evaluation")
    reading = docx.read(form, filled(form, empty(form)))
    assert (
        reading.places["items.B04.self"] == "《评估表》第12页 · 三、评估评分(二)能力建设情况 · B04 理论考试场地 自评分"
    )


def test_no_page_is_named_after_an_answer_that_pushes_the_others_on():
    form = concrete("worker-recommendation")
    record = build(form, {**sample(form, 1).values, "deeds": "工作认真负责。\n" * 30})
    pages = named(docx.read(form, filled(form, record)))
    assert pages["post"] == 3
    assert "deeds" not in pages
    assert "opinion_unit" not in pages


def test_no_page_is_named_once_a_row_was_added():
    form = concrete("worker-recommendation")
    data = edits.edited(
        filled(form, sample(form, 1)),
        lambda root: edits.put_after(edits.row_with(root, "电子邮箱"), *"甲乙丙丁"),
    )
    assert named(docx.read(form, data)) == {}


def test_a_changed_label_is_said_with_its_page():
    form = concrete("worker-recommendation")
    data = edits.edited(
        filled(form, sample(form, 1)), lambda root: edits.write(edits.cell_with(root, "政治面貌"), "籍贯")
    )
    [change] = [finding for finding in docx.read(form, data).findings if finding.rule == "D02"]
    assert change.place == "《优秀工作者推荐表》第3页 · 一、个人情况"
