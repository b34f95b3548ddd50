"""Binding a packet from what is kept: the pages and the API do it alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from forms.packets import RECIPES
from forms.quotas import NONE, QUOTAS
from services.answers import items
from services.bundle import packet
from services.bundle.attached import kind_of
from services.bundle.packet import Options, Source
from services.carriers.reading import UnreadableError
from services.catalogue import concrete
from services.findings import Finding
from services.kinds.day import read_day
from services.recipe import Piece, Recipe, Tier
from services.records import attachments, owners, packets, review, submissions
from services.records.attachments import Attachment, Handed
from services.records.owners import LOWER, Owner, Owners
from services.records.packets import Binding, Packet
from services.records.settle import refuse_open
from services.records.submissions import RefusedError, Submission
from services.summary import Quotas
from services.survey.spotcheck import size_of
from web import returning, scope

EVIDENCE, ROSTER = "evidence", "roster"
_TIERS: Mapping[str, tuple[Tier, ...]] = MappingProxyType(
    {
        "station": ("station",),
        "city": ("station", "city"),
        "region": ("station", "city", "region"),
        "ministry": ("station", "city", "region", "ministry"),
    }
)
_COMPUTED = frozenset({"summary", "unreported", "lists", "annex"})
"""What is made from the forms alone: nobody hands it in, and nothing of it is typed."""
_OPTIONS = Options()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What came of binding: the kept packet, or None and the findings that say what is missing.

    `asked` is what may pass with a reason (情况说明), as the manifest tells it; nothing while anything must be fixed.
    """

    packet: Packet | None
    findings: tuple[Finding, ...]
    asked: tuple[Mapping[str, str], ...] = ()


def attachment_pieces(recipe: Recipe) -> tuple[Piece, ...]:
    """Return the pieces that attachments are handed in for."""
    return tuple(piece for piece in recipe.pieces if not piece.form and piece.made not in _COMPUTED)


def named_kind(recipe: Recipe, name: str) -> tuple[str, str]:
    """Return the kind and item that an attachment was called by: a piece's key, an item's id, or nothing.

    Raises:
        RefusedError: the packet has no such kind.
    """
    known = tuple(piece.key for piece in attachment_pieces(recipe))
    if not name or name in known:
        return name, ""
    if EVIDENCE not in known:
        raise RefusedError(f"没有“{name}”这种附件;现有:{'、'.join(known)}", f"kinds: {', '.join(known)}")
    if name in items(concrete(recipe.lead_form)):
        return EVIDENCE, name
    raise RefusedError(
        f"没有“{name}”这种附件;现有:{'、'.join(known)},或评估项目号", f"kinds: {', '.join(known)} or an item id"
    )


def keep_attachment(handed: Handed) -> Attachment:
    """Return the kept attachment.

    Raises:
        UnreadableError: it is no PDF, picture or office file.
    """
    if not kind_of(handed.data):
        raise UnreadableError(
            "not-attachable",
            f"“{handed.filename}”不是 PDF、图片、Word 或 Excel 文件。请把它另存为 PDF 或拍成照片后再添加",
            f"{handed.filename!r} is no PDF, picture or office file",
        )
    return attachments.keep(scope.store(), scope.unit(), handed)


def _refuse_unfit(submission: Submission) -> None:
    if submission.state == "returned" and not submission.replaced_by:
        raise RefusedError(
            f"“{submission.station}”的第 {submission.version} 版已退回修改,不能装订。"
            "请照退回意见改好,上传改好的一版,再生成",
            f"version {submission.version} was returned for correction; upload the corrected one and bind that",
        )
    if not submission.stands:
        said = "已被新版替换" if submission.replaced_by else "已撤回"
        raise RefusedError(
            f"“{submission.station}”的第 {submission.version} 版{said},不能装订。请改选最新的一版",
            f"version {submission.version} was replaced or withdrawn; choose the newest one",
        )
    asked = returning.answering(submission)
    if asked:
        refuse_open(*asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be bound: kept forms, attachments and lower packets, and what is said of them.

    Without `confirmed` anything to confirm stops it too, so that a person looks at it first.
    """

    recipe: Recipe
    forms: tuple[Submission, ...]
    enclosed: tuple[Attachment, ...] = ()
    lower: tuple[Packet, ...] = ()
    options: Options = field(default_factory=Options)
    confirmed: bool = False


def stations_of(forms: Iterable[Submission]) -> tuple[str, ...]:
    """Return the keys of the stations that forms are of."""
    return owners.keys_of((form.agency_code, form.station) for form in forms)


def strangers(asked: Asked, owned: Owners) -> tuple[Attachment, ...]:
    """Return the attachments that are another station's, or another packet's, than what is to be bound.

    In a packet of many that lower packets go into, any station's may be meant.
    """
    keys = {*stations_of(asked.forms), *((asked.recipe.id,) if asked.recipe.is_of_many else ())}
    if asked.lower or any(one.kind == LOWER for one in asked.enclosed):
        return ()
    return tuple(one for one in asked.enclosed if not owners.may_go(owned.get(one.id, ()), keys))


def owner_shown(owner: Owner) -> str:
    """Return what an owner is called: a station with its 机构编码, a packet of many with its title."""
    title = next((known.title for known in RECIPES if known.id == owner.key), owner.key)
    return owner.name if title == owner.name else f"{owner.name}({title})"


def _refuse_strangers(asked: Asked) -> None:
    owned = attachments.owned(scope.store(), scope.unit())
    strange = strangers(asked, owned)
    if not strange:
        return
    said = ";".join(f"“{one.filename}”是{'、'.join(map(owner_shown, owned[one.id]))}的附件" for one in strange)
    ours = "、".join(dict.fromkeys(form.station for form in asked.forms)) or asked.recipe.title
    raise RefusedError(
        f"{said},没有装进{ours}的材料。不勾选它,再生成;{ours}确实也用这份文件的,把文件重新添加一次",
        f"filed under another station: {', '.join(one.filename for one in strange)}; leave out or hand in once more",
    )


def recipes() -> tuple[Recipe, ...]:
    """Return the recipes that the unit may bind by: its own tier's and those below."""
    tiers = _TIERS.get(scope.kind(), _TIERS["station"])
    return tuple(recipe for recipe in RECIPES if recipe.tier in tiers)


def recipe_of(name: str) -> Recipe:
    """Return the recipe of that name.

    Raises:
        UnknownFormError: there is none.
        RefusedError: the unit does not bind by it.
    """
    found = packet.recipe_named(name)
    if found not in recipes():
        said = f"“{found.title}”由上级单位装订;本单位可以装订的有:{'、'.join(r.title for r in recipes())}"
        raise RefusedError(said, f"this unit does not bind {name} packets")
    return found


def options_of(said: Callable[[str], object], roster: Source | None = None) -> Options:
    """Return what a person says of a packet.

    `number` (发文字号), `signed_on` (a day, as clerks write it), `unit`, `quotas` (an id), `size` and `seed` of the
    spot check.

    Raises:
        RefusedError: the day is none, there are no such quotas, or the size is neither number nor share.
    """

    def text(name: str) -> str:
        return str(said(name) or "").strip()

    return Options(
        number=text("number"),
        signed_on=_day(text("signed_on")),
        unit=text("unit"),
        quotas=_quotas(text("quotas")),
        size=_size(text("size")),
        seed=text("seed") or _OPTIONS.seed,
        roster=roster,
    )


def _day(text: str) -> date | None:
    day = read_day(text)
    if text and day is None:
        raise RefusedError(
            f"成文日期应写成 2006年11月20日、二〇〇六年十一月二十日或 2006-11-20,现在是“{text}”;请核对是否有这一天",
            f"`signed_on` should be a day such as 2006-11-20, is {text!r}",
        )
    return day


def _quotas(name: str) -> Quotas:
    found = next((quotas for quotas in QUOTAS if quotas.id == (name or NONE.id)), None)
    if found is None:
        known = "、".join(quotas.id for quotas in QUOTAS)
        raise RefusedError(f"没有“{name}”这种推荐名额;现有:{known}", f"`quotas` should be one of {known}")
    return found


def _size(text: str) -> str:
    """Return the size of the spot check, if it is one (of however many)."""
    try:
        size_of(text or _OPTIONS.size, 1)
    except ValueError as error:
        raise RefusedError(str(error), "`size` should be a number such as 40 or a share such as 5%") from error
    return text or _OPTIONS.size


def bind(asked: Asked) -> Attempt:
    """Return the packet of these inputs, kept; None with the findings when it must not or shall not yet be bound.

    Raises:
        RefusedError: a form was returned, withdrawn, replaced by a newer version, or leaves lines of its
            return slip open (rule K07); or an attachment is another station's.
    """
    for submission in asked.forms:
        _refuse_unfit(submission)
    _refuse_strangers(asked)
    options = replace(asked.options, reasons=_reasons(asked.forms))
    bound = packet.bind(asked.recipe.id, tuple(_sources(asked)), scope.context(), scope.settings(), options)
    if not bound.pdf or (bound.findings and not asked.confirmed):
        return Attempt(packet=None, findings=bound.findings, asked=tuple(bound.manifest.get("reasons", ())))
    unit = str(bound.manifest["unit"])
    forms = ((form.agency_code, form.station) for form in asked.forms)
    binding = Binding(
        recipe=asked.recipe.id,
        station=unit,
        inputs=tuple(entry.id for entry in (*asked.forms, *asked.enclosed, *asked.lower)),
        manifest=bound.manifest,
        pdf=bound.pdf,
        archive=bound.archive,
        owner=owners.owner_of(asked.recipe.id, unit, forms),
        filed=tuple(one.id for one in asked.enclosed if one.kind != LOWER),
    )
    return Attempt(packet=packets.keep(scope.store(), scope.unit(), binding), findings=bound.findings)


def _reasons(forms: Iterable[Submission]) -> dict[str, Mapping[tuple[str, str], str]]:
    """Return the 情况说明 that were given, by file name."""
    return {s.filename: review.reasons_of(scope.store(), scope.unit(), s.id) for s in forms}


def source_of(one: Attachment) -> Source:
    """Return a kept attachment as an input."""
    path = attachments.place(scope.store(), scope.unit(), one)
    return Source(name=one.filename, path=path, kind="" if one.kind == LOWER else one.item or one.kind)


def _sources(asked: Asked) -> Iterator[Source]:
    store, unit = scope.store(), scope.unit()
    for form in asked.forms:
        yield Source(name=form.filename, data=submissions.original(store, unit, form))
    yield from map(source_of, asked.enclosed)
    for lower in asked.lower:
        yield Source(name=f"SB{lower.number:05d}.zip", path=packets.archive_place(store, unit, lower))
