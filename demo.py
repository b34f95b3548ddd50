"""The whole job once, without a browser: blank, filled, faulty, marked, corrected, bound, verified; then a province.

Everything is written below one folder, from the records of one invented station, and at last of forty.
"""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click
from PIL import Image, ImageDraw

from invented import Station, province
from services import desk
from services.bundle.packet import Bound, Job, Options, Source, bind, bind_to
from services.bundle.verifier import page
from services.bundle.verify import verify
from services.catalogue import concrete, declared
from services.check import Context
from services.findings import SEVERITY_LABELS, Finding, as_dict, must_fix
from services.form import Form
from services.record import Record, build, entries_of, to_json
from services.sample import sample
from services.settings import Settings
from services.survey import spotcheck
from services.survey.commend import commended
from services.survey.line import Line, Origin, reduce
from services.survey.lists import rectification, red_black, register, revoked
from services.survey.register import as_csv, as_page
from services.survey.stations import survey_of
from services.survey.tables import summaries
from services.survey.terms import Terms
from services.survey.workbook import workbook


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
    holds = _province(at) and holds
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


# ---- a province -------------------------------------------------------------------------------------

STATIONS = 40
NAME = "陕西省劳动和社会保障厅"
CLOSING = date(2006, 10, 16)
"""The day on which the invented province hands in its packet."""

_FATES = {"returned": "退回修改", "late": "未按时报送"}


def _province(at: _Desk) -> bool:
    """Bind a province's packet and the ministry's; return whether both hold."""
    click.echo(f"五、一个省:{STATIONS} 个所(站)")
    stations = tuple(province(STATIONS))
    sources = tuple(_received(at, stations))
    roster = Source(name="应查名单.json", data=_roster(stations))
    at.keep("5-一个省/应查名单.json", roster.data)
    target = at.folder / "5-一个省/报送材料.pdf"
    bound = _bound(
        at, "region", sources, target, Options(roster=roster, number="陕劳社函〔2006〕15号", signed_on=CLOSING)
    )
    _survey(at, sources)
    lower = (Source(name=target.name, path=target),) if bound.manifest else ()
    national = _bound(at, "ministry", lower, at.folder / "6-部里/汇总材料.pdf", Options(signed_on=CLOSING))
    return all(_holds(made, path) for made, path in ((bound, target), (national, at.folder / "6-部里/汇总材料.pdf")))


def _received(at: _Desk, stations: Sequence[Station]) -> Iterator[Source]:
    """Yield the forms that reached the province in time and without faults; say what became of the others."""
    for station in stations:
        if station.fate in _FATES:
            click.echo(f"    {station.code}:{_FATES[station.fate]}")
        for form_id, record in station.records.items():
            data = json.dumps(record, ensure_ascii=False).encode()
            if station.fate == "returned":
                examined = desk.examine(data, f"{station.code}.json", Context(today=CLOSING), at.settings)
                at.keep(f"5-一个省/退回/{station.code}-问题清单.json", _findings(must_fix(examined.findings)))
            elif station.fate != "late":
                yield Source(name=f"{station.code}-{form_id}.json", data=data)


def _roster(stations: Sequence[Station]) -> bytes:
    listed = [{"机构编码": one.code, "名称": one.name} for one in stations]
    return json.dumps(listed, ensure_ascii=False, indent=1).encode()


def _bound(at: _Desk, recipe: str, sources: Sequence[Source], target: Path, options: Options) -> Bound:
    job = Job(recipe=recipe, sources=sources, context=Context(today=CLOSING), settings=at.settings, options=options)
    bound = bind_to(job, target, target.with_suffix(".zip"))
    for finding in bound.findings:
        click.echo(f"    [{SEVERITY_LABELS[finding.severity]}] {finding.place}:{finding.message[:120]}")
    if bound.manifest:
        click.echo(f"  {target}  {bound.manifest['page_count']} 页,{target.stat().st_size:,} 字节")
    return bound


def _survey(at: _Desk, sources: Sequence[Source]) -> None:
    """Write the summaries and every list that the ministry publishes, as workbooks, and the register as a page."""
    survey = survey_of(_lines(sources))
    terms = Terms(today=CLOSING)
    at.keep("5-一个省/汇总表1-6.xlsx", workbook(summaries(survey), NAME))
    tables = {
        "抽查名单": spotcheck.tables(spotcheck.spot_check(survey, "10%", "338")),
        "表彰名单": commended(survey, terms),
        "红黑榜": red_black(survey),
        "限期整改名单": rectification(survey),
        "撤销名单": revoked(survey),
        "公开名录": register(survey),
    }
    for name, made in tables.items():
        at.keep(f"6-部里/{name}.xlsx", workbook(made, made[0].title))
    at.keep("6-部里/公开名录.csv", as_csv(tables["公开名录"][0]))
    at.keep("6-部里/公开名录.html", as_page(tables["公开名录"][0]))
    at.keep("6-部里/核验.html", page())


def _lines(sources: Sequence[Source]) -> Iterator[Line]:
    for source in sources:
        form, record, _ = desk.open_record(source.read())
        yield reduce(form, record, Origin(name=source.name))


def _holds(bound: Bound, target: Path) -> bool:
    if not bound.manifest:
        return False
    verified = verify(target)
    faults = [line.text for line in verified.lines if not line.holds]
    click.echo(f"    {target.name}:核验 {len(verified.lines)} 项,{'全部一致' if not faults else ';'.join(faults)}")
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
