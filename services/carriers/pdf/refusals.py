"""The refusals of PDF files: what was expected, what was found, what to do next."""

from __future__ import annotations

from collections.abc import Sequence

from services.carriers.reading import UnreadableError

_NEXT = "请上传下载的原文件,或填好的 Word、Excel 表"
_MOST_NAMED = 8
_NEXT_EN = "please upload the file as downloaded, or the completed Word or Excel form"


def foreign() -> UnreadableError:
    """Return the refusal of a PDF that is none of our forms."""
    return UnreadableError(
        "pdf-foreign",
        "这个 PDF 不是从本系统下载的表格:应有“编号 ZP…”和表格的栏目,没有找到。PDF 只收本系统的表;"
        f"{_NEXT},其他材料请作为附件上传",
        f"not one of our forms: neither their number nor their labels were found; {_NEXT_EN}",
    )


def scanned(pages: int) -> UnreadableError:
    """Return the refusal of a PDF of pictures: a scan is never the source of answers (D04)."""
    return UnreadableError(
        "pdf-scan",
        f"这个 PDF 是扫描件或图片(共 {pages} 页,没有可读的文字)。扫描件只作附件,不作填写的内容;{_NEXT}",
        f"a scan of {pages} pages without text: scans are attachments, never the source of answers; {_NEXT_EN}",
    )


def garbled() -> UnreadableError:
    """Return the refusal of a PDF whose letters cannot be told from its text."""
    return UnreadableError(
        "pdf-garbled",
        "这个 PDF 看上去正常,但里面的文字读出来是乱码(多半是用“打印成 PDF”的软件重新生成的):应读到表格的栏目名称,"
        f"读到的不是。{_NEXT};也可以在 Word、WPS 或浏览器里直接另存为 PDF",
        "its letters cannot be told from its text: the labels of the form were expected and not found;"
        f" {_NEXT_EN}, or save it as PDF directly from the editor",
    )


def cut_off(pages: Sequence[int]) -> UnreadableError:
    """Return the refusal of a PDF whose tables are wider than its pages, counted from 1."""
    numbers = "、".join(map(str, pages[:_MOST_NAMED])) + ("等" if len(pages) > _MOST_NAMED else "")
    return UnreadableError(
        "pdf-cut-off",
        f"这个 PDF 第{numbers}页的表格比纸宽,右边的栏目被裁掉了(LibreOffice Draw 会把横页存成竖页):"
        f"应是横页,现在是竖页,缺的内容读不出来。{_NEXT}",
        f"the tables on pages {numbers} are wider than the paper, their right columns are cut off; {_NEXT_EN}",
    )


def locked() -> UnreadableError:
    """Return the refusal of a PDF that asks for a password."""
    return UnreadableError(
        "encrypted",
        f"这个 PDF 设有密码,打不开。请去掉密码另存一次再上传,或{_NEXT.removeprefix('请')}",
        f"the file is protected with a password; {_NEXT_EN}",
    )


def damaged() -> UnreadableError:
    """Return the refusal of a PDF that is cut off or damaged."""
    return UnreadableError(
        "truncated",
        f"这个 PDF 不完整或已损坏,打不开。{_NEXT}",
        f"the file is truncated or damaged; {_NEXT_EN}",
    )


def too_long(pages: int, most: int) -> UnreadableError:
    """Return the refusal of a PDF with more pages than any form has."""
    return UnreadableError(
        "too-large",
        f"这个 PDF 有 {pages} 页,一份表格最多 {most} 页。请只上传一份表格,附件另外上传",
        f"the file has {pages} pages, a form has {most} at most",
    )
