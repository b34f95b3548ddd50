"""Why an attachment is refused, with what to do, and the limits that an attachment has."""

from __future__ import annotations

from services.carriers.reading import UnreadableError

PAGE_LIMIT = 500
SIDE_LIMIT_PT = 14_400
PIXEL_LIMIT = 50_000_000
A4_MM = (210, 297)
A4_PT = (595.28, 841.89)
DPI = 300


def refused(message: str, english: str) -> UnreadableError:
    """Return the refusal of an attachment."""
    return UnreadableError("attachment", message, english)


def damaged() -> UnreadableError:
    """Return the refusal of a PDF that no engine can read."""
    return refused("这份 PDF 已损坏,读不出页面。请重新扫描或另存后再上传", "the PDF is damaged")


def locked() -> UnreadableError:
    """Return the refusal of a PDF that asks for a password."""
    return refused("这份 PDF 加了密码,打不开。请去掉密码后再上传", "the PDF is protected by a password")


def wrong_count(count: int, what: str = "这份 PDF ", english: str = "the PDF") -> UnreadableError:
    """Return the refusal of an attachment without pages or with too many."""
    if not count:
        return refused(f"{what}没有页面,里面是空的。请重新扫描或另存后再上传", f"{english} has no pages")
    return refused(
        f"{what}有 {count} 页,一份附件最多 {PAGE_LIMIT} 页。请拆成几份后再上传", f"{english} has {count} pages"
    )
