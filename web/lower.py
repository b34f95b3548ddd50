"""Packets of the tier below that come in as files: known for what they are, and named by whose they are."""

from __future__ import annotations

import tempfile
from pathlib import Path

from forms.packets import RECIPES
from services.bundle.lower import Lower, opened
from services.bundle.source import Room, Source
from services.carriers.reading import UnreadableError
from services.recipe import Recipe
from services.records import attachments
from services.records.attachments import Attachment, Handed
from services.records.owners import LOWER
from web import scope

_MOST_SHOWN = 40
"""So much of what a packet calls itself and its unit is shown: anybody can write a manifest."""


def below(recipe: Recipe) -> tuple[str, ...]:
    """Return the recipes of the packets that may go into one of this."""
    order = [known.id for known in RECIPES]
    return tuple(order[: order.index(recipe.id)])


def keep_lower(recipe: Recipe, name: str, data: bytes) -> Attachment:
    """Return the kept packet, which `recipe` may take.

    Raises:
        UnreadableError: it is no packet, was changed, or is of the same tier or a higher one.
    """
    with tempfile.TemporaryDirectory(prefix="lower-") as folder:
        found = opened(Source(name=name, data=data), Room(folder=Path(folder)))
    if found is None:
        raise UnreadableError(
            "not-packet",
            f"“{name}”不是本系统装订的上报材料。单份的表请到“上传核对”上传,其他文件请作为附件添加",
            f"{name!r} is no packet bound by this service",
        )
    _refuse_unfit(recipe, name, found)
    handed = Handed(kind=LOWER, item=str(found.manifest["recipe"]), filename=_named(name, found), data=data)
    return attachments.keep(scope.store(), scope.unit(), handed)


def _refuse_unfit(recipe: Recipe, name: str, found: Lower) -> None:
    if not found.is_whole or found.changed:
        raise UnreadableError(
            "packet-changed",
            f"“{name}”与它自己的清单不一致,可能被改动过。请向报送单位要原来的文件",
            f"{name!r} does not agree with its own manifest",
        )
    if found.manifest["recipe"] not in below(recipe):
        title = str(found.manifest["title"])[:_MOST_SHOWN]
        raise UnreadableError(
            "packet-tier",
            f"“{name}”是《{title}》,不能收入《{recipe.title}》;只收下级的材料",
            f"{name!r} is not of a tier below {recipe.id}",
        )


def _named(name: str, found: Lower) -> str:
    """Return the file's name with its unit's before it: from all sides they come as 报送材料.pdf."""
    unit = str(found.manifest["unit"])[:_MOST_SHOWN]
    return name if not unit or unit in name else f"{unit}_{name}"
