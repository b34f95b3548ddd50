"""Rules about document numbers, occupation codes and certificate numbers: N03, L06, T12."""

from __future__ import annotations

import re
from collections.abc import Iterator

from services.rules.codes import is_agency_code
from services.rules.rule import Coded, Facts, Fault, Rule
from services.rules.source import occupations

_DOCUMENT = re.compile(r"[^第〔〕]+〔(?:19|20)\d{2}〕[1-9]\d*号")
_OCCUPATION = re.compile(r"[1-8]-\d{2}-\d{2}-\d{2}")
_CERTIFICATE = re.compile(r"\d{16}")
_OLD_CERTIFICATE = re.compile(r"\d{13}")


def n03(facts: Facts) -> Iterator[Fault]:
    """文号: hexagonal brackets, no 第, no leading zero, 号 at the end. Source: b T5 (GB/T 9704 7.2.5).

    Other brackets were already turned into 〔〕 when the answer was read.
    """
    for code in facts.codes.get("document", ()):
        for number in re.split(r"[、;]", code.text):
            wrong = "、".join(_wrong_parts(number))
            if wrong:
                yield Fault(
                    field=code.path,
                    name="form",
                    phrase=f"现在是“{number}”,{wrong}",
                    english=f"{number!r} is not written as a document number",
                    got=number,
                    want="如 劳社厅函〔2006〕338号",
                    remedy="请写成 劳社厅函〔2006〕338号 的样子",
                )


def _wrong_parts(number: str) -> Iterator[str]:
    """Yield what keeps `number` from being a document number."""
    if _DOCUMENT.fullmatch(number):
        return
    if "第" in number:
        yield "多写了“第”"
    if not number.endswith("号"):
        yield "没有以“号”结尾"
    if re.search(r"〕第?0\d", number):
        yield "号数前多写了 0"
    if not re.search(r"〔(?:19|20)\d{2}〕", number):
        yield "没有用〔〕括起的四位年份"
    elif re.match(r"第?〔", number):
        yield "缺少发文机关代字"


def l06(facts: Facts) -> Iterator[Fault]:
    """职业编码 is d-dd-dd-dd, and the name beside it is the code's in the 1999 edition. Source: b O1.

    99 and 00 occur inside codes. Later editions number differently, so names are compared in the
    2006 profile alone.
    """
    for code in facts.codes.get("occupation", ()):
        if not _OCCUPATION.fullmatch(code.text):
            yield Fault(
                field=code.path,
                name="shape",
                phrase=f"应写成 6-04-02-05 的样子,现在是“{code.text}”",
                english=f"should look like 6-04-02-05, is {code.text!r}",
                got=code.text,
                want="如 6-04-02-05",
                remedy="请按职业分类大典填写",
            )
        elif facts.profile == "2006":
            yield from _other_name(facts, code)


def _other_name(facts: Facts, code: Coded) -> Iterator[Fault]:
    path = f"{code.path.rpartition('.')[0]}.name"
    listed, written = occupations().get(code.text), facts.text(path)
    if listed and written and listed != written:
        yield Fault(
            field=path,
            name="name",
            phrase=f"填写“{written}”,编码 {code.text} 在 1999 年版大典中是“{listed}”",
            english=f"is {written!r}, the code {code.text} is {listed!r} in the 1999 edition",
            got=written,
            want=listed,
            remedy="请核对编码和名称,改正其中一处",
        )


def t12(facts: Facts) -> Iterator[Fault]:
    """证书编号: year 2, 机构编码 8, level 1, serial 5; 13 digits are the old kind. Source: b E1.

    For answers called `certificate_no`; other certificates are numbered by their own issuers.
    """
    agency = facts.text("agency_code")
    for code in facts.codes.get("certificate", ()):
        if code.path.rpartition(".")[2] != "certificate_no" or _OLD_CERTIFICATE.fullmatch(code.text):
            continue
        if not _CERTIFICATE.fullmatch(code.text):
            yield Fault(
                field=code.path,
                name="shape",
                phrase=f"应为 16 位数字(旧编号 13 位),现在是“{code.text}”({len(code.text)} 位)",
                english=f"should be 16 digits (13 of the old kind), is {code.text!r}",
                got=code.text,
                want="16 位数字,如 0610012003400001",
                remedy="请与证书核对",
            )
        elif is_agency_code(agency) and code.text[2:10] != agency:
            yield Fault(
                field=code.path,
                name="agency",
                phrase=f"第 3-10 位是 {code.text[2:10]},本所(站)机构编码是 {agency}",
                english=f"holds {code.text[2:10]}, the agency code is {agency}",
                got=code.text[2:10],
                want=agency,
                remedy="请与证书核对",
            )


RULES: tuple[Rule, ...] = (n03, l06, t12)
