"""Rules about postcodes, telephones and mail addresses: S09–S11."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import MappingProxyType

from services.findings import Severity
from services.rules.rule import Coded, Facts, Fault, Rule
from services.rules.source import areas, postcode_prefixes

_AREA_PHONE = re.compile(r"(?:\+?86-?)?(?:\(0\d{2,3}\)|0\d{2,3})-?\d{7,8}(?:(?:转|-|[xX])\d{1,6})?")
_MOBILE = MappingProxyType({"2006": re.compile(r"1[35]\d{9}"), "today": re.compile(r"1[3-9]\d{9}")})
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)


def s09(facts: Facts) -> Iterator[Fault]:
    """邮政编码: six digits, the first two of the province. Source: b V5."""
    provinces = [code.text[:2] for code in facts.codes.get("area", ()) if code.text in areas()]
    for code in facts.codes.get("postcode", ()):
        if not re.fullmatch(r"\d{6}", code.text):
            yield Fault(
                field=code.path,
                name="shape",
                phrase=f"应为 6 位数字,现在是“{code.text}”",
                english=f"should be 6 digits, is {code.text!r}",
                got=code.text,
                want="6 位数字",
                remedy="请核对邮政编码",
            )
        elif provinces and not code.text.startswith(postcode_prefixes().get(provinces[0], "0123456789")):
            yield _other_province(code, provinces[0])


def _other_province(code: Coded, province: str) -> Fault:
    prefixes, name = postcode_prefixes()[province], areas()[f"{province}0000"].name
    return Fault(
        field=code.path,
        name="province",
        phrase=f"在{name}应以 {'、'.join(prefixes)} 开头,现在是 {code.text}",
        english=f"should begin with {' or '.join(prefixes)} in this province, is {code.text}",
        got=code.text,
        want=f"以 {'、'.join(prefixes)} 开头",
        remedy="请核对邮政编码和所在地行政区划代码",
        severity=Severity.CONFIRM,
    )


def s10(facts: Facts) -> Iterator[Fault]:
    """电话: area code and 7-8 digits, or a mobile number of the profile; several by 、. Source: a · c."""
    for code in facts.codes.get("phone", ()):
        for number in re.split(r"[、/]", code.text):
            if not (_AREA_PHONE.fullmatch(number) or _MOBILE[facts.profile].fullmatch(number)):
                yield Fault(
                    field=code.path,
                    name="shape",
                    phrase=f"中的“{number}”看不出是电话号码",
                    english=f"{number!r} does not read as a telephone number",
                    got=number,
                    want="区号-号码,如 025-83212345;或 11 位手机号",
                    remedy="请写明区号和 7-8 位号码,或 11 位手机号;几个号码用“、”隔开,分机写“转”",
                )


def s11(facts: Facts) -> Iterator[Fault]:
    """电子邮箱 has the shape name@domain; free mail is as good as any. Source: a (163 in the notice) · c."""
    for code in facts.codes.get("email", ()):
        if not _EMAIL.fullmatch(code.text):
            yield Fault(
                field=code.path,
                name="shape",
                phrase=f"应写成 名称@域名 的样子,现在是“{code.text}”",
                english=f"should look like name@domain, is {code.text!r}",
                got=code.text,
                want="如 jianding@163.com",
                remedy="请核对电子邮箱",
            )


RULES: tuple[Rule, ...] = (s09, s10, s11)
