"""The quick way to a document's flattened text and the tree's way are the same way."""

import io
import zipfile
from functools import lru_cache

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lxml import etree

from services.carriers import docx
from services.carriers.container import parse_xml
from services.carriers.docx.grid import flatten
from services.carriers.docx.scan import scan
from services.catalogue import concrete
from services.identity import stamp
from services.paper.office import convert
from services.sample import sample
from tests import docx_edits as edits
from tests.any_record import records
from tests.docx_edits import W

FORMS = ("evaluation", "station-recommendation", "worker-recommendation")


@lru_cache(maxsize=4)
def form_file(name: str) -> bytes:
    form = concrete(name)
    record = sample(form, 2)
    return docx.fill(form, record, stamp(form, record, b"test")).data


def body(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read("word/document.xml")


def document(content: str, attributes: str = "") -> bytes:
    return f'<w:document xmlns:w="{W[1:-1]}"{attributes}><w:body>{content}</w:body></w:document>'.encode()


@pytest.mark.parametrize("name", FORMS)
def test_both_ways_agree_on_our_own_forms(name):
    part = body(form_file(name))
    assert scan(part) == flatten(parse_xml(part))


@pytest.mark.parametrize("way", [("docx",), ("doc", "docx"), ("odt", "docx")], ids="-".join)
def test_both_ways_agree_on_what_libreoffice_saves(way):
    data, suffix = form_file("worker-recommendation"), "docx"
    for target in way:
        data, suffix = convert(data, suffix, target), target
    assert scan(body(data)) == flatten(parse_xml(body(data)))


@settings(
    max_examples=10,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=st.data())
def test_both_ways_agree_on_any_record(data):
    form = concrete("station-recommendation")
    record = data.draw(records(form))
    part = body(docx.fill(form, record, stamp(form, record, b"test")).data)
    assert scan(part) == flatten(parse_xml(part))


@pytest.mark.parametrize("change", [edits.unwrap_controls, edits.drop_bookmarks])
def test_both_ways_agree_without_controls_or_bookmarks(change):
    part = body(edits.edited(form_file("evaluation"), change))
    assert scan(part) == flatten(parse_xml(part))


RUN = "<w:r><w:t>{}</w:t></w:r>"
CELL = "<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>"


@pytest.mark.parametrize(
    "content",
    [
        "<w:p><w:r><w:t>一</w:t><w:br/><w:t>二</w:t><w:tab/><w:t>三</w:t></w:r></w:p>",
        '<w:p><w:r><w:br w:type="page"/><w:t xml:space="preserve"> 四 </w:t><w:t/></w:r></w:p><w:p/>',
        "<w:p><w:r><w:t>&lt;&amp;&gt; &#38; &#x4E2D;&quot;&apos;\r\n换行</w:t></w:r></w:p>",
        CELL.format(
            '<w:tcPr><w:gridSpan w:val="3"/><w:vMerge/></w:tcPr>'
            f"<w:p>{RUN.format('甲')}</w:p><w:p/><w:p>{RUN.format('乙')}</w:p>"
        ),
        '<w:p><w:bookmarkStart w:id="1" w:name="F_name"/><w:sdt><w:sdtPr><w:tag w:val="name"/></w:sdtPr><w:sdtContent>'
        + RUN.format("丙")
        + '</w:sdtContent></w:sdt><w:bookmarkEnd w:id="1"/></w:p>',
        '<w:p><w:sdt><w:sdtPr><w:tag w:val="name"/><w:showingPlcHdr/></w:sdtPr><w:sdtContent>'
        + RUN.format("单击此处")
        + "</w:sdtContent></w:sdt></w:p>",
        CELL.format(
            '<w:p><w:sdt><w:sdtPr><w:tag w:val="reviewtag_1"/></w:sdtPr><w:sdtContent><w:sdt><w:sdtPr>'
            f'<w:tag w:val="name"/></w:sdtPr><w:sdtContent>{RUN.format("丁")}</w:sdtContent></w:sdt></w:sdtContent>'
            "</w:sdt></w:p>"
        ),
        (
            '<w:p><w:pPr><w:tabs><w:tab w:val="right" w:pos="9"/></w:tabs></w:pPr>'
            f"<w:hyperlink>{RUN.format('链接')}</w:hyperlink></w:p>"
        ),
        f"<w:p><w:r><w:lastRenderedPageBreak/><w:t>下页</w:t></w:r></w:p>{CELL.format('<w:p/>')}<w:p>{RUN.format('后')}</w:p><w:sectPr/>",
    ],
)
def test_both_ways_agree_on_small_things(content):
    assert scan(document(content)) == flatten(parse_xml(document(content)))


@pytest.mark.parametrize(
    "content",
    [
        '<w:p><w:del w:id="1"><w:r><w:delText>旧</w:delText></w:r></w:del></w:p>',
        f'<w:p><w:ins w:id="1">{RUN.format("新")}</w:ins></w:p>',
        f'<w:p><w:moveFrom w:id="1">{RUN.format("移")}</w:moveFrom></w:p>',
        CELL.format(CELL.format("<w:p/>") + "<w:p/>"),
        "<w:tbl><w:tr><w:sdt><w:sdtContent><w:tc><w:p/></w:tc></w:sdtContent></w:sdt></w:tr></w:tbl>",
        "<w:tbl><w:sdt><w:sdtContent><w:tr><w:tc><w:p/></w:tc></w:tr></w:sdtContent></w:sdt></w:tbl>",
        '<w:tbl><w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr><w:tc><w:p/></w:tc></w:tr></w:tbl>',
        '<w:p><w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r></w:p>',
        "<w:p><w:r><w:pict/></w:r></w:p>",
        f"<w:p>{RUN.format('<![CDATA[字]]>')}</w:p>",
        f"<w:p><!-- 注 -->{RUN.format('字')}</w:p>",
        "<w:p><w:sdt><w:sdtPr><w:tag w:val='name'/></w:sdtPr><w:sdtContent/></w:sdt></w:p>",
        f"<w:p>{RUN.format(chr(0xFDD0))}</w:p>",
    ],
)
def test_what_is_out_of_the_ordinary_is_left_to_the_tree(content):
    assert scan(document(content)) is None


def test_another_prefix_is_left_to_the_tree():
    part = document("<w:p/>").replace(b"w:", b"ns0:").replace(b"xmlnsns0:", b"xmlns:ns0")
    assert scan(part) is None


def test_another_encoding_is_left_to_the_tree():
    assert scan(b'<?xml version="1.0" encoding="UTF-16"?>' + document("<w:p/>").decode().encode("utf-16")) is None


def test_signs_in_a_text_are_taken_out_by_both():
    part = document(f"<w:p>{RUN.format('前&#xFDD0;后')}</w:p>")
    assert scan(part) == flatten(parse_xml(part))
    assert "前后" in "".join(flatten(etree.fromstring(part)))
