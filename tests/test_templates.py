"""The Word templates: built of the declarations, and every way in which a hand may spoil one is said in Chinese."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from services.carriers.docx import fill, templates
from services.carriers.docx.build_labels import broken
from services.carriers.docx.build_template import build_template
from services.carriers.docx.compiled import MAIN_PART, TemplateError
from services.carriers.docx.context import context_of
from services.carriers.docx.fill import render
from services.carriers.docx.lint import lint
from services.catalogue import concrete
from services.identity import stamp
from services.record import build, empty

KEY = b"a key that only the tests use"
FORM = "worker-recommendation"
HAND_MADE: frozenset[str] = frozenset()
"""Templates edited by hand (doctemplates/SOURCES.md lists them): linted, but not what the declaration builds."""


def changed(template: bytes, name: str, change: Callable[[str], str]) -> bytes:
    """The template with one part changed; the change must change something."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(template)) as source, zipfile.ZipFile(out, "w") as target:
        for member in source.namelist():
            data = source.read(member).decode() if member == name else source.read(member)
            if isinstance(data, str):
                assert change(data) != data
                data = change(data)
            target.writestr(member, data)
    return out.getvalue()


def replaced(old: str, new: str, count: int = -1) -> Callable[[str], str]:
    return lambda xml: xml.replace(old, new, count)


BUILT = tuple(form for form in templates.issued_forms() if templates.template_path(form).name not in HAND_MADE)


@pytest.mark.parametrize("form", BUILT, ids=lambda form: templates.template_path(form).stem)
def test_a_template_is_what_its_declaration_builds(form):
    assert templates.template_of(form) == build_template(form), "run: census templates build"


def test_building_twice_gives_the_same_bytes():
    form = concrete("evaluation")
    assert build_template(form) == build_template(form)


def test_nothing_is_wrong_with_the_templates():
    assert templates.lint_all() == ()


def test_nothing_is_wrong_with_a_template_for_a_region():
    form = concrete("evaluation", "2006", "610000")
    assert lint(form, templates.template_of(form)) == ()


TR_ROW = "{%tr for row in career %}"
FAULTS = {
    "an answer lost its place": (
        MAIN_PART,
        replaced("{{ id_no }}", "身份证号"),
        "template.missing",
        "“身份证号”(id_no)在模板里没有位置",
    ),
    "a column lost its place": (
        MAIN_PART,
        replaced("{{ row.issuer }}", ""),
        "template.missing",
        "“奖惩情况 授予(决定)单位”(record.*.issuer)在模板里没有位置",
    ),
    "a tag names nothing": (
        MAIN_PART,
        replaced("{{ id_no }}", "{{ idno }}"),
        "template.unknown",
        "标记 idno 不是本表的栏目。是不是 id_no?",
    ),
    "full-width braces": (
        MAIN_PART,
        replaced("{{ id_no }}", "｛｛ id_no ｝｝"),
        "template.hand",
        "“｛｛ id_no ｝｝”用了全角的花括号,不会被填写。请改为半角 {{ }}",
    ),
    "a loop without its end": (
        MAIN_PART,
        replaced("{%tr endfor %}", "", 1),
        "template.syntax",
        "word/document.xml 里的标记不成对或写错:有 for 或 if 没有对应的 endfor 或 endif",
    ),
    "an end without its loop": (
        MAIN_PART,
        replaced(TR_ROW, "", 1),
        "template.syntax",
        "word/document.xml 里的标记不成对或写错:endfor、endif 多出一个,或前面的 for、if 不见了",
    ),
    "a row loop that is none": (
        MAIN_PART,
        replaced(TR_ROW, "{% for row in career %}"),
        "template.hand",
        "“{% for row in career %}”里 for、if 与 endfor、endif 不在同一段。跨行的循环请用 {%tr … %}",
    ),
    "text beside a row tag": (
        MAIN_PART,
        replaced(TR_ROW, f"{TR_ROW} 每人一行"),
        "template.hand",
        f"“{TR_ROW} 每人一行”旁边的文字会在填写时丢失。{{%tr … %}} 要独占一行,{{%p … %}} 要独占一段",
    ),
    "a box lost its option": (
        MAIN_PART,
        replaced("'√' if unit_nature == '学校'", "'√' if unit_nature == '院校'"),
        "template.option",
        "“单位性质”缺少选项“学校”的方框",
    ),
    "a control holds another answer": (
        MAIN_PART,
        lambda xml: (
            xml.replace("{{ phone }}", "{{ x }}")
            .replace("{{ mobile }}", "{{ phone }}")
            .replace("{{ x }}", "{{ mobile }}")
        ),
        "template.control",
        "控件的标记(tag)是 phone,里面却是 {{ mobile }}",
    ),
    "tracked changes": (
        MAIN_PART,
        replaced("<w:p>", '<w:p><w:ins w:id="1" w:author="某"/>', 1),
        "template.tracked",
        "word/document.xml 里有修订痕迹。请在 Word 里接受全部修订",
    ),
    "rich text": (
        MAIN_PART,
        replaced("{{ id_no }}", "{{r id_no }}"),
        "template.hand",
        "“{{r id_no }}”不能用 {{r … }}、{{p … }}",
    ),
    "no escaping": (
        MAIN_PART,
        replaced("{{ id_no }}", "{{ id_no | safe }}"),
        "template.filter",
        "不能用 safe:填写的内容一律转义",
    ),
    "no token in the subject": (
        "docProps/core.xml",
        replaced("{{ token }}", "推荐表"),
        "template.identity",
        "主题(文件属性)里没有 {{ token }},填好的表认不出自己",
    ),
    "no number in the header": (
        "word/header-portrait.xml",
        replaced("{{ header }}", ""),
        "template.identity",
        "页眉 word/header-portrait.xml 里没有 {{ header }},填好的表认不出自己",
    ),
    "no custom property": (
        "docProps/custom.xml",
        replaced("FormEdition", "Edition"),
        "template.identity",
        "文件属性里没有 FormEdition,填好的表认不出自己",
    ),
    "no qr code": (
        MAIN_PART,
        replaced('name="identity-qr"', 'name="logo"'),
        "template.identity",
        "没有名为 identity-qr 的二维码图片",
    ),
    "something from outside": (
        "word/_rels/document.xml.rels",
        replaced(
            "</Relationships>", '<Relationship Id="r" Type="t/image" Target="x" TargetMode="External"/></Relationships>'
        ),
        "template.external",
        "word/_rels/document.xml.rels 引用了文件以外的内容。请改为嵌入",
    ),
    "a tag where nothing is filled": (
        "word/settings.xml",
        replaced("<w:zoom", "<!-- {{ name }} --><w:zoom"),
        "template.unprinted",
        "word/settings.xml 里有标记,但这一部分不填写。请移到正文里",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_spoilt_template_is_told_in_chinese(name):
    part, change, code, message = FAULTS[name]
    form = concrete(FORM)
    findings = lint(form, changed(templates.template_of(form), part, change))
    assert code in {finding.code for finding in findings}
    assert any(finding.code == code and finding.message.startswith(message) for finding in findings), findings


def test_a_tag_that_word_split_over_runs_and_quotes_that_word_curled_are_understood():
    form = concrete(FORM)
    split = (
        '<w:t>{{ </w:t></w:r><w:proofErr w:type="spellStart"/><w:r><w:rPr><w:b/></w:rPr><w:t>id_no</w:t></w:r>'
        '<w:proofErr w:type="spellEnd"/><w:r><w:t> }}</w:t></w:r>'
    )
    edited = changed(
        templates.template_of(form),
        MAIN_PART,
        lambda xml: xml.replace('<w:t xml:space="preserve">{{ id_no }}</w:t></w:r>', split).replace(
            "unit_nature == '学校'", "unit_nature == ‘学校’"
        ),
    )
    record = build(form, {"id_no": "110105194912310021", "unit_nature": "学校"})
    identity = stamp(form, record, KEY)
    assert lint(form, edited) == ()
    docx = render(form, edited, context_of(form, record, identity), identity).data
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        xml = archive.read(MAIN_PART).decode()
    assert "110105194912310021" in xml
    assert re.search(r'w14:checked w14:val="1"(?:(?!</w:sdt>).)*√(?:(?!</w:sdt>).)*</w:sdt><w:r><w:t[^>]*>学校', xml)


def test_a_fault_is_told_with_its_table_and_row():
    form = concrete(FORM)
    spoilt = changed(templates.template_of(form), MAIN_PART, replaced("{{ email }}", "{{ mail }}"))
    (unknown,) = (finding for finding in lint(form, spoilt) if finding.code == "template.unknown")
    assert unknown.place == "Word 模板 第2个表格第12行"


def test_filling_a_spoilt_template_lists_all_its_faults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    form = concrete(FORM)
    spoilt = changed(
        templates.template_of(form),
        MAIN_PART,
        lambda xml: xml.replace("{{ email }}", "{{ mail }}").replace("{{ id_no }}", ""),
    )
    monkeypatch.setattr(templates, "FOLDER", tmp_path)
    (tmp_path / "worker-recommendation.2006.docx").write_bytes(spoilt)
    with pytest.raises(TemplateError) as caught:
        fill(form, empty(form), stamp(form, empty(form), KEY))
    said = str(caught.value)
    assert "标记 mail 不是本表的栏目" in said
    assert "“身份证号”(id_no)在模板里没有位置" in said
    assert "“电子邮箱”(email)在模板里没有位置" in said


def test_a_missing_template_is_told_with_the_command_that_makes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    form = concrete(FORM)
    monkeypatch.setattr(templates, "FOLDER", tmp_path)
    with pytest.raises(TemplateError, match="census templates build"):
        fill(form, empty(form), stamp(form, empty(form), KEY))


@pytest.mark.parametrize("data", [b"", b"not a zip", b"PK\x05\x06" + bytes(18)], ids=["empty", "text", "empty zip"])
def test_what_is_no_docx_is_refused(data: bytes):
    with pytest.raises(TemplateError, match="census templates build"):
        lint(concrete(FORM), data)


def test_building_all_writes_every_form_in_every_edition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(templates, "FOLDER", tmp_path / "doctemplates")
    written = templates.build_all()
    assert [path.name for path in written] == [
        "evaluation.2006.docx",
        "evaluation.today.docx",
        "station-recommendation.2006.docx",
        "station-recommendation.today.docx",
        "worker-recommendation.2006.docx",
        "worker-recommendation.today.docx",
    ]
    assert all(path.read_bytes().startswith(b"PK") for path in written)


@pytest.mark.parametrize(
    ("label", "width_mm", "lines"),
    [
        ("姓名", 22, "姓名"),
        ("工作单位(全称)", 22, "工作单位\n(全称)"),
        ("职称/技能等级", 22, "职称/\n技能等级"),
        ("所在地行政区划代码", 26, "所在地行政\n区划代码"),
        ("依托单位意见", 22, "依托单位\n意见"),
    ],
)
def test_a_label_is_broken_between_words(label, width_mm, lines):
    assert broken(label, width_mm, 10.5) == lines
