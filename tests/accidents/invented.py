"""Records of invented stations and people from one random source: complete, partly empty, and of odd texts."""

import io
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from random import Random
from typing import Any

from PIL import Image, ImageDraw

from services.answers import field_at, scalars, schedules
from services.catalogue import concrete
from services.form import Form
from services.kinds import Choice, Choices, Code, Day, Kind, Month, Number, Picture, Score, Text, Tick, Whole, YesNo
from services.record import Record, build, entries_of
from services.sample import sample
from services.totals import completed

FORMS = ("evaluation", "station-recommendation", "worker-recommendation")
NAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
GIVEN = ("伟", "芳", "志强", "秀英", "建国", "喆", "堃", "晓燕", "文斌", "珺", "海涛", "慧敏")
PLACES = ("苏州市", "汉中市", "宝鸡市", "无锡市", "南郑县", "凤翔县")
THINGS = ("职业技能鉴定站", "高级技工学校", "机械厂", "职业培训中心", "技师学院")
PHRASES = (
    "经逐项自查，情况属实。",
    "考评人员均持证上岗，轮换派遣。",
    "试卷由专人保管，交接登记齐全。",
    "设备完好率98.5%，检定均在有效期内。",
    "2003年起使用考务管理系统(单机版)。",
    "存在问题：档案装订不规范。",
    "已于8月底前整改完毕；责任人：办公室。",
    "A、B两类工位各12个，间距≥1.5m。",
    "详见附页《自查报告》第3—5页。",
)
# Markup characters, quotes, the ideographic blank, rare name characters, the marks of boxes, digits of both widths.
ODD = "鉴定所站一二三,。:;()《》〔〕“”‘’—…·、&<>\"'%{}[]#$ \u3000堃喆珺𠮷□√㎡Aa1９.-/"


def random_of(*parts: object) -> Random:
    """The random source of a case: the same parts give the same numbers everywhere."""
    return Random(":".join(map(str, parts)))


def form_of(chance: Random, only: str = "") -> Form:
    """One of the forms, in one of its editions, sometimes with a region's own items."""
    name = only or chance.choice(FORMS)
    return concrete(name, chance.choice(("2006", "today")), chance.choice(("", "", "", "610000")))


def record_of(form: Form, chance: Random) -> Record:
    """A record of `form`: complete, with a part left empty, or full of odd texts; its totals are right."""
    entries = dict(entries_of(form, _sampled(form, chance.randrange(6))))
    sort = chance.choice(("complete", "complete", "partial", "odd"))
    if sort == "partial":
        share = chance.uniform(0.1, 0.7)
        entries = {path: None if chance.random() < share else value for path, value in entries.items()}
    if sort == "odd":
        entries = {path: odd_value(form, path, value, chance) for path, value in entries.items()}
    return totalled(form, build(form, vary_rows(form, entries, chance)))


@lru_cache(maxsize=128)
def _sampled(form: Form, seed: int) -> Record:
    return sample(form, seed)


def totalled(form: Form, record: Record) -> Record:
    """The record with every computed answer computed."""
    totals = {key for key, asked in scalars(form).items() if asked.total_of}
    tables = {schedule.key for schedule in form.schedules if schedule.totals_of}
    entries = {
        path: None if path in totals or path.split(".")[0] in tables else value
        for path, value in entries_of(form, record).items()
    }
    return completed(form, build(form, entries))


def vary_rows(form: Form, entries: dict[str, Any], chance: Random) -> dict[str, Any]:
    """More rows in some schedules, and some without any."""
    for schedule in form.schedules:
        if schedule.totals_of or chance.random() < 0.6:
            continue
        count = chance.choice((0, 1, 2, 5, min(24, schedule.max_rows)))
        entries = {path: value for path, value in entries.items() if path.split(".")[0] != schedule.key}
        for number in range(min(count, schedule.max_rows)):
            entries |= {
                f"{schedule.key}.{number}.{key}": value for key, value in row_of(form, schedule.key, chance).items()
            }
    return entries


def row_of(form: Form, key: str, chance: Random) -> dict[str, Any]:
    """A row of a schedule, three quarters full."""
    columns = schedules(form)[key].columns
    row = {column.key: value_of(column.kind, chance) if chance.random() < 0.8 else None for column in columns}
    if all(value is None for value in row.values()):
        row[columns[0].key] = value_of(columns[0].kind, chance)
    return row


def day_of(chance: Random) -> date:
    return date(2001, 1, 1) + timedelta(days=chance.randrange(2500))


def value_of(kind: Kind, chance: Random) -> Any:  # noqa: C901, PLR0911, PLR0912 - a case a kind
    """A plausible value of a kind, never the empty one."""
    match kind:
        case Text():
            if kind.lines and kind.limit >= 100:
                return "\n".join(chance.choice(PHRASES) for _ in range(chance.randint(1, 3)))
            whole = chance.choice(
                (person(chance), chance.choice(PLACES) + chance.choice(THINGS), f"第{chance.randint(2, 99)}号")
            )
            return whole[: kind.limit]
        case Code():
            return code_of(kind, chance)
        case Whole():
            return chance.randint(kind.minimum, min(kind.maximum, 2000))
        case Number():
            return Decimal(chance.randint(0, min(int(kind.maximum), 900)))
        case Score():
            return Decimal(chance.randint(0, int(kind.points) * 2)) / 2
        case Day():
            return day_of(chance)
        case Month():
            return day_of(chance).replace(day=1)
        case Choice():
            return chance.choice(kind.options)
        case Choices():
            chosen = chance.sample(range(len(kind.options)), chance.randint(1, len(kind.options)))
            return tuple(kind.options[n][0] for n in sorted(chosen))
        case YesNo() | Tick():
            return chance.random() < 0.5
        case Picture():
            return picture(chance.randrange(6))
        case _:
            raise AssertionError(kind)


def person(chance: Random) -> str:
    return chance.choice(NAMES) + chance.choice(GIVEN)


def code_of(kind: Code, chance: Random) -> str:
    digits = "".join(chance.choice("0123456789") for _ in range(30))
    shapes = {
        "document": f"劳社鉴〔{chance.randint(2001, 2006)}〕{chance.randint(1, 200)}号",
        "email": f"jds{digits[:5]}@163.com",
        "phone": chance.choice((f"0512-6{digits[:7]}", f"138{digits[:8]}")),
        "org": f"PDY{digits[:5]}-{digits[5]}",
        "uscc": f"12320500{digits[:10]}",
        "resident": f"320500197{digits[0]}0{digits[1]}1{digits[2]}{digits[3:6]}X",
        "licence": f"苏鉴许字{digits[:4]}-{digits[4:10]}",
        "occupation": f"6-0{digits[0]}-0{digits[1]}-0{digits[2]}",
        "agency": digits[:8],
        "area": digits[:6],
        "authority": digits[:2],
        "postcode": digits[:6],
        "card": digits[:12],
        "certificate": digits[:16],
    }
    return shapes[kind.scheme]


def odd_value(form: Form, path: str, value: Any, chance: Random) -> Any:
    """Another value for the answer at `path`: odd characters, a printed label, nothing, or as it was."""
    kind = field_at(form, path).kind
    if not isinstance(kind, Text) or value is None or chance.random() < 0.4:
        return value_of(kind, chance) if value is not None and chance.random() < 0.3 else value
    if chance.random() < 0.1:
        labels = [asked.label for asked in scalars(form).values() if len(asked.label) <= kind.limit]
        return chance.choice(labels)
    letters = ODD + ("\n" if kind.lines else "")
    text = "".join(chance.choice(letters) for _ in range(chance.randint(1, min(kind.limit, 60))))
    text = text.strip(" \u3000\n")
    return text or "无"


@lru_cache(maxsize=8)
def picture(number: int) -> bytes:
    """A photograph of nobody: a coloured ground and a circle, as JPEG or PNG."""
    image = Image.new("RGB", (105, 147), ((40 * number) % 256, 120, 200 - 30 * number))
    ImageDraw.Draw(image).ellipse((25, 20 + number * 3, 80, 90), fill=(230, 200, 170))
    out = io.BytesIO()
    image.save(out, "JPEG" if number % 2 else "PNG")
    return out.getvalue()
