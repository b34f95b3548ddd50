"""LibreOffice in its box: what it turns, what it must not reach, and how it fails."""

import io
import os
import socketserver
import stat
import subprocess
import time
import zipfile
from pathlib import Path
from threading import Thread

import pytest
from docx import Document
from pypdf import PdfReader

from services.paper import office
from services.paper.office import ConversionError, MissingToolError, convert

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000100000001080200000090775"
    "3de0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
)


def letter(text: str = "职业技能鉴定所(站)自查报告") -> bytes:
    document = Document()
    document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def with_linked_picture(target: str) -> bytes:
    """A document whose picture stands outside it."""
    document = Document()
    document.add_picture(io.BytesIO(PNG))
    out = io.BytesIO()
    document.save(out)
    linked = io.BytesIO()
    with zipfile.ZipFile(out) as archive, zipfile.ZipFile(linked, "w") as written:
        for name in archive.namelist():
            content = archive.read(name)
            if name == "word/document.xml":
                content = content.replace(b"r:embed=", b"r:link=")
            if name == "word/_rels/document.xml.rels":
                content = content.replace(
                    b'Target="media/image1.png"', f'Target="{target}" TargetMode="External"'.encode()
                )
            written.writestr(name, content)
    return linked.getvalue()


def stand_in(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a program of our own in LibreOffice's place, outside the box that would hide it."""
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(office, "_box", lambda _: ())


def test_a_word_file_becomes_a_pdf_with_its_text():
    pages = PdfReader(io.BytesIO(convert(letter(), "docx", "pdf"))).pages
    assert len(pages) == 1
    assert "自查报告" in pages[0].extract_text()


def test_an_old_word_file_becomes_a_new_one():
    old = convert(letter("二〇〇六年八月"), "docx", ".doc")
    assert old.startswith(b"\xd0\xcf\x11\xe0")
    new = Document(io.BytesIO(convert(old, ".doc", "docx")))
    assert [paragraph.text for paragraph in new.paragraphs] == ["二〇〇六年八月"]


def test_a_linked_picture_on_this_machine_does_not_get_into_the_output(tmp_path):
    (tmp_path / "secret.png").write_bytes(PNG)
    linked = with_linked_picture((tmp_path / "secret.png").as_uri())
    assert not PdfReader(io.BytesIO(convert(linked, "docx", "pdf"))).pages[0].images


def test_a_linked_picture_on_the_network_is_not_fetched():
    asked: list[str] = []

    class Listener(socketserver.BaseRequestHandler):
        def handle(self):
            asked.append(self.request.recv(1000).decode())

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Listener)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        convert(with_linked_picture(f"http://127.0.0.1:{server.server_address[1]}/x.png"), "docx", "pdf")
    finally:
        server.shutdown()
        server.server_close()
    assert asked == []


@pytest.mark.parametrize("suffix", ["doc", "docx", "xls", "odt"])
def test_rubbish_is_told_to_be_unreadable_although_libreoffice_returns_0(suffix):
    with pytest.raises(ConversionError, match="请在 Word 或 Excel 中打开原文件"):
        convert(b"rubbish" * 500, suffix, "pdf")


def test_a_page_of_html_called_doc_is_not_read_as_html():
    with pytest.raises(ConversionError):
        convert(b"<html><body><img src='http://127.0.0.1:9/x'>text</body></html>", "docx", "pdf")


def test_a_missing_libreoffice_names_the_command(monkeypatch):
    monkeypatch.setattr("services.paper.office.shutil.which", lambda _: None)
    with pytest.raises(MissingToolError, match="apt-get install libreoffice-writer-nogui libreoffice-calc-nogui"):
        convert(letter(), "docx", "pdf")


def test_an_unknown_kind_is_our_own_mistake():
    with pytest.raises(KeyError):
        convert(b"", "exe", "pdf")


def test_a_program_that_writes_nothing_and_returns_0_has_failed(tmp_path, monkeypatch):
    stand_in(tmp_path, "exit 0", monkeypatch)
    with pytest.raises(ConversionError):
        convert(letter(), "docx", "pdf")


def test_a_program_that_hangs_is_ended_with_all_it_started(tmp_path, monkeypatch):
    pids = tmp_path / "pids"
    stand_in(tmp_path, f"sleep 300 & echo $! > {pids}\necho $$ >> {pids}\nwait", monkeypatch)
    monkeypatch.setattr(office, "TIME_S", 1)
    began = time.monotonic()
    with pytest.raises(ConversionError, match="1 秒"):
        convert(letter(), "docx", "pdf")
    assert time.monotonic() - began < 10
    time.sleep(0.2)
    assert [pid for pid in pids.read_text().split() if _is_running(pid)] == []


def _is_running(pid: str) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_program_that_fills_the_disk_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(office, "OUTPUT", 1_000_000)
    script = 'while [ "$1" != "--outdir" ]; do shift; done; mkdir -p "$2"; head -c 5000000 /dev/zero > "$2/source.pdf"'
    stand_in(tmp_path, script, monkeypatch)
    with pytest.raises(ConversionError):
        convert(letter(), "docx", "pdf")


def test_a_program_that_fills_the_disk_with_many_files_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(office, "OUTPUT", 20_000_000)
    monkeypatch.setattr(office, "_LOOK_EVERY_S", 0.05)
    script = 'i=0; while true; do i=$((i+1)); head -c 8000000 /dev/zero > "part$i"; sleep 0.1; done'
    stand_in(tmp_path, script, monkeypatch)
    with pytest.raises(ConversionError, match="写出的内容过多"):
        convert(letter(), "docx", "pdf")


LOOK_AROUND = "cat {canary}; ls /root /home /var/tmp; (: > {canary}.written) 2>&1; cat /proc/net/dev; true"


def test_inside_the_box_there_is_no_network_and_no_file_but_the_job(tmp_path, monkeypatch):
    """Asked of the machine: what a program in LibreOffice's place could see and reach."""
    canary, job = tmp_path / "canary", tmp_path / "job"
    canary.write_text("another unit's form")
    job.mkdir()
    office._boxes.cache_clear()
    look = LOOK_AROUND.format(canary=canary)
    seen = subprocess.run([*office._box(job), "sh", "-c", look], capture_output=True, text=True, check=False)
    assert office._boxes() == "bwrap"
    assert "another unit's form" not in seen.stdout
    assert not (tmp_path / "canary.written").exists()
    devices = [line.split(":")[0].strip() for line in seen.stdout.splitlines() if ":" in line and "|" not in line]
    assert devices == ["lo"]


def test_without_bubblewrap_the_network_is_taken_away_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(office, "_boxes", lambda: "unshare -rn" if os.geteuid() else "unshare -n")
    command = [*office._box(tmp_path), "cat", "/proc/net/dev"]
    seen = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert [line.split(":")[0].strip() for line in seen.splitlines() if ":" in line] == ["lo"]


def test_nothing_is_left_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    convert(letter(), "docx", "pdf")
    assert list(tmp_path.iterdir()) == []
