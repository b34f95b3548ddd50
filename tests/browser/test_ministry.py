"""The ministry's packet from the page: provinces' packets in; packet, summaries, lists and public register out."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import openpyxl
import pikepdf
import pytest
from playwright.sync_api import Browser, Page, expect

from invented import province
from services.bundle.packet import Options, Source, bind
from services.check import Context
from services.settings import load_settings

TODAY = date(2006, 10, 16)


@pytest.fixture(scope="module")
def handed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two provinces' packets of two stations each, one as a zip and one as a PDF."""
    folder = tmp_path_factory.mktemp("provinces")
    for number, (prefix, name) in enumerate((("26", "陕西省"), ("10", "浙江省"))):
        sources = [
            Source(name=f"{station.code}-{form}.json", data=json.dumps(record).encode())
            for station in tuple(province(4, prefix, name))[number * 2 : number * 2 + 2]
            for form, record in station.records.items()
        ]
        bound = bind("region", sources, Context(today=TODAY), load_settings(), Options(signed_on=TODAY))
        (folder / f"{prefix}.zip").write_bytes(bound.archive)
        (folder / f"{prefix}.pdf").write_bytes(bound.pdf)
    return folder / "26.zip", folder / "10.pdf"


def downloaded(page: Page, link: str, folder: Path) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=link).first.click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def bind_the_nation(page: Page, service: str, handed: tuple[Path, Path], folder: Path) -> None:
    """Do the ministry's job: hand in two packets, say what is wanted, look at what is to be confirmed, bind."""
    page.goto(f"{service}/packets")
    page.get_by_role("link", name="部:汇总材料").click()
    expect(page.get_by_text("一次上传的文件总共不超过 240 MB")).to_be_visible()
    page.get_by_label("下级报来的上报材料").set_input_files(handed)
    page.get_by_role("button", name="添加下级材料").click()
    expect(page.get_by_role("checkbox", name="收入 陕西省劳动和社会保障厅_26.zip")).to_be_checked()
    expect(page.get_by_role("checkbox", name="收入 浙江省劳动和社会保障厅_10.pdf")).to_be_checked()
    page.get_by_label("成文日期").fill("2006-11-20")
    page.get_by_label("推荐名额").select_option("farm-machinery")
    page.get_by_label("抽查数量").fill("2")
    page.get_by_label("抽查种子").fill("二〇〇六年十一月")
    page.get_by_role("button", name="生成上报材料", exact=True).last.click()
    expect(page.get_by_role("heading", name="还没有装订")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="核对过了,生成上报材料").click()
    expect(page.get_by_role("heading", name="已装订,校验一致")).to_be_visible(timeout=60_000)
    look_at_what_came(page, folder)


def look_at_what_came(page: Page, folder: Path) -> None:
    for title in ("质量普查抽查名单", "优秀职业技能鉴定所(站)名单", "限期整改鉴定所(站)名单", "撤销鉴定所(站)名单"):
        expect(page.get_by_role("cell", name=title, exact=True)).to_be_visible()
    with pikepdf.open(downloaded(page, "下载上报材料(PDF)", folder)) as bound:
        assert len(bound.pages) > 20
    assert openpyxl.load_workbook(downloaded(page, "汇总表1-6.xlsx", folder)).sheetnames
    lists = openpyxl.load_workbook(downloaded(page, "名单.xlsx", folder))
    assert {"抽查名单", "优秀所(站)", "名额", "限期整改", "撤销", "公开名录"} <= set(lists.sheetnames)
    assert any("二〇〇六年十一月" in str(cell.value) for row in lists["抽查名单"].iter_rows(max_row=3) for cell in row)
    register = downloaded(page, "公开名册.csv", folder).read_bytes()
    assert register.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(register.decode("utf-8-sig"))))
    assert [row["机构编码"] for row in rows] == ["10022003", "10022004", "26012001", "26012002"]
    assert "<table" in downloaded(page, "公开名册.html", folder).read_text(encoding="utf-8")


def test_the_ministry_binds_what_provinces_handed_in(page: Page, service: str, handed, tmp_path: Path):
    bind_the_nation(page, service, handed, tmp_path)


def test_the_ministrys_packet_needs_no_script(browser: Browser, service: str, handed, tmp_path: Path):
    context = browser.new_context(locale="zh-CN", java_script_enabled=False, accept_downloads=True)
    bind_the_nation(context.new_page(), service, handed, tmp_path)
    context.close()


def test_packets_too_large_are_refused_before_they_are_sent(page: Page, service: str, tmp_path: Path):
    big = tmp_path / "大.zip"
    with big.open("wb") as file:
        file.truncate(241 * 1024 * 1024)
    page.goto(f"{service}/packets?recipe=ministry")
    page.get_by_label("下级报来的上报材料").set_input_files(big)
    page.get_by_role("button", name="添加下级材料").click()
    expect(page.get_by_role("alert")).to_contain_text("241.0 MB,一次不超过 240 MB")
    assert page.url == f"{service}/packets?recipe=ministry"
