"""Codes and numbers of documents: folded and upper-cased here, judged by the rules of their scheme."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from services.findings import Problem, Severity
from services.kinds.kind import NOTHING, JsonValue, Parsed, Value, wrong_json
from services.kinds.text import fold, removed_characters

Scheme = Literal[
    "agency",  # 机构编码, rule S02
    "area",  # 行政区划代码, rule S05
    "authority",  # 上报主管部门编码 (the first two digits of 机构编码), rule S04
    "card",  # 证卡号, rule T06
    "certificate",  # 证书编号, rule T12
    "document",  # 文号, rule N03
    "email",  # 电子邮箱, rule S11
    "licence",  # 许可证编号, rule L01
    "occupation",  # 职业编码, rule L06
    "org",  # 组织机构代码, rule S06
    "phone",  # 电话, rule S10
    "postcode",  # 邮政编码, rule S09
    "resident",  # 身份证号, rules I01-I03
    "uscc",  # 统一社会信用代码, rule S07
]
_FREE = frozenset({"licence", "card", "certificate", "document", "phone", "email"})
_UPPER = frozenset({"org", "uscc", "resident", "agency", "occupation"})
_DOCUMENT = re.compile(r"[\[【(〔「]\s*((?:19|20)\d{2})\s*[\]】)〕」]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A code of a `scheme`; at most `limit` characters."""

    scheme: Scheme
    limit: int = 40

    def parse(self, text: str) -> Parsed:
        """Return the code folded (N01) and, for a document number, with hexagonal brackets (N03)."""
        folded = fold(text)
        if not folded:
            return None, ()
        if folded in NOTHING:
            return ("无", ()) if self.scheme in ("document", "licence", "card", "certificate") else (None, ())
        value = self._cast(folded)
        return value, (*removed_characters(text), *self._too_long(value))

    def _too_long(self, value: str) -> tuple[Problem, ...]:
        """Return that a code of no fixed shape is longer than its place (rule D08)."""
        if self.scheme not in _FREE or len(value) <= self.limit:
            return ()
        long = Problem(
            rule="D08",
            code="code.long",
            severity=Severity.CONFIRM,
            phrase=f"最多 {self.limit} 个字符,现在是 {len(value)} 个",
            phrase_en=f"has {len(value)} characters, at most {self.limit} fit",
            got=f"{len(value)} 个字符",
            want=f"不超过 {self.limit} 个字符",
            remedy="请核对;几个编号写不下的,只写主要的一个",
        )
        return (long,)

    def _cast(self, folded: str) -> str:
        if self.scheme == "document":
            return _DOCUMENT.sub(r"〔\1〕", folded)
        if self.scheme == "phone":
            return folded.replace(",", "、").replace(";", "、")
        return folded.upper() if self.scheme in _UPPER else folded

    def show(self, value: Value) -> str:
        """Return the code."""
        return "" if value is None else str(value)

    def to_json(self, value: Value) -> JsonValue:
        """Return the code."""
        return None if value is None else str(value)

    def from_json(self, value: JsonValue) -> Parsed:
        """Return the code of a record file."""
        if value is None:
            return None, ()
        return self.parse(value) if isinstance(value, str) else wrong_json(value, "文字(加引号)")

    def schema(self) -> dict[str, Any]:
        """Return a string schema."""
        return {"type": "string", "maxLength": self.limit, "x-scheme": self.scheme}
