"""The refusals that several doors share, each with its cause and what to do next."""

from __future__ import annotations

from services.carriers.reading import UnreadableError


def not_office() -> UnreadableError:
    """Return the refusal of a file that is no office file."""
    return UnreadableError(
        "not-office",
        "这不是 Word(.docx)或 Excel(.xlsx)文件,读不出内容。请上传从本站下载并填写的表格。",
        "not a Word (.docx) or Excel (.xlsx) file",
    )


def encrypted() -> UnreadableError:
    """Return the refusal of a file that asks for a password."""
    return UnreadableError(
        "encrypted",
        "文件设有密码,打不开。请在 Word 或 Excel 的“保护文档”中去掉密码,保存后再上传。",
        "the file is protected with a password",
    )


def macro() -> UnreadableError:
    """Return the refusal of a file that holds macros."""
    return UnreadableError(
        "macro",
        "文件里带有宏,不能接收。请在 Word 或 Excel 中另存为不带宏的 .docx 或 .xlsx 后再上传。",
        "the file holds macros; save it as .docx or .xlsx without macros",
    )


def broken() -> UnreadableError:
    """Return the refusal of a file that is cut off or damaged."""
    return UnreadableError(
        "truncated",
        "文件不完整或已损坏,打不开。请在 Word 或 Excel 中打开原文件另存一次,再上传新存的文件。",
        "the file is truncated or damaged",
    )


def bomb(what: str, what_en: str) -> UnreadableError:
    """Return the refusal of a file that unpacks out of all proportion."""
    return UnreadableError(
        "bomb",
        f"文件{what},远超一份表格应有的大小,不能接收。请删去与表格无关的内容,或重新下载空表填写。",
        f"the file {what_en}, far beyond what a form needs",
    )
