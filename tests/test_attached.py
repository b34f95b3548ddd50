"""Attachments as strangers send them: what is seen is bound, what acts is left behind, what is odd is named."""

import io
import json
import re
import subprocess
import time
import zlib

import pikepdf
import pypdfium2
import pytest
from PIL import Image
from pypdf import PdfReader

from services.bundle import attached, converted
from services.bundle.attached import attach, kind_of
from services.bundle.attachments import page_sizes, plain_pages
from services.bundle.packet import Source, bind
from services.carriers.reading import UnreadableError
from services.check import Context
from services.paper import office
from services.settings import load_settings
from tests import odd_pdfs
from tests.odd_pdfs import field, note, text_drawing, with_form, with_notes
from tests.packets import TALL, jpeg, pdf, record_source
from tests.test_office import letter, stand_in

FORBIDDEN = re.compile(
    rb"/(JavaScript|JS|Launch|OpenAction|AA|XFA|RichMedia\w*|SubmitForm|ImportData|EmbeddedFiles?|Filespec|EF|AF"
    rb"|URI|GoToR|GoToE|AcroForm|Annots|Ref|Alternates|Metadata|PieceInfo)\b"
)


def text_of(data):
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def picture(data, page=0):
    """The page as pdfium draws it, one pixel a point."""
    return pypdfium2.PdfDocument(data)[page].render(scale=1).to_pil().convert("RGB")


def images(data):
    """Width, colours and bits of every picture in a PDF."""
    with pikepdf.open(io.BytesIO(data)) as made:
        drawn = [obj for obj in made.objects if isinstance(obj, pikepdf.Stream) and obj.get("/Subtype") == "/Image"]
        return [(int(one.Width), str(one.ColorSpace), int(one.BitsPerComponent)) for one in drawn]


# ---- what is seen -----------------------------------------------------------------------------------


def test_answers_of_equal_fields_in_two_files_stay_each_in_its_own():
    first = plain_pages(with_form(lambda made: field(made, "name", "启明", DA="/F 12 Tf")))
    second = plain_pages(with_form(lambda made: field(made, "name", "金陵", DA="/F 12 Tf")))
    assert (text_of(first), text_of(second)) == ("启明", "金陵")


def test_an_answer_that_was_never_drawn_is_set():
    assert (
        text_of(plain_pages(with_form(lambda made: field(made, "name", "徐立新 13812345678")))) == "徐立新 13812345678"
    )


def test_a_drawing_that_is_out_of_date_is_set_again():
    data = with_form(lambda made: field(made, "n", "new", AP={"/N": text_drawing(made, "old")}), need=True)
    assert text_of(plain_pages(data)) == "new"


def test_a_drawing_that_is_up_to_date_is_kept():
    data = with_form(lambda made: field(made, "n", "kept", AP={"/N": text_drawing(made, "kept")}))
    assert text_of(plain_pages(data)) == "kept"


def test_a_list_shows_the_words_of_its_choice_and_a_secret_stays_one():
    options = pikepdf.Array([pikepdf.Array([pikepdf.String("1"), pikepdf.String("优秀")])])
    data = with_form(
        lambda made: field(made, "grade", "1", FT=pikepdf.Name.Ch, Opt=options),
        lambda made: field(made, "word", "abc", (50, 600, 350, 630), Ff=1 << 13),
    )
    assert text_of(plain_pages(data)).split() == ["优秀", "***"]


def test_a_tick_without_a_drawing_is_a_tick():
    data = with_form(lambda made: field(made, "t", "", FT=pikepdf.Name.Btn, V=pikepdf.Name.Yes, AS=pikepdf.Name.Yes))
    assert text_of(plain_pages(data)) == "√"


def test_a_long_answer_stays_inside_its_box():
    data = with_form(lambda made: field(made, "n", "质量" * 60, Ff=1 << 12))
    page = picture(plain_pages(data))
    above = page.crop((0, 0, 595, 842 - 732)).getcolors()
    assert above == [(595 * 110, (255, 255, 255))]


def test_a_stamp_and_a_text_box_are_drawn_and_a_hidden_one_is_not():
    data = with_notes(
        lambda made: note(made, "Stamp", AP=pikepdf.Dictionary(N=text_drawing(made, "STAMP"))),
        lambda made: note(made, "FreeText", (50, 200, 350, 260), Contents=pikepdf.String("同意上报")),
        lambda made: note(made, "Stamp", F=2, AP=pikepdf.Dictionary(N=text_drawing(made, "HIDDEN"))),
    )
    assert text_of(plain_pages(data)).split() == ["STAMP", "同意上报"]


def test_a_remark_that_cannot_be_printed_is_said():
    data = with_notes(lambda made: note(made, "Text", Contents=pikepdf.String("核对一下")))
    assert attach(data).notes == ("第 1 页的 1 处批注没有印出",)


def test_a_signed_file_is_told_and_its_signature_is_seen():
    taken = attach(odd_pdfs.signed())
    assert taken.signed
    assert text_of(taken.pages) == "Signed by PDY"
    assert not attach(pdf()).signed


def test_a_layer_that_is_off_stays_off():
    page = picture(plain_pages(odd_pdfs.layered()))
    assert page.getpixel((150, 842 - 150)) == (255, 0, 0)
    assert page.getpixel((350, 842 - 150)) == (255, 255, 255)


def test_what_lies_outside_the_visible_box_stays_outside():
    made = odd_pdfs.empty(b"1 0 0 rg 0 0 595 842 re f")
    made.pages[0].obj["/CropBox"] = pikepdf.Array([100, 100, 300, 500])
    made.pages[0].obj["/TrimBox"] = pikepdf.Array([120, 120, 130, 130])
    data = plain_pages(odd_pdfs.saved(made))
    assert picture(data).size == (200, 400)


# ---- what is left behind ------------------------------------------------------------------------------


def test_nothing_that_acts_or_hides_survives_by_the_eyes_of_another_program(tmp_path):
    (tmp_path / "plain.pdf").write_bytes(plain_pages(odd_pdfs.hostile()))
    options = ["--qdf", "--object-streams=disable", "--decode-level=all"]
    subprocess.run(["qpdf", *options, tmp_path / "plain.pdf", tmp_path / "open.pdf"], check=True)
    opened = (tmp_path / "open.pdf").read_bytes()
    assert FORBIDDEN.findall(opened.replace(b"/AA 1", b"")) in ([], [b"AA"])  # a drawing may be called AA
    for word in (b"app.alert", b"cmd.exe", b"example.invalid", b"MZ program", b"passwd", b"<xdp/>", b"<rdf/>"):
        assert word not in opened
    assert b"(STAMP) Tj" in opened
    assert b"(FIELD) Tj" in opened


def test_no_object_that_remains_is_an_action_a_file_or_an_annotation():
    with pikepdf.open(io.BytesIO(plain_pages(odd_pdfs.hostile()))) as made:
        kept = [obj for obj in made.objects if isinstance(obj, pikepdf.Dictionary | pikepdf.Stream)]
        kinds = {str(obj.get("/Type", "")) for obj in kept} | {str(obj.get("/S", "")) for obj in kept}
        assert kinds <= {"", "/Catalog", "/Pages", "/Page", "/XObject", "/Font", "/OCG", "/Transparency"}
        assert set(made.Root.keys()) <= {"/Type", "/Pages"}


def test_names_that_their_author_chose_are_no_orders():
    made = odd_pdfs.empty(b"/AA Do")
    inner = pikepdf.Stream(made, b"1 0 0 rg 0 0 50 50 re f")
    inner.Type, inner.Subtype, inner.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, pikepdf.Array([0, 0, 50, 50])
    made.pages[0].obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(AA=inner))
    assert picture(plain_pages(odd_pdfs.saved(made))).getpixel((25, 842 - 25)) == (255, 0, 0)


# ---- how fine, how coloured -------------------------------------------------------------------------------


def test_a_scan_finer_than_300_dpi_is_brought_down_and_goes_grey_without_colour():
    data = odd_pdfs.scan(odd_pdfs.noisy((3200, 4525)))
    (image,) = images(plain_pages(data))
    assert 2480 <= image[0] <= 2482
    assert image[1] == "/DeviceGray"


def test_a_red_seal_keeps_its_colour():
    data = odd_pdfs.scan(odd_pdfs.noisy((1200, 1700), seal=True))
    (image,) = images(plain_pages(data))
    assert image[:2] == (1200, "/DeviceRGB")


def test_a_small_drawing_of_a_fine_picture_counts_by_its_place():
    data = odd_pdfs.scan(odd_pdfs.noisy((1200, 1700), "L"), (144, 204))
    (image,) = images(plain_pages(data))
    assert 600 <= image[0] <= 601


def test_a_scan_of_several_pages_comes_page_by_page():
    data = odd_pdfs.frames((300, 400), (400, 300), (300, 400))
    assert page_sizes(plain_pages(data)) == (False, True, False)


def test_a_scan_of_one_bit_stays_one():
    (image,) = images(plain_pages(odd_pdfs.frames((1000, 1400), mode="1")))
    assert image[2] == 1


def test_a_photo_without_colour_becomes_grey_and_one_with_colour_does_not():
    for colour, space in (("#808080", "/DeviceGray"), ("#808020", "/DeviceRGB")):
        data = io.BytesIO()
        Image.new("RGB", (600, 800), colour).save(data, "PNG")
        assert images(plain_pages(data.getvalue()))[0][1] == space


@pytest.mark.parametrize("kind", ["BMP", "WEBP", "GIF", "TIFF", "AVIF", "JPEG2000"])
def test_pictures_of_other_kinds_are_taken(kind):
    data = io.BytesIO()
    Image.new("RGB", (64, 96), "#204080").save(data, kind)
    assert kind_of(data.getvalue()) == "picture"
    assert page_sizes(plain_pages(data.getvalue())) == (False,)


def test_what_one_can_see_through_stands_on_white():
    data = io.BytesIO()
    Image.new("RGBA", (64, 96), (0, 0, 0, 0)).save(data, "PNG")
    assert picture(plain_pages(data.getvalue())).getpixel((30, 40)) == (255, 255, 255)


# ---- what is refused, with what to do -----------------------------------------------------------------------


def heic():
    return b"\x00\x00\x00\x18ftypheic" + bytes(100)


def of_size(side):
    """A PNG that says it is so large; what it holds is nothing."""
    parts = (b"IHDR" + side.to_bytes(4, "big") * 2 + bytes([1, 0, 0, 0, 0]), b"IDAT" + zlib.compress(b""), b"IEND")
    chunks = ((len(part) - 4).to_bytes(4, "big") + part + zlib.crc32(part).to_bytes(4, "big") for part in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def shell(**root):
    made = odd_pdfs.empty()
    for key, value in root.items():
        made.Root[f"/{key}"] = value
    return odd_pdfs.saved(made)


def of_width(side):
    made = odd_pdfs.empty()
    made.pages[0].obj["/MediaBox"] = pikepdf.Array([0, 0, side, side])
    return odd_pdfs.saved(made)


def many_pages(count):
    """A PDF of so many pages, written out here: pikepdf takes seconds for it."""
    kids = " ".join(f"{number} 0 R" for number in range(3, 3 + count))
    head = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Count {count}/Kids[{kids}]>>"]
    data, places = b"%PDF-1.7\n", []
    body = (*head, *["<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>"] * count)
    for number, thing in enumerate(body, 1):
        places.append(len(data))
        data += f"{number} 0 obj{thing}endobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    tail = f"xref\n0 {len(body) + 1}\n0000000000 65535 f \n{table}trailer<</Size {len(body) + 1}/Root 1 0 R>>\n"
    return data + f"{tail}startxref\n{len(data)}\n%%EOF\n".encode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (heic(), "兼容性最佳"),
        (of_size(60_000), "像素超过"),
        (jpeg()[:300], "不完整"),
        (pdf(password="x"), "去掉密码"),
        (many_pages(10_000), "有 10000 页"),
        (of_width(1e9), "页面尺寸不正常"),
        (b"%PDF-1.7\n" + bytes(500), "已损坏"),
        (shell(NeedsRendering=True), "打印成 PDF"),
        (shell(Collection=pikepdf.Dictionary()), "逐份取出"),
        (b"plain words", "附件只收 PDF、图片"),
        (b"MZ\x90\x00" + bytes(300), "附件只收 PDF、图片"),
    ],
    ids=["heic", "pixels", "cut", "locked", "pages", "width", "damaged", "xfa", "portfolio", "words", "program"],
)
def test_what_cannot_be_bound_is_refused_with_what_to_do(data, said):
    with pytest.raises(UnreadableError, match=said):
        attach(data)


def test_a_file_that_only_another_engine_reads_is_read_by_it(monkeypatch):
    def refuses(data):
        raise pikepdf.PdfError("no")

    monkeypatch.setattr("services.bundle.foreign._as_it_is", refuses)
    assert page_sizes(plain_pages(pdf(TALL))) == (False,)
    monkeypatch.setattr("services.bundle.foreign._by_pypdf", refuses)
    assert page_sizes(plain_pages(pdf(TALL))) == (False,)


def test_a_file_with_a_broken_table_of_objects_is_mended():
    data = pdf(TALL, TALL)
    assert page_sizes(plain_pages(data.replace(b"startxref", b"startxxxx")[:-30])) == (False, False)


def test_a_locked_attachment_among_others_is_left_out_by_name_and_the_others_are_bound():
    sources = (record_source("evaluation"), Source(name="许可证.pdf", data=pdf(password="x")))
    bound = bind("station", sources, Context(), load_settings())
    assert [(one["name"], "去掉密码" in one["why"]) for one in bound.manifest["left_out"]] == [("许可证.pdf", True)]


# ---- office files -----------------------------------------------------------------------------------------------


def test_a_word_file_is_converted_once_for_its_content(tmp_path, monkeypatch):
    data = letter("自查报告 2006")
    first = attach(data, tmp_path)
    assert first.notes == ("由 LibreOffice 转换",)
    assert "自查报告 2006" in text_of(first.pages)
    monkeypatch.setattr(converted, "convert", None)
    assert attach(data, tmp_path).pages == first.pages


def test_a_file_that_hangs_libreoffice_does_so_once(tmp_path, monkeypatch):
    counted = tmp_path / "runs"
    stand_in(tmp_path, f"echo run >> {counted}; sleep 60", monkeypatch)
    monkeypatch.setattr(office, "TIME_S", 1)
    began, data = time.monotonic(), letter()
    for _ in range(2):
        with pytest.raises(UnreadableError, match=r"1 秒还没有转换完.*另存为 PDF"):
            attach(data, tmp_path / "kept")
    assert time.monotonic() - began < 20
    assert counted.read_text() == "run\n"


def test_without_libreoffice_the_command_that_installs_it_is_said(monkeypatch):
    monkeypatch.setattr("services.paper.office.shutil.which", lambda _: None)
    with pytest.raises(UnreadableError, match="apt-get install libreoffice-writer-nogui") as refused:
        attach(letter())
    assert "另存为 PDF" in refused.value.message


def test_a_workbook_that_prints_without_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(attached, "as_pdf", lambda *_: many_pages(201))
    with pytest.raises(UnreadableError, match=r"201 页.*打印区域"):
        attach(letter())


def test_the_kept_conversions_stay_within_their_room(tmp_path, monkeypatch):
    monkeypatch.setattr(converted, "convert", lambda data, *_: b"%PDF-" + data * 400)
    monkeypatch.setattr(converted, "MOST", 5_000)
    for number in range(8):
        converted.as_pdf(f"{number:03}".encode(), "docx", tmp_path)
    kept = sum(path.stat().st_size for path in tmp_path.glob("??/*"))
    assert 1_000 < kept <= 5_000


def test_an_office_file_with_a_password_or_macros_is_refused_before_libreoffice_sees_it():
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    for stream, said in (("EncryptedPackage", "密码"), ("_VBA_PROJECT", "宏")):
        with pytest.raises(UnreadableError, match=said):
            attach(ole + stream.encode("utf-16-le") + b"\x00\x00")


def test_the_answer_of_the_box_says_which_pages_lie():
    taken = attach(pdf(TALL, (842, 595)))
    assert taken.lying == (False, True)
    assert json.dumps(taken.notes) == "[]"
