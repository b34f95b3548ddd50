"""A packet is watched by the byte, by the piece and by the figure; the same is said by the command and the page."""

import io
import json
import zipfile
from pathlib import Path

import pikepdf
import pytest

from services.bundle import seal
from services.bundle.manifest import root
from services.bundle.pagedigest import Pages
from services.bundle.verifier import VERIFIER, page
from services.bundle.verify import verify, verify_here
from services.carriers.reading import UnreadableError
from tests.packets import changed, embedded
from tests.region_packet import region_packet

TAMPERED = ("whole", "saved again", "a byte", "a page", "a swap", "appended", "a figure", "an update", "a record")


@pytest.fixture(scope="module")
def packet():
    return region_packet()


def broken(data):
    return [text for holds, text in verify_here(data)["lines"] if not holds]


def entry_of(packet, key):
    return next(entry for entry in packet.manifest["entries"] if entry["key"] == key)


def flipped(data, at):
    return data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :]


def with_figure(pdf):
    body = json.loads(pdf.attachments["manifest.json"].get_file().read_bytes())
    body["figures"]["figures"]["grades"]["优秀"] += 1
    body["root_sha256"] = root(body)
    pdf.attachments["manifest.json"] = embedded(pdf, json.dumps(body, ensure_ascii=False).encode())


def with_record(pdf):
    name = next(name for name in pdf.attachments if name.startswith("记录/"))
    data = pdf.attachments[name].get_file().read_bytes().replace(b'"review": 2', b'"review": 1', 1)
    pdf.attachments[name] = embedded(pdf, data)


def moved_back(pdf, index):
    pdf.pages.append(pdf.pages[index])
    del pdf.pages[index]


def updated(data):
    """The packet with a new version of an object behind its end, as programs do that save quickly."""
    number = int(data[data.rindex(b"startxref") + 9 :].split()[0])
    body = b"\n9999 0 obj\n<< /Added true >>\nendobj\n"
    table = b"xref\n9999 1\n%010d 00000 n \ntrailer\n<< /Size 10000 /Prev %d >>\n" % (len(data) + 1, number)
    return data + body + table + b"startxref\n%d\n%%%%EOF\n" % (len(data) + len(body))


def tampered(packet, how):
    """The packet after something was done to it."""
    data, first = packet.pdf, entry_of(packet, "evaluation")["first_page"]
    by_bytes = {
        "whole": lambda: data,
        "a byte": lambda: flipped(data, len(data) // 2),
        "appended": lambda: data + b"\n% more",
        "an update": lambda: updated(data),
    }
    by_saving = {
        "saved again": lambda _: None,
        "a figure": with_figure,
        "a record": with_record,
        "a page": lambda pdf: pdf.pages.__delitem__(first),
        "a swap": lambda pdf: moved_back(pdf, first),
    }
    return by_bytes[how]() if how in by_bytes else changed(data, by_saving[how])


# ---- the seal -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0, 0.01, 0.3, 0.5, 0.7, 0.9, 0.999, 1])
def test_a_changed_byte_anywhere_is_found(packet, share):
    for data in (packet.pdf, packet.archive):
        try:
            said = broken(flipped(data, round(share * (len(data) - 1))))
        except UnreadableError:
            assert share == 0  # what does not begin like a packet is none
        else:
            assert said


def test_a_changed_byte_in_a_piece_names_the_piece(packet):
    with pikepdf.open(io.BytesIO(packet.pdf)) as pdf:
        entry = entry_of(packet, "evaluation")
        raw = pdf.pages[entry["first_page"] + 3].Contents.read_raw_bytes()
    said = broken(flipped(packet.pdf, packet.pdf.index(raw) + len(raw) // 2))
    assert said[0] == "PDF 封记不符:装订以后有字节被改动"
    assert any(f"第 {entry['number']} 件" in line and "评估表" in line for line in said)


def test_a_change_outside_all_pieces_is_said_to_be_there(packet):
    word = packet.pdf.rindex(b"%census-seal ") + 3
    assert broken(flipped(packet.pdf, word)) == ["PDF 封记不符:装订以后有字节被改动(不在任何一件的页面和文件里)"]


@pytest.mark.parametrize("how", ["appended", "an update"])
def test_what_was_added_behind_the_end_is_found(packet, how):
    assert "PDF 文件末尾在装订以后多出了内容" in broken(tampered(packet, how))


def test_a_zip_with_something_behind_its_end_is_found(packet):
    assert "压缩包文件末尾在装订以后多出了内容" in broken(packet.archive + b"more")


def test_a_seal_says_whole_for_what_was_sealed_and_is_the_same_each_time():
    data = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n"
    assert seal.judged(io.BytesIO(seal.sealed(data))) == "whole"
    assert seal.sealed(data) == seal.sealed(data)
    with pytest.raises(ValueError, match="not the end"):
        seal.sealed(b"%PDF-1.7 cut")


# ---- pages, files, figures --------------------------------------------------------------------------------


def test_a_removed_page_names_its_piece_and_not_those_that_only_moved_up(packet):
    said = broken(tampered(packet, "a page"))
    entry = entry_of(packet, "evaluation")
    assert f"共 {packet.manifest['page_count'] - 1} 页,清单为 {packet.manifest['page_count']} 页" in said
    assert [line for line in said if line.startswith("第 ")] == [
        line for line in said if line.startswith(f"第 {entry['number']} 件")
    ]


def test_an_edited_figure_is_named_with_what_the_records_say(packet):
    said = broken(tampered(packet, "a figure"))
    assert any("grades" in line and "优秀" in line and "重算为" in line for line in said)
    assert any("封面上的总校验值" in line for line in said)


def test_an_edited_record_is_named_and_shows_in_the_figures(packet):
    said = broken(tampered(packet, "a record"))
    assert any("记录/" in line and "内容已改动" in line for line in said)


def test_saving_again_by_another_program_is_said_and_harmless(packet):
    told = verify_here(tampered(packet, "saved again"))["lines"]
    assert [True, "PDF 没有封记:这份材料被别的程序另存过,只按内容核对"] in [list(line) for line in told]
    assert all(holds for holds, _ in told)


def test_a_large_packet_is_verified_from_its_file(packet, tmp_path):
    (tmp_path / "packet.pdf").write_bytes(packet.pdf)
    assert verify(tmp_path / "packet.pdf").holds


def test_digests_do_not_depend_on_how_the_file_is_stored(packet):
    with pikepdf.open(io.BytesIO(packet.pdf)) as pdf:
        here = [Pages(pdf).page(number) for number in range(5)]
        out = io.BytesIO()
        pdf.save(out, linearize=True, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.generalized)
    with pikepdf.open(out) as again:
        assert [Pages(again).page(number) for number in range(5)] == here


# ---- the page that needs no network -------------------------------------------------------------------------


def test_the_page_is_one_file_that_asks_for_nothing():
    text = page().decode()
    assert not [word for word in ("src=", "href=", "http:", "https:", "fetch(", "import(") if word in text]


def test_a_zip_carries_the_page_and_a_changed_one_is_found(packet):
    with zipfile.ZipFile(io.BytesIO(packet.archive)) as archive:
        assert archive.read(VERIFIER) == page()
        files = {name: archive.read(name) for name in archive.namelist()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in (files | {VERIFIER: page() + b" "}).items():
            archive.writestr(name, data)
    assert any(VERIFIER in line for line in broken(out.getvalue()))


@pytest.fixture(scope="module")
def told(packet, browser, tmp_path_factory):
    """What the page says of the packet after each thing that was done to it: faults by the page, by the command."""
    folder = tmp_path_factory.mktemp("verify")
    (folder / VERIFIER).write_bytes(page())
    shown = browser.new_page()
    shown.goto((folder / VERIFIER).as_uri())
    found = {}
    for how in TAMPERED:
        data = tampered(packet, how)
        found[how] = faults_on(shown, folder, data), broken(data)
    (folder / "packet.zip").write_bytes(packet.archive)
    found["zip"] = faults_on(shown, folder, packet.archive), broken(packet.archive)
    shown.close()
    return found


def faults_on(shown, folder: Path, data):
    (folder / "packet.bin").write_bytes(data)
    shown.set_input_files("#file", folder / "packet.bin")
    shown.wait_for_function("document.getElementById('status').textContent === '核对完毕。'", timeout=120_000)
    faults = shown.locator("section").first.locator(":scope > ol li.fails").all_inner_texts()
    refused = shown.locator("section").first.locator(".verdict.fails strong").all_inner_texts()
    shown.evaluate("document.getElementById('status').textContent = ''")
    return [fault.removeprefix("✗ ") for fault in faults] or refused


@pytest.mark.parametrize("how", ["whole", "saved again", "zip"])
def test_the_page_finds_nothing_in_a_packet_that_holds(told, how):
    assert told[how] == ([], [])


@pytest.mark.parametrize("how", ["a page", "a swap", "appended", "an update"])
def test_the_page_says_of_pages_what_the_command_says(told, how):
    page_says, command_says = told[how]
    assert page_says
    assert [line for line in command_says if not line.startswith("封面")] == page_says


def test_the_page_names_what_a_changed_byte_hit(told):
    page_says, command_says = told["a byte"]
    assert page_says[0] == command_says[0].partition("(")[0] == "PDF 封记不符:装订以后有字节被改动"


def test_the_page_counts_the_figures_again(told):
    assert any("grades · 优秀" in line and "重算为" in line for line in told["a figure"][0])


def test_the_page_names_an_edited_record(told):
    assert any("记录/" in line and "内容已改动" in line for line in told["a record"][0])
