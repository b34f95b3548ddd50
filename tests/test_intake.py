"""The door for completed forms: what comes in, what is refused and in which words."""

import io
import struct
import time
import zipfile
import zlib
from functools import lru_cache
from threading import Thread

import pytest
from PIL import Image

from services.carriers import box, docx, xlsx
from services.carriers.container import open_container
from services.carriers.intake import mark_upload, read_upload, unpack_zip
from services.carriers.reading import UnreadableError
from services.carriers.sniff import sniff
from services.catalogue import concrete
from services.findings import Severity
from services.identity import stamp
from services.paper.office import MissingToolError, convert
from services.record import empty, parse
from services.sample import sample
from tests import docx_edits as edits
from tests.docx_edits import W

SECRET = b"the key of this test"
NAME = "worker-recommendation"


@lru_cache(maxsize=4)
def form_file(name: str = NAME, carrier: str = "docx", edition: str = "2006", secret: bytes = SECRET) -> bytes:
    form = concrete(name, edition)
    record = sample(form, 1)
    return {"docx": docx, "xlsx": xlsx}[carrier].fill(form, record, stamp(form, record, secret)).data


def zip_of(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def refusal(data: bytes, **options) -> UnreadableError:
    with pytest.raises(UnreadableError) as caught:
        read_upload(data, "上传.docx", SECRET, **{"box": False, **options})
    assert caught.value.message.endswith("。")
    assert caught.value.message_en.isascii() or caught.value.code in {"not-converted", "unsafe-names"}
    return caught.value


# ---- what comes in -------------------------------------------------------------------------------


@pytest.mark.parametrize("carrier", ["docx", "xlsx"])
def test_a_completed_form_comes_in_whatever_it_is_called(carrier):
    intake = read_upload(form_file(carrier=carrier), "照片.png", SECRET)
    reading = intake.reading
    assert intake.form is concrete(NAME)
    assert reading.carrier == carrier
    assert parse(intake.form, reading.raw, reading.pictures, reading.places)[0] == sample(concrete(NAME), 1)
    assert reading.findings == ()


def test_the_box_changes_nothing():
    assert read_upload(form_file(), "", SECRET) == read_upload(form_file(), "", SECRET, box=False)


def test_marked_in_the_box_is_marked_the_same():
    intake = read_upload(form_file(), "", b"another key", box=False)
    marked = mark_upload(intake, intake.reading.findings)
    assert marked == mark_upload(intake, intake.reading.findings, box=False)
    assert "校核结果" in zipfile.ZipFile(io.BytesIO(marked)).read("word/document.xml").decode()


def test_many_threads_may_read_at_once():
    found: list[str] = []
    threads = [Thread(target=lambda: found.append(read_upload(form_file(), "", SECRET).form.id)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [NAME] * 6


def test_a_form_that_was_signed_elsewhere_is_asked_about():
    (finding,) = read_upload(form_file(secret=b"elsewhere"), "", SECRET, box=False).reading.findings
    assert (finding.rule, finding.code, finding.severity) == ("D03", "identity.not-ours", Severity.CONFIRM)


def test_a_form_without_identity_is_known_by_its_labels_and_asked_about():
    def silence(root):
        for text in root.iter(f"{W}t"):
            text.text = ""

    data = edits.with_parts(form_file(), {"docProps/custom.xml": b"<x/>", "docProps/core.xml": b"<x/>"})
    for side in ("portrait", "landscape"):
        data = edits.edited(data, silence, f"word/header-{side}.xml")
    intake = read_upload(data, "", SECRET, box=False)
    assert intake.form is concrete(NAME)
    assert [(f.rule, f.code) for f in intake.reading.findings] == [("D01", "identity.missing")]


@pytest.mark.parametrize(
    ("carrier", "old", "called"),
    [("docx", "doc", "表.wps"), ("docx", "odt", "表.doc"), ("docx", "rtf", "表.doc"), ("xlsx", "xls", "表.et")],
)
def test_an_old_format_is_converted_and_said_to_be_whatever_it_is_called(carrier, old, called):
    name = "station-recommendation"
    intake = read_upload(convert(form_file(name, carrier), carrier, old), called, SECRET, box=False)
    reading = intake.reading
    assert parse(intake.form, reading.raw, reading.pictures, reading.places)[0] == sample(concrete(name), 1)
    assert [(f.rule, f.severity) for f in reading.findings] == [("D04", Severity.NOTE)]


def test_without_libreoffice_an_old_format_names_the_command(monkeypatch):
    monkeypatch.setattr("services.paper.office.shutil.which", lambda _: None)
    with pytest.raises(MissingToolError, match="apt-get install libreoffice-writer-nogui"):
        read_upload(b"{\\rtf1 }", "", SECRET, box=False)


# ---- what is refused -----------------------------------------------------------------------------


def test_an_empty_file_is_refused():
    assert refusal(b"").code == "empty"


def test_a_file_over_the_limit_is_refused():
    with pytest.raises(UnreadableError, match="最大 1 MB") as caught:
        sniff(b"PK\x03\x04" + b"0" * 3_000_000, 1024 * 1024)
    assert caught.value.code == "too-large"


@pytest.mark.parametrize(
    "data",
    [
        b"Dear Sir or Madam",
        b"<html><img src='http://127.0.0.1/x'></html>",
        b"<?xml version='1.0'?><office:document xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0'/>",
        b"\x7fELF\x02\x01\x01",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 4096,
    ],
    ids=["text", "html", "flat odt", "program", "other ole"],
)
def test_what_is_no_office_file_is_refused(data):
    assert refusal(data).code == "not-office"


def test_a_zip_of_something_else_is_refused():
    assert refusal(zip_of({"readme.txt": b"hello"})).code == "not-office"


def test_a_scan_is_told_to_be_an_attachment():
    out = io.BytesIO()
    Image.new("RGB", (10, 10)).save(out, "JPEG")
    assert refusal(out.getvalue()).code == "picture"


def test_an_encrypted_office_file_is_refused():
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "EncryptedPackage\0".encode("utf-16-le")
    error = refusal(data)
    assert error.code == "encrypted"
    assert "去掉密码" in error.message


def test_an_encrypted_zip_is_refused():
    data = bytearray(form_file())
    at = data.index(b"PK\x01\x02") + 8
    data[at] |= 1
    assert refusal(bytes(data)).code == "encrypted"


@pytest.mark.parametrize("carrier", ["docx", "xlsx"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_truncated_file_is_refused(carrier, share):
    data = form_file(carrier=carrier)
    assert refusal(data[: int(len(data) * share)]).code == "truncated"


def test_a_file_with_a_damaged_part_is_refused():
    data = bytearray(form_file())
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        info = archive.getinfo("word/document.xml")
    at = info.header_offset + 30 + len("word/document.xml") + info.compress_size // 2
    data[at : at + 40] = b"\xff" * 40
    assert refusal(bytes(data)).code == "truncated"


@pytest.mark.parametrize(
    ("part", "content"),
    [("word/vbaProject.bin", b"\xd0\xcf\x11\xe0"), ("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")],
)
def test_a_file_with_macros_is_refused(part, content):
    assert refusal(edits.with_parts(form_file(), {part: content})).code == "macro"


def test_a_file_that_only_calls_itself_macro_enabled_is_refused():
    with zipfile.ZipFile(io.BytesIO(form_file())) as archive:
        types = archive.read("[Content_Types].xml")
    main = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    renamed = types.replace(main, b"application/vnd.ms-word.document.macroEnabled.main+xml")
    assert refusal(edits.with_parts(form_file(), {"[Content_Types].xml": renamed})).code == "macro"


def test_an_old_word_file_with_macros_is_refused():
    data = convert(form_file(), "docx", "doc") + "_VBA_PROJECT\0".encode("utf-16-le")
    assert refusal(data).code == "macro"


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
    + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(2, 10))
    + "]><lolz>&l9;</lolz>"
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]><x>&secret;</x>'


@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml", "word/settings.xml", "docProps/core.xml"])
@pytest.mark.parametrize("text", [LAUGHS, OUTSIDE], ids=["laughs", "outside"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_doctype_in_any_part_is_refused(part, text, encoding):
    content = text.replace("?>", f' encoding="{encoding}"?>', 1).encode(encoding)
    assert refusal(edits.with_parts(form_file(), {part: content})).code == "doctype"


def test_a_bomb_is_refused_by_what_its_directory_declares():
    bomb = edits.with_parts(form_file(), {"word/document.xml": b" " * 70_000_000})
    began = time.monotonic()
    assert refusal(bomb).code == "bomb"
    assert time.monotonic() - began < 5


def test_a_part_that_unpacks_two_hundredfold_is_refused():
    assert refusal(edits.with_parts(form_file(), {"word/media/a.bin": b"\0" * 30_000_000})).code == "bomb"


def test_a_directory_that_lies_about_sizes_is_refused():
    content = zlib.compress(b"<a/>" * 5_000_000)[2:-4]
    name = b"[Content_Types].xml"
    local = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 8, 0, 33, 0, len(content), 100, len(name), 0)
    entry = struct.pack(
        "<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", 20, 20, 0, 8, 0, 33, 0, len(content), 100, len(name), 0, 0, 0, 0, 0, 0
    )
    offset = len(local) + len(name) + len(content)
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1, 1, len(entry) + len(name), offset, 0)
    assert refusal(local + name + content + entry + name + end).code == "truncated"


def test_too_many_entries_are_refused():
    assert refusal(zip_of({f"part{n}.bin": b"" for n in range(2_001)})).code == "bomb"


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/evil.xml", "word\\..\\evil.xml", "C:evil.xml"])
def test_a_part_that_climbs_out_is_refused(name):
    assert refusal(edits.with_parts(form_file(), {name: b"x"})).code == "unsafe-names"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name_are_refused():
    out = io.BytesIO(form_file())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("word/document.xml", b"<other/>")
    assert refusal(out.getvalue()).code == "unsafe-names"


def test_a_link_among_the_parts_is_refused():
    out = io.BytesIO(form_file())
    link = zipfile.ZipInfo("word/link.xml")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    assert refusal(out.getvalue()).code == "unsafe-names"


@pytest.mark.parametrize("depth", [20, 3_000])
def test_tables_nested_without_end_are_refused(depth):
    tables = "<w:tbl><w:tr><w:tc>" * depth + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * depth
    document = f'<w:document xmlns:w="{W[1:-1]}"><w:body>{tables}</w:body></w:document>'
    assert refusal(edits.with_parts(form_file(), {"word/document.xml": document.encode()})).code == "nested"


def test_fifty_million_empty_paragraphs_do_not_hold_the_service():
    document = b'<w:document xmlns:w="' + W[1:-1].encode() + b'"><w:body>' + b"<w:p/>" * 10_000_000
    bomb = edits.with_parts(form_file(), {"word/document.xml": document + b"</w:body></w:document>"})
    assert refusal(bomb).code == "bomb"


@pytest.mark.parametrize(("depth", "code"), [(300, "truncated"), (20_000, "truncated"), (100_000, "bomb")])
def test_elements_nested_without_end_are_refused(depth, code):
    document = f'<w:document xmlns:w="{W[1:-1]}">' + "<w:x>" * depth + "</w:x>" * depth + "</w:document>"
    assert refusal(edits.with_parts(form_file(), {"word/document.xml": document.encode()})).code == code


def test_a_workbook_with_two_far_apart_cells_is_refused():
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        b"</sheetData></worksheet>"
    )
    error = refusal(edits.with_parts(form_file(carrier="xlsx"), {"xl/worksheets/sheet1.xml": sheet}))
    assert error.code == "far-cells"
    assert "1048576" in error.message


@pytest.mark.parametrize("missing", ["[Content_Types].xml", "word/document.xml", "_rels/.rels"])
def test_a_file_without_a_needed_part_is_refused(missing):
    with zipfile.ZipFile(io.BytesIO(form_file())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if name != missing}
    assert refusal(zip_of(parts)).code == "not-office"


def test_a_document_that_is_none_of_our_forms_is_refused_with_what_was_expected():
    body = f'<w:document xmlns:w="{W[1:-1]}"><w:body><w:p><w:r><w:t>会议纪要</w:t></w:r></w:p></w:body></w:document>'
    parts = {"word/document.xml": body.encode(), "docProps/custom.xml": b"<x/>", "docProps/core.xml": b"<x/>"}
    parts |= {f"word/header-{side}.xml": body.encode() for side in ("portrait", "landscape")}
    error = refusal(edits.with_parts(form_file(), parts))
    assert error.code == "unknown-form"
    assert "文件里写的是“会议纪要”等" in error.message
    assert "《评估表》" in error.message


def test_another_form_than_expected_is_refused():
    error = refusal(form_file(), expected="evaluation")
    assert error.code == "wrong-form"
    assert "《优秀工作者推荐表》" in error.message


def with_token(change) -> bytes:
    """The form with its token changed wherever it stands."""
    data = form_file()
    identity = docx.identify(data)
    assert identity is not None
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    new = change(identity.token).encode()
    return zip_of({name: part.replace(identity.token.encode(), new) for name, part in parts.items()})


@pytest.mark.parametrize(
    ("old", "new", "code"), [(":2006:", ":1999:", "unknown-edition"), (":2006::", ":2006:990000:", "unknown-region")]
)
def test_a_form_of_an_unknown_issue_is_read_as_far_as_it_goes_and_says_so(old, new, code):
    intake = read_upload(with_token(lambda token: token.replace(old, new)), "", SECRET, box=False)
    reading = intake.reading
    assert [f.code for f in reading.findings] == ["identity.not-ours", code]
    assert reading.findings[1].severity == Severity.MUST_FIX
    assert reading.findings[1].rule == "D03"
    assert parse(intake.form, reading.raw, reading.pictures, reading.places)[0] == sample(concrete(NAME), 1)


def test_a_changed_token_is_asked_about():
    def forge(token):
        return token[:-1] + ("A" if token[-1] != "A" else "B")

    (finding,) = read_upload(with_token(forge), "", SECRET, box=False).reading.findings
    assert finding.code == "identity.not-ours"


def test_a_picture_outside_the_file_is_noted_and_not_fetched():
    with zipfile.ZipFile(io.BytesIO(form_file())) as archive:
        relations = archive.read("word/_rels/document.xml.rels")
    link = (
        b'<Relationship Id="rIdX" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" '
        b'Target="http://127.0.0.1:9/x.png" TargetMode="External"/></Relationships>'
    )
    parts = {"word/_rels/document.xml.rels": relations.replace(b"</Relationships>", link)}
    (finding,) = read_upload(edits.with_parts(form_file(), parts), "", SECRET, box=False).reading.findings
    assert (finding.code, finding.severity) == ("remarks.external", Severity.NOTE)


def test_an_older_version_of_the_form_is_told():
    def age(root):
        for text in root.iter(f"{W}t"):
            text.text = text.text.replace("2006版 1.0", "2006版 0.9")

    data = edits.edited(form_file(), age, "word/header-portrait.xml")
    (finding,) = read_upload(data, "", SECRET, box=False).reading.findings
    assert (finding.rule, finding.severity, finding.got) == ("D03", Severity.MUST_FIX, "2006版 0.9")
    assert "请下载现在的空表" in finding.message


# ---- the box -------------------------------------------------------------------------------------


def test_what_a_child_cannot_survive_is_a_refusal_and_the_next_file_is_read():
    with pytest.raises(UnreadableError) as caught:
        box.run("os:abort", b"", {})
    assert caught.value.code == "unreadable"
    assert read_upload(form_file(), "", SECRET).form.id == NAME


def test_a_child_has_a_limit_on_memory():
    with pytest.raises(UnreadableError):
        box.run("services.carriers.sniff:sniff", b"x" * 1_100_000_000, {"limit": 1})


def test_our_own_faults_are_refusals_too_but_logged(caplog):
    with pytest.raises(UnreadableError):
        box.run("services.carriers.intake:no_such_function", b"", {})
    assert "no_such_function" in caplog.text


def test_a_damaged_file_never_ends_in_another_exception():
    data = form_file()
    for step in range(60):
        broken = bytearray(data)
        for at in range(step * 7, len(broken), 997):
            broken[at] ^= 0x55
        try:
            read_upload(bytes(broken), "", SECRET, box=False)
        except UnreadableError:
            continue


# ---- several files in a zip ----------------------------------------------------------------------


def test_the_files_of_a_zip_come_out_with_their_chinese_names():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("上报/评估表.docx", b"one")
        archive.writestr("__MACOSX/._评估表.docx", b"leftover")
        archive.writestr("上报/~$评估表.docx", b"lock")
    assert unpack_zip(out.getvalue()) == (("评估表.docx", b"one"),)


def test_names_in_gbk_are_read():
    name = "推荐表.xlsx".encode("gbk")
    data = zip_of({"x" * len(name): b"two"}).replace(b"x" * len(name), name)
    assert unpack_zip(data) == (("推荐表.xlsx", b"two"),)


def test_one_damaged_file_leaves_the_others():
    data = bytearray(zip_of({"a.docx": form_file(), "b.docx": form_file()}, zipfile.ZIP_STORED))
    data[len(data) // 4] ^= 0xFF
    files = dict(unpack_zip(bytes(data)))
    assert files["b.docx"] == form_file()
    assert refusal(files["a.docx"]).code == "truncated"


def test_an_empty_zip_is_refused():
    with pytest.raises(UnreadableError) as caught:
        unpack_zip(zip_of({}))
    assert caught.value.code == "empty"


def test_a_blank_form_is_no_fault():
    form = concrete(NAME)
    blank = docx.fill(form, empty(form), stamp(form, empty(form), SECRET)).data
    assert read_upload(blank, "", SECRET).reading.findings == ()
    assert open_container(blank).external == ()
