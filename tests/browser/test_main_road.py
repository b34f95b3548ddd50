"""The main road in a real browser: blank form, faulty upload, findings, marked copy, corrected upload, packet."""

from pathlib import Path

import docx
import pikepdf
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from services import desk
from services.catalogue import concrete
from services.record import build, entries_of
from services.sample import sample
from services.settings import load_settings

FORM = concrete("evaluation")
REASON = "证明材料由上级统一保管,已另册报送。"
ADDRESSES = ("/", "/upload", "/submissions", "/packets", "/packets/verify", "/help", "/rules", "/forms/evaluation")


def completed(folder: Path, name: str, **changed) -> Path:
    """The sample evaluation form with some answers changed, as a Word file."""
    record = build(FORM, entries_of(FORM, sample(FORM)) | changed)
    path = folder / name
    path.write_bytes(desk.issue(FORM, record, "docx", load_settings()).data)
    return path


def downloaded(page: Page, link: str, folder: Path) -> Path:
    """The file behind a link, saved under the name that the service gives it."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name=link).first.click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def walk_the_road(page: Page, service: str, folder: Path) -> None:
    """Do the clerk's whole job."""
    page.goto(service)
    blank = downloaded(page, "Word 评估表空表", folder)
    assert blank.name == "附件1-评估表_2006版1.0_空表.docx"
    assert docx.Document(str(blank)).tables

    page.get_by_label("选择填好的文件").set_input_files(completed(folder, "评估表.docx", licence_no=None))
    page.get_by_role("button", name="上传并核对").click()
    expect(page.get_by_role("heading", name="有 1 处需要修改")).to_be_visible()
    expect(page.locator("table.findings")).to_contain_text("“许可证编号”没有填写")

    marked = downloaded(page, "下载标注稿", folder)
    assert "标注稿" in marked.name
    assert any("许可证编号" in comment.text for comment in docx.Document(str(marked)).comments)

    page.get_by_label("改好的文件").set_input_files(completed(folder, "评估表-改.docx"))
    page.get_by_role("button", name="上传修改后的文件").click()
    expect(page.get_by_role("heading", name="核对通过")).to_be_visible()
    expect(page.get_by_role("heading", name="与第 1 版的不同(1 处)")).to_be_visible()

    bind_what_is_clean(page, folder)


def bind_what_is_clean(page: Page, folder: Path) -> None:
    """From the clean form's page to the packet on the clerk's disk."""
    page.get_by_role("link", name="生成上报材料", exact=True).click()
    attach(page, folder)
    page.get_by_role("button", name="生成上报材料", exact=True).last.click()
    expect(page.get_by_role("heading", name="还没有装订")).to_be_visible()
    page.get_by_label("证明材料不足的有").fill(REASON)
    page.get_by_role("button", name="说明写好了,生成上报材料").click()
    expect(page.get_by_role("heading", name="已装订,校验一致")).to_be_visible()
    packet = downloaded(page, "下载上报材料(PDF)", folder)
    with pikepdf.open(packet) as bound:
        assert len(bound.pages) > 10
        assert REASON.encode() in bound.attachments["manifest.json"].get_file().read_bytes()
    assert downloaded(page, "下载压缩包", folder).read_bytes().startswith(b"PK")


def attach(page: Page, folder: Path) -> None:
    """Add the licence's copy; the form ticked before stays ticked."""
    picture = folder / "许可证.png"
    Image.new("RGB", (600, 800), "white").save(picture)
    expect(page.get_by_role("checkbox").first).to_be_checked()
    page.get_by_label("是什么材料").select_option(value="licence")
    page.get_by_label("文件", exact=True).set_input_files(picture)
    page.get_by_role("button", name="添加附件").click()
    expect(page.get_by_role("checkbox", name="装订附件 许可证.png")).to_be_checked()
    expect(page.get_by_role("checkbox").first).to_be_checked()


def test_a_clerk_goes_the_whole_road(page: Page, service: str, tmp_path: Path):
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    walk_the_road(page, service, tmp_path)
    # The page that asks to look again before binding is answered with 422, which a browser notes.
    assert [text for text in said if "status of 422" not in text] == []


def test_the_whole_road_works_without_javascript(browser: Browser, service: str, tmp_path: Path):
    context = browser.new_context(locale="zh-CN", java_script_enabled=False, accept_downloads=True)
    walk_the_road(context.new_page(), service, tmp_path)
    context.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_is_wider_than_the_screen_or_asks_another_machine(page: Page, service: str, width: int):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_viewport_size({"width": width, "height": 900})
    for address in ADDRESSES:
        page.goto(service + address)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert (address, wider) == (address, 0)
    assert [url for url in asked if not url.startswith(service)] == []


def test_a_form_is_begun_and_sent_back_to_its_faults_by_keyboard(page: Page, service: str):
    page.goto(f"{service}/forms/worker-recommendation")
    page.get_by_role("button", name="开始填写").click()
    page.get_by_role("link", name="一、个人情况").click()
    page.get_by_label("姓名").fill("张示例")
    page.get_by_label("身份证号").fill("110105194912310021")
    page.get_by_label("身份证号").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("已保存")
    expect(page.get_by_role("alert")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("身份证号")).to_be_focused()
    assert page.get_by_label("身份证号").get_attribute("aria-invalid") == "true"
    assert page.get_by_label("姓名").input_value() == "张示例"


def test_too_much_is_refused_before_it_is_sent(page: Page, service: str, tmp_path: Path):
    big = tmp_path / "大.docx"
    with big.open("wb") as file:
        file.truncate(49 * 1024 * 1024)
    page.goto(f"{service}/upload")
    page.get_by_label("选择填好的文件").set_input_files([big, big])
    page.get_by_role("button", name="上传并核对").click()
    expect(page.get_by_role("alert")).to_contain_text("98.0 MB,一次不超过 60 MB")
    assert page.url == f"{service}/upload"
