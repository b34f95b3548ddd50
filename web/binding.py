"""Binding a packet from what is kept: the pages and the API do it alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from services.answers import items
from services.bundle import packet
from services.bundle.attached import kind_of
from services.bundle.packet import Source
from services.carriers.reading import UnreadableError
from services.catalogue import concrete
from services.findings import Finding
from services.recipe import Piece, Recipe
from services.records import attachments, packets, submissions
from services.records.attachments import Attachment, Handed
from services.records.packets import Binding, Packet
from services.records.submissions import RefusedError, Submission
from web import scope

EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What came of binding: the kept packet, or None and the findings that say what is missing."""

    packet: Packet | None
    findings: tuple[Finding, ...]


def attachment_pieces(recipe: Recipe) -> tuple[Piece, ...]:
    """Return the pieces that attachments are handed in for."""
    return tuple(piece for piece in recipe.pieces if not piece.form)


def named_kind(recipe: Recipe, name: str) -> tuple[str, str]:
    """Return the kind and item that an attachment was called by: a piece's key, an item's id, or nothing.

    Raises:
        RefusedError: the packet has no such kind.
    """
    known = tuple(piece.key for piece in attachment_pieces(recipe))
    if not name or name in known:
        return name, ""
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
    if submission.replaced_by or submission.state == "withdrawn":
        said = "已被新版替换" if submission.replaced_by else "已撤回"
        raise RefusedError(
            f"“{submission.station}”的第 {submission.version} 版{said},不能装订。请改选最新的一版",
            f"version {submission.version} was replaced or withdrawn; choose the newest one",
        )


def bind(recipe: Recipe, forms: Iterable[Submission], enclosed: Iterable[Attachment], *, confirmed: bool) -> Attempt:
    """Return the packet of these inputs, kept; None with the findings when it must not or shall not yet be bound.

    Without `confirmed` anything to confirm stops it too, so that a person looks at it first.

    Raises:
        RefusedError: a form was returned, withdrawn, or replaced by a newer version.
    """
    store, unit = scope.store(), scope.unit()
    chosen, added = tuple(forms), tuple(enclosed)
    for submission in chosen:
        _refuse_unfit(submission)
    sources = (
        *(Source(name=s.filename, data=submissions.original(store, unit, s)) for s in chosen),
        *(Source(name=a.filename, data=attachments.content(store, unit, a), kind=a.item or a.kind) for a in added),
    )
    bound = packet.bind(recipe.id, sources, scope.context(), scope.settings())
    if not bound.pdf or (bound.findings and not confirmed):
        return Attempt(packet=None, findings=bound.findings)
    binding = Binding(
        recipe=recipe.id,
        station=next((s.station for s in chosen if s.form == recipe.lead_form), chosen[0].station if chosen else ""),
        inputs=tuple(entry.id for entry in (*chosen, *added)),
        manifest=bound.manifest,
        pdf=bound.pdf,
        archive=bound.archive,
    )
    return Attempt(packet=packets.keep(store, unit, binding), findings=bound.findings)
