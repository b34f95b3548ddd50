"""Rules about the codes of stations, organisations and places: S02–S08."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import MappingProxyType

from stdnum.cn import uscc

from services.findings import Severity
from services.rules import org_code
from services.rules.rule import Coded, Facts, Fault, Rule
from services.rules.source import areas, units

_AGENCY = re.compile(r"\d{4}[0-4]\d{3}")
_USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}")
_KINDS = MappingProxyType({"1": "国家职业技能鉴定所", "2": "地方职业技能鉴定站", "3": "行业特有工种职业技能鉴定站"})


def is_agency_code(code: str) -> bool:
    """Return whether `code` is eight digits with a type 0-4 and a serial 001-999 (编码规则, E1)."""
    return _AGENCY.fullmatch(code) is not None and code[5:] != "000"


def s02(facts: Facts) -> Iterator[Fault]:
    """机构编码: 省或行业 2, 城市 2, 类别 1 (0-4), 序号 3 (001-999). Source: b E1 E2."""
    for code in facts.codes.get("agency", ()):
        if not is_agency_code(code.text):
            yield Fault(
                field=code.path,
                name="shape",
                phrase=f"应为 8 位数字(第 5 位 0-4,后 3 位 001-999),现在是“{code.text}”({len(code.text)} 位)",
                english=f"should be 8 digits (fifth 0-4, last three 001-999), is {code.text!r}",
                got=code.text,
                want="8 位数字,如 10012003",
                remedy="请按主管部门下发的编码填写",
            )


def s03(facts: Facts) -> Iterator[Fault]:
    """The type digit and 类别 agree; 0 (指导中心) and 4 (企业工考委) are not surveyed. Source: b E1 · a."""
    code, kind = facts.text("agency_code"), facts.text("kind")
    if not facts.asks("kind", "agency_code") or not is_agency_code(code):
        return
    named = _KINDS.get(code[4])
    if named is None:
        yield Fault(
            field="agency_code",
            name="scope",
            phrase=f"第 5 位是 {code[4]},表示指导中心或企业工考委,不属普查对象",
            english=f"has the type digit {code[4]}, which is not a station",
            got=code[4],
            want="1、2 或 3",
            remedy="请核对编码;确为鉴定所(站)的,按类别改正第 5 位",
        )
    elif kind and named != kind:
        yield Fault(
            field="agency_code",
            name="kind",
            phrase=f"第 5 位是 {code[4]}({named}),“{facts.label('kind')}”填写“{kind}”",
            english=f"has the type digit {code[4]}, which is not the kind that is ticked",
            got=code[4],
            want=next(digit for digit, name in _KINDS.items() if name == kind),
            remedy="请核对编码和类别,改正其中一处",
        )


def s04(facts: Facts) -> Iterator[Fault]:
    """1 and 2 report to a province, 3 to an industry; digits 1-2 are the unit's own. Source: a · b E1."""
    code = facts.text("agency_code")
    if not facts.asks("report_to", "agency_code") or not is_agency_code(code):
        return
    unit = facts.text("report_to")
    if unit and unit != code[:2]:
        yield _other_unit("report_to", unit, code[:2])
        return
    yield from _of_the_region(facts, code)
    yield from _of_the_line(code)


def _other_unit(path: str, got: str, want: str) -> Fault:
    return Fault(
        field=path,
        name="unit",
        phrase=f"与机构编码的前两位不一致:这里是 {got},机构编码前两位是 {want}",
        english=f"is {got}, the agency code begins with {want}",
        got=got,
        want=want,
        remedy="请核对机构编码和上报主管部门编码,改正其中一处",
    )


def _of_the_region(facts: Facts, code: str) -> Iterator[Fault]:
    prefix = facts.context.region.agency_prefix if facts.context.region else ""
    if prefix and not code.startswith(prefix):
        yield Fault(
            field="agency_code",
            name="region",
            phrase=f"前两位应为本地区(行业)的 {prefix},现在是 {code[:2]}",
            english=f"should begin with {prefix}, the region's own, begins with {code[:2]}",
            got=code[:2],
            want=prefix,
            remedy="请核对编码;属其他地区或行业的,报其主管部门",
        )


def _of_the_line(code: str) -> Iterator[Fault]:
    unit = units().get(code[:2])
    line = "industry" if code[4] == "3" else "province"
    if unit and code[4] in _KINDS and unit.line != line:
        names = {"industry": "行业主管部门", "province": "省级劳动保障部门"}
        yield Fault(
            field="report_to",
            name="line",
            phrase=f"是{unit.name}({names[unit.line]}),{_KINDS[code[4]]}应报{names[line]}",
            english=f"is of the {unit.line} line, this kind of station reports to the {line} line",
            got=f"{code[:2]} {unit.name}",
            want=names[line],
            remedy="请核对机构编码第 5 位和上报主管部门",
        )


def s05(facts: Facts) -> Iterator[Fault]:
    """行政区划代码 stands in GB/T 2260 of 2005-12 (2006) or in the current edition. Source: b V4."""
    for code in facts.codes.get("area", ()):
        area = areas().get(code.text)
        in_edition = area and (area.in_2005 if facts.profile == "2006" else area.in_current)
        if not in_edition:
            edition = "2005年12月版" if facts.profile == "2006" else "现行版"
            other = f",其他年份的版本中有({area.name})" if area else ""
            yield Fault(
                field=code.path,
                name="edition" if area else "unknown",
                phrase=f"填写 {code.text},行政区划代码 GB/T 2260 {edition}中没有{other}",
                english=f"{code.text!r} is not in the edition of GB/T 2260 in use",
                got=code.text,
                want=f"GB/T 2260 {edition}的 6 位代码",
                remedy="请核对所在地的代码",
            )


def s06(facts: Facts) -> Iterator[Fault]:
    """组织机构代码: eight characters and a check character. Source: b V1 (GB 11714-1997)."""
    for code in facts.codes.get("org", ()):
        size = len(org_code.compact(code.text))
        if not org_code.is_shaped(code.text):
            yield Fault(
                field=code.path,
                name="shape",
                phrase=f"应为 8 位数字或大写字母加 1 位校验码,现在是“{code.text}”({size} 位)",
                english=f"should be 8 characters and a check character, is {code.text!r}",
                got=code.text,
                want="8 位加 1 位校验码,如 PDY00001-X",
                remedy="请按组织机构代码证填写",
            )
        elif not org_code.is_valid(code.text):
            yield _unchecked(code, org_code.check_character(code.text), "组织机构代码证")


def s07(facts: Facts) -> Iterator[Fault]:
    """统一社会信用代码: 18 characters without I O S V Z, positions 3-8 digits. Source: b V2 (GB 32100-2015).

    The check character is python-stdnum's; a failed check may be confirmed, since issued codes fail it.
    """
    for code in facts.codes.get("uscc", ()):
        if not _USCC.fullmatch(code.text):
            yield Fault(
                field=code.path,
                name="shape",
                phrase=f"应为 18 位(不含 I、O、S、V、Z,第 3-8 位是数字),现在是“{code.text}”({len(code.text)} 位)",
                english=f"should be 18 characters without I O S V Z, 3-8 digits, is {code.text!r}",
                got=code.text,
                want="18 位",
                remedy="请按登记证书填写",
            )
        elif code.text[-1] != uscc.calc_check_digit(code.text[:17]):
            yield _unchecked(code, uscc.calc_check_digit(code.text[:17]), "登记证书")


def _unchecked(code: Coded, want: str, paper: str) -> Fault:
    return Fault(
        field=code.path,
        name="check",
        phrase=f"末位校验码算得 {want},现在是 {code.text[-1]},可能抄错了一位",
        english=f"has the check character {code.text[-1]}, computed {want}",
        got=code.text,
        want=want,
        remedy=f"请与{paper}逐位核对;确与证书一致的,说明后保留",
        severity=Severity.CONFIRM,
    )


def s08(facts: Facts) -> Iterator[Fault]:
    """Characters 9-17 of the 统一社会信用代码 are the 组织机构代码. Source: b V2."""
    organisation = facts.codes.get("org", ())
    for code in facts.codes.get("uscc", ()):
        for other in organisation:
            if _USCC.fullmatch(code.text) and org_code.compact(other.text) != code.text[8:17]:
                yield Fault(
                    field=code.path,
                    name="differs",
                    phrase=f"第 9-17 位是 {code.text[8:17]},“{facts.label(other.path)}”填写 {other.text},两处应一致",
                    english=f"holds {code.text[8:17]}, the organisation code is {other.text}",
                    got=code.text[8:17],
                    want=org_code.compact(other.text),
                    remedy="请核对后改正其中一处",
                )


RULES: tuple[Rule, ...] = (s02, s03, s04, s05, s06, s07, s08)
