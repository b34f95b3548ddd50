"""How a packet's file is written: object by object, whole, readable by everyone, in a memory that does not grow."""

import io
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pypdfium2
import pytest

from services.bundle.assemble import append as append_chunks
from services.bundle.assemble import begun, take_over
from services.bundle.chunks import Chunk
from services.bundle.closing import Closing, Former, close
from services.bundle.copied import Copied
from services.bundle.embedding import embed
from services.bundle.former import opened
from services.bundle.marks import Mark
from services.bundle.output import Output
from services.bundle.packet import Job, Options
from services.bundle.source import Room
from services.bundle.supplement import append
from services.bundle.verify import verify
from services.check import Context
from services.settings import load_settings
from tests.region_packet import region_packet
from tests.test_region_packet import exempt

ROOT = Path(__file__).parent.parent
FACES = ("Helvetica", "Times-Roman", "Courier", "Helvetica-Bold", "Times-Bold", "Courier-Bold")
COVER = (Mark(title="封面", page=1),)
MEASURED = """
import sys
from pathlib import Path
from tests.test_packet_written import added_to, book_of

def peak():
    told = Path("/proc/self/status").read_text()
    return int(told.split("VmHWM:")[1].split()[0]) * 1024

folder = Path(sys.argv[1])
for made in (book_of, lambda folder, copies: added_to(folder / f"{copies}.pdf", folder)):
    made(folder, 4)
    small = peak()
    made(folder, 16)
    print((peak() - small) // (12 * 150))
"""


def font(name):
    return pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name(f"/{name}"))


def chunk(path, pages=150):
    """Write a PDF whose pages say which they are, with a font and a link to page 1 of the packet."""
    with pikepdf.new() as made:
        fonts = {f"/F{number}": made.make_indirect(font(name)) for number, name in enumerate(FACES, 1)}
        for number in range(1, pages + 1):
            made.add_blank_page(page_size=(595, 842))
            page = made.pages[-1].obj
            page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(fonts))
            text = f"BT /F1 24 Tf 50 700 Td (leaf {number} of {path.stem}) Tj ET " + f"{number} 0 m 9 9 l S " * 20
            page.Contents = made.make_stream(text.encode())
            link = pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Link,
                Rect=[50, 50, 90, 90],
                A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI="page:1"),
            )
            page.Annots = pikepdf.Array([made.make_indirect(link)])
        made.docinfo["/Author"] = "census"
        made.save(path, deterministic_id=True)
    return path


def book_of(folder, copies, files=1, marks=COVER):
    """Write a packet of the same chunk so many times; return where it stands."""
    path, target = folder / "chunk.pdf", folder / f"{copies}.pdf"
    if not path.exists():
        chunk(path)
        chunk(folder / "cover.pdf", 1)
        (folder / "held").write_bytes(b"held")
    chunks = [Chunk(path=path, first_page=1 + 150 * number, count=150, pages={}, parts={}) for number in range(copies)]
    with target.open("wb") as file:
        book = begun(file, 150 * copies)
        append_chunks(book, chunks, ())
        held = [(f"原件/{number}.json", folder / "held") for number in range(files)]
        numbers = embed(book.out, held, Room(folder=folder))
        close(book, Closing(cover=folder / "cover.pdf", conformance="3B", marks=marks, files=numbers))
    return target


def added_to(former, folder):
    """Write the packet `former` once more, with bookmarks and a file added; return where it stands."""
    with opened(former) as pdf:
        pages = int(pdf.Root.Pages.Count)
    target = folder / "later.pdf"
    with target.open("wb") as file:
        book = begun(file, pages, pages + 1)
        source = take_over(book, former)
        numbers = embed(book.out, [("原件/late.json", folder / "held")], Room(folder=folder))
        ending = Closing(
            cover=folder / "cover.pdf",
            conformance="3B",
            marks=(Mark(title="补充件", page=pages),),
            files=numbers,
        )
        close(book, ending, Former(path=former, source=source, supplements=(pages + 1,)))
    return target


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """A packet of 1,500 pages with 120 files."""
    marks = (
        Mark(title="封面", page=1),
        Mark(title="各所", page=2, under=tuple(Mark(title=f"第{n}所", page=n * 10) for n in range(1, 150))),
    )
    return book_of(tmp_path_factory.mktemp("large"), 10, 120, marks)


def test_memory_grows_neither_with_the_pages_nor_with_those_of_a_former_packet(tmp_path):
    run = [sys.executable, "-c", MEASURED, str(tmp_path)]
    told = subprocess.run(run, capture_output=True, check=True, text=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT)})
    # 25,000 bytes a page when every page was held; what is left is how a process keeps the memory that it freed.
    assert max(int(line) for line in told.stdout.split()) < 4000


def test_qpdf_finds_no_fault_in_what_was_written(large):
    told = subprocess.run(["qpdf", "--check", large], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr) == (0, "")


def test_pages_are_in_order_for_every_reader(large):
    wanted = {1: "leaf 1 of cover", 2: "leaf 2 of chunk", 1351: "leaf 1 of chunk", 1500: "leaf 150 of chunk"}
    reader, document = pypdf.PdfReader(large, strict=True), pypdfium2.PdfDocument(large)
    assert len(reader.pages) == len(document) == 1500
    for number, text in wanted.items():
        assert reader.pages[number - 1].extract_text().strip() == text
        assert document[number - 1].get_textpage().get_text_range().strip() == text


def test_pages_hang_on_a_tree_that_is_flat_nowhere(large):
    with pikepdf.open(large) as made:
        waiting, pages = [made.Root.Pages], 0
        while waiting:
            node = waiting.pop()
            if "/Kids" in node:
                assert 1 <= len(node.Kids) <= 50
                assert all(kid.Parent.objgen == node.objgen for kid in node.Kids)
                waiting.extend(node.Kids)
            else:
                pages += 1
    assert pages == 1500


def test_links_and_bookmarks_lead_to_pages_wherever_they_stand(large):
    with pikepdf.open(large) as made:
        first = made.pages[0].obj.objgen
        assert all(made.pages[number].Annots[0].Dest[0].objgen == first for number in (1, 999, 1499))
        assert "/A" not in made.pages[1499].Annots[0]
    reader = pypdf.PdfReader(large)
    outline: Any = reader.outline
    cover, titled, under = outline
    assert (cover.title, titled.title, len(under)) == ("封面", "各所", 149)
    assert [reader.get_destination_page_number(one) for one in under] == [n * 10 - 1 for n in range(1, 150)]


def test_every_embedded_file_is_found_by_its_name(large):
    with pikepdf.open(large) as made:
        names = list(made.attachments)
        assert names == sorted(f"原件/{number}.json" for number in range(120))
        assert all(made.attachments[name].get_file().read_bytes() == b"held" for name in names)
        assert [one.objgen for one in made.Root.AF] == [made.attachments[name].obj.objgen for name in names]


def test_a_font_that_chunks_share_stands_once(large):
    with pikepdf.open(large) as made:
        fonts = {page.Resources.Font.F1.objgen for page in made.pages[1:]}
    assert len(fonts) == 1


def test_a_packet_that_is_added_to_keeps_its_pages_bookmarks_and_files(large):
    later = added_to(large, large.parent)
    told = subprocess.run(["qpdf", "--check", later], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr) == (0, "")
    reader = pypdf.PdfReader(later, strict=True)
    assert [reader.pages[number].extract_text().strip() for number in (1, 749, 1499)] == [
        "leaf 2 of chunk",
        "leaf 150 of chunk",
        "leaf 150 of chunk",
    ]
    outline: Any = reader.outline
    cover, titled, under, added = outline
    assert (cover.title, titled.title, len(under), added.title) == ("封面", "各所", 149, "补充件")
    assert reader.get_destination_page_number(under[-1]) == 1489
    with pikepdf.open(later) as made:
        assert len(made.attachments) == 121
        assert {made.attachments[name].get_file().read_bytes() for name in made.attachments} == {b"held"}


def test_the_same_book_gives_the_same_bytes_in_every_process(tmp_path):
    write = (
        "import sys; from pathlib import Path; from tests.test_packet_written import *; book_of(Path(sys.argv[1]), 2)"
    )
    for seed in ("1", "2"):
        (tmp_path / seed).mkdir()
        environment = {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", write, str(tmp_path / seed)], check=True, cwd=ROOT, env=environment)
    assert (tmp_path / "1" / "2.pdf").read_bytes() == (tmp_path / "2" / "2.pdf").read_bytes()


def test_what_looks_like_a_reference_inside_a_text_or_a_name_stays():
    said = pikepdf.Dictionary(
        {"/Text": pikepdf.String("(3 0 R) \\ 4 0 R )("), "/Bytes": pikepdf.String(b"\xfe\x00\x01 5 0 R"), "/N 6 0 R": 7}
    )
    with pikepdf.new() as source:
        source.Root.Kept = source.make_indirect(pikepdf.Array([source.make_indirect(said), True, None, -1.5]))
        file = io.BytesIO()
        out = Output(file)
        copied = Copied(out)
        info, pages = out.reserve(), out.reserve()
        out.put(info, b"<< >>")
        out.put(pages, b"<< /Type /Pages /Count 0 /Kids [ ] >>")
        source.Root.Pages = copied.pointer(pages)
        root = copied.put(source.Root)
        copied.copy(source)
        out.end(root, info)
    with pikepdf.open(file) as made:
        assert made.check_pdf_syntax() == []
        assert made.Root.Kept[0] == said
        assert list(made.Root.Kept)[1:] == [True, None, pikepdf.Object.parse(b"-1.5")]


def test_a_reference_to_what_cannot_be_there_leads_nowhere():
    with pikepdf.new() as source:
        source.add_blank_page()
        source.Root.Kept = pikepdf.String("x" * 40)
        plain = io.BytesIO()
        source.save(plain, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    wild = b"[ 1999999999 0 R 77 0 R ]".ljust(42)
    spoilt = io.BytesIO(plain.getvalue().replace(b"(" + b"x" * 40 + b")", wild))
    with pikepdf.open(spoilt) as source:
        file = io.BytesIO()
        out = Output(file)
        copied, pages = Copied(out), out.reserve()
        out.put(pages, b"<< /Type /Pages /Count 0 /Kids [ ] >>")
        source.Root.Pages = copied.pointer(pages)
        root = copied.put(source.Root)
        copied.copy(source)
        out.end(root, root)
    assert file.getvalue().count(b" 0 obj") < 10
    with pikepdf.open(file) as made:
        assert list(made.Root.Kept) == [None, None]


def test_an_object_that_was_promised_and_not_written_is_told():
    out = Output(io.BytesIO())
    out.reserve()
    with pytest.raises(ValueError, match="promised"):
        out.end(1, 1)


# ---- a real packet, and a supplement to one that another program saved ----------------------------------------


@pytest.fixture(scope="module")
def region():
    return region_packet().pdf


def texts(data):
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data)]


def letters(text):
    """Return the letters of a page; each reader has its own order of lines."""
    return sorted("".join(text.split()))


def test_readers_agree_on_a_packet_and_none_complains(region, tmp_path):
    (tmp_path / "packet.pdf").write_bytes(region)
    told = subprocess.run(["qpdf", "--check", tmp_path / "packet.pdf"], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr) == (0, "")
    told = subprocess.run(["pdftotext", tmp_path / "packet.pdf", "-"], capture_output=True, text=True, check=True)
    assert told.stderr == ""
    seen = [letters(text) for text in texts(region)]
    assert [letters(text) for text in told.stdout.split("\f")[:-1]] == seen
    assert len(pypdf.PdfReader(io.BytesIO(region), strict=True).pages) == len(seen)


def titles(packet):
    return [str(one.title) for one in pypdf.PdfReader(packet).outline if not isinstance(one, list)]


def test_late_pieces_follow_a_packet_that_another_program_saved(region, tmp_path):
    former, later = tmp_path / "former.pdf", tmp_path / "later.pdf"
    with pikepdf.open(io.BytesIO(region)) as packet:
        packet.save(former, linearize=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    options = Options(signed_on=date(2006, 10, 16))
    context = Context(today=date(2006, 10, 16))
    job = Job(recipe="region", sources=[exempt(2)], context=context, settings=load_settings(), options=options)
    made = append(job, former, later)
    told = subprocess.run(["qpdf", "--check", later], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr) == (0, "")
    assert verify(later).holds
    before, after = texts(region), texts(later)
    assert after[1 : len(before)] == before[1:]
    assert len(after) == made.manifest["page_count"] > len(before)
    assert titles(later) == [*titles(io.BytesIO(region)), "补充件(1)"]
    with pikepdf.open(later) as packet, pikepdf.open(io.BytesIO(region)) as old:
        assert set(packet.attachments) > set(old.attachments)
        sizes = [len(packet.attachments[name].get_file().read_bytes()) for name in packet.attachments]
    assert all(sizes)
