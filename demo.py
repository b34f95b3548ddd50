"""The whole job once, without a browser: blank, filled, faulty, marked, corrected, bound, verified.

Everything is written below one folder, from the records of one invented station.
"""

from __future__ import annotations

import io
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import click
from PIL import Image, ImageDraw

from services import desk
from services.bundle.packet import Source, bind
from services.bundle.verify import verify
from services.catalogue import concrete, declared
from services.check import Context
from services.findings import SEVERITY_LABELS, Finding, as_dict, must_fix
from services.form import Form
from services.record import Record, build, entries_of, to_json
from services.sample import sample
from services.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """Where the demonstration writes, and with which settings."""

    folder: Path
    settings: Settings

    def keep(self, name: str, data: bytes) -> Path:
        """Write a file below the folder and say so."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        click.echo(f"  {path}  {len(data):,} 字节")
        return path


def run(folder: Path, settings: Settings) -> int:
    """Do the whole job once below `folder` (emptied first); return 0 when every step came out as it should."""
    shutil.rmtree(folder, ignore_errors=True)
    at = _Desk(folder=folder, settings=settings)
    _blanks(at)
    _filled(at)
    faults = _faulty(at)
    holds = _packet(at)
    click.echo(f"完成:有误的表查出 {faults} 处问题,上报材料校验{'一致' if holds else '不一致'}。")
    return 0 if faults and holds else 1


def _blanks(at: _Desk) -> None:
    click.echo("一、空白表")
    for form in declared():
        for carrier in desk.CARRIERS:
            made = desk.blank(concrete(form.id), carrier, at.settings)
            at.keep(f"1-空白表/{form.code}-{form.short_title}.{carrier}", made.data)


def _filled(at: _Desk) -> None:
    click.echo("二、填好的表")
    for form in (concrete(declaration.id) for declaration in declared()):
        record = sample(form)
        at.keep(f"2-填好的表/{form.code}-{form.short_title}.json", _json(form, record))
        for carrier in desk.CARRIERS:
            made = desk.issue(form, record, carrier, at.settings)
            at.keep(f"2-填好的表/{form.code}-{form.short_title}.{carrier}", made.data)


def _json(form: Form, record: Record) -> bytes:
    return json.dumps(to_json(form, record), ensure_ascii=False, indent=2).encode()


def _faulty(at: _Desk) -> int:
    """Issue a form with faults that clerks really make, read it back, list and mark them."""
    click.echo("三、有误的表、问题清单和标注稿")
    form = concrete("evaluation")
    wrong = {
        "agency_code": "1001100",
        "postcode": None,
        "office_area": None,
        "licence_until": None,
        "items.A01.self": None,
        "a_self": None,
        "examiners.0.id_no": "11010519491231002Y",
    }
    record = build(form, entries_of(form, sample(form)) | wrong)
    total = 0
    for carrier in ("docx", "xlsx"):
        data = desk.issue(form, record, carrier, at.settings).data
        at.keep(f"3-有误的表/评估表.{carrier}", data)
        examined = desk.examine(data, f"评估表.{carrier}", Context(), at.settings)
        at.keep(f"3-有误的表/评估表-问题清单-{carrier}.json", _findings(examined.findings))
        at.keep(f"3-有误的表/评估表-标注稿.{carrier}", desk.mark(examined))
        total = max(total, len(must_fix(examined.findings)))
    for finding in examined.findings:
        click.echo(f"    [{SEVERITY_LABELS[finding.severity]}] {finding.place}:{finding.message}")
    return total


def _findings(findings: tuple[Finding, ...]) -> bytes:
    return json.dumps([as_dict(finding) for finding in findings], ensure_ascii=False, indent=2).encode()


def _packet(at: _Desk) -> bool:
    click.echo("四、上报材料")
    made = at.folder / "2-填好的表"
    forms = tuple(Source(name=path.name, data=path.read_bytes()) for path in sorted(made.glob("*.docx")))
    attachments = (
        Source(name="自查报告.jpg", data=_picture("自查报告"), kind="self_report"),
        Source(name="许可证正本.jpg", data=_picture("许可证正本"), kind="licence"),
        Source(name="B01 办公场所.jpg", data=_picture("办公场所"), kind="B01"),
    )
    bound = bind("station", (*forms, *attachments), Context(), at.settings)
    for finding in bound.findings:
        click.echo(f"    [{SEVERITY_LABELS[finding.severity]}] {finding.place}:{finding.message}")
    if not bound.pdf:
        return False
    at.keep("4-上报材料/上报材料.pdf", bound.pdf)
    archive = at.keep("4-上报材料/上报材料.zip", bound.archive)
    verified = verify(archive.read_bytes())
    for line in verified.lines:
        click.echo(f"    {'✓' if line.holds else '✗'} {line.text}")
    return verified.holds


def _picture(title: str) -> bytes:
    """Return a drawn stand-in for a scanned page: a frame with lines, and no words that could be taken for real."""
    image = Image.new("L", (1240, 1754), 250)
    draw = ImageDraw.Draw(image)
    draw.rectangle((90, 90, 1150, 1664), outline=60, width=4)
    for number in range(24):
        draw.line((150, 260 + number * 55, 1090 - (number * 97 + len(title) * 31) % 400, 260 + number * 55), 120, 6)
    data = io.BytesIO()
    image.save(data, "JPEG", quality=80)
    return data.getvalue()
