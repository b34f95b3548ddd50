"""打包: choosing forms, attachments and lower packets, and binding the packet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from forms.packets import RECIPES, STATION
from forms.quotas import QUOTAS
from services.answers import base_items
from services.carriers.reading import UnreadableError
from services.catalogue import concrete
from services.recipe import Recipe, Tier
from services.records import attachments, kin, packets, submissions
from services.records.attachments import Attachment, Handed
from services.records.owners import LOWER, Owners, is_free, may_go
from services.records.packets import Packet
from services.records.submissions import RefusedError, Submission
from web import scope
from web.asking import keep_with_forms, questions_of, too_short, typed_in, written
from web.binding import (
    EVIDENCE,
    ROSTER,
    Asked,
    Attempt,
    attachment_pieces,
    bind,
    keep_attachment,
    named_kind,
    options_of,
    owner_shown,
    recipe_of,
    recipes,
    source_of,
    stations_of,
    strangers,
)
from web.handed import keep, refuse_more_than_may, refuse_untaken, sent
from web.lower import below, keep_lower

blueprint = Blueprint("packets", __name__, url_prefix="/packets")
_SAID = ("number", "signed_on", "unit", "quotas", "size", "seed")
"""What a person says of a packet beside its inputs."""
TIER_NAMES: Mapping[Tier, str] = MappingProxyType(
    {"station": "所(站)", "city": "市", "region": "省、行业", "ministry": "部"}
)


@blueprint.get("")
def index() -> str:
    """Show what can be bound."""
    return _page()


def _page(attempt: Attempt | None = None, refused: str = "", title: str = "") -> str:
    recipe = _recipe()
    asked = attempt.asked if attempt else ()
    store, unit = scope.store(), scope.unit()
    standing = submissions.standing(store, unit)
    chosen = tuple(request.values.getlist("submission"))
    return render_template(
        "packets.html",
        recipe=recipe,
        recipes=recipes(),
        tier_names=TIER_NAMES,
        titles={known.id: known.title for known in RECIPES},
        said={name: request.form.get(name, "") for name in _SAID} | {"roster_id": _roster_id()},
        quotas=QUOTAS,
        submissions=standing,
        alike=kin.alike(standing),
        pieces={piece.key: piece for piece in attachment_pieces(recipe)},
        items=base_items(concrete(recipe.lead_form)),
        chosen=chosen,
        packets=packets.of_unit(store, unit),
        limit=scope.settings().packet_limit,
        count=scope.settings().files_limit,
        findings=attempt.findings if attempt else (),
        questions=questions_of(asked, typed_in(request.form), recipe.id) if asked else (),
        refused=refused,
        refused_title=title or "没有办成",
        **_enclosable(recipe, tuple(one for one in standing if one.id in chosen)),
    )


def _enclosable(recipe: Recipe, forms: tuple[Submission, ...]) -> dict[str, Any]:
    """Return what may go in beside forms: attachments of this recipe's kinds, lower packets bound here or handed in."""
    store, unit = scope.store(), scope.unit()
    kinds = {piece.key for piece in attachment_pieces(recipe)}
    kept, owned = attachments.of_unit(store, unit), attachments.owned(store, unit)
    return {
        "attachments": [a for a in kept if a.kind in kinds],
        "owners": {own: tuple(owner_shown(owner) for owner in known if owner.key) for own, known in owned.items()},
        "free": frozenset(a.id for a in kept if is_free(owned.get(a.id, ()))),
        "handed": [a for a in kept if a.kind == LOWER and a.item in below(recipe)],
        "lower": [p for p in packets.of_unit(store, unit) if p.recipe in below(recipe)],
        "lower_chosen": tuple(request.values.getlist("packet")),
        "ticked": _ticked(kept, forms, owned),
    }


def _ticked(kept: tuple[Attachment, ...], forms: tuple[Submission, ...], owned: Owners) -> tuple[str, ...]:
    """Return the attachments that are ticked: what a person ticked; else what is nobody's, or of the stations chosen.

    Of what a person ticked the other stations' is not ticked again: it was refused.
    """
    if request.method == "POST":
        ids = _enclosed()
        enclosed = tuple(a for a in kept if a.id in ids)
        strange = {a.id for a in strangers(_lying(forms, enclosed), owned)}
        return tuple(own for own in ids if own not in strange)
    off, keys = request.args.getlist("off"), stations_of(forms)
    return tuple(a.id for a in kept if a.id not in off and may_go(owned.get(a.id, ()), keys))


def _lying(forms: tuple[Submission, ...], enclosed: tuple[Attachment, ...]) -> Asked:
    lower = tuple(map(_packet, request.form.getlist("packet")))
    return Asked(recipe=_recipe(), forms=forms, enclosed=enclosed, lower=lower)


def _recipe() -> Recipe:
    """Return the recipe that the page is about, the station's unless another is named."""
    return recipe_of(request.values.get("recipe") or STATION.id)


# ---- what is handed in beside the forms -------------------------------------------------------------


def _keep_attachments() -> None:
    """Keep the attachments that were chosen, if any.

    Raises:
        RefusedError: nobody said what they are.
        UnreadableError: there are too many.
    """
    refuse_more_than_may()
    files = tuple(sent("file"))
    kind = request.form.get("kind", "")
    if not files:
        return
    if not kind:
        raise RefusedError("先选“是什么材料”,再添加附件", "say of what kind the attachments are")
    asked = request.form.get("item", "") if kind == EVIDENCE else ""
    piece, item = named_kind(_recipe(), asked or kind)
    keep(files, lambda name, data: keep_attachment(Handed(kind=piece, item=item, filename=name, data=data)))


def _keep_lower() -> None:
    """Keep the lower packets that were chosen, if any.

    Raises:
        UnreadableError: there are too many.
    """
    refuse_more_than_may()
    recipe = _recipe()
    keep(sent("lower"), lambda name, data: keep_lower(recipe, name, data))


def _untaken(error: RefusedError | UnreadableError) -> tuple[str, int]:
    """Return the page that says which files were not taken."""
    return _page(refused=error.message, title="有的文件没有收" if g.get("added") else ""), 422


@blueprint.post("/attachments")
def attach() -> AnyResponse | tuple[str, int]:
    """Add attachments of one kind."""
    if not any(sent("file")):
        return _page(refused="选择要添加的附件,再按“添加附件”"), 400
    if not request.form.get("kind"):
        return _page(refused="先选“是什么材料”,再按“添加附件”"), 400
    try:
        _keep_attachments()
        refuse_untaken()
    except (RefusedError, UnreadableError) as error:
        return _untaken(error)
    return _back("attachments")


@blueprint.post("/lower")
def hand_in() -> AnyResponse | tuple[str, int]:
    """Add packets of the tier below that came as files."""
    if not any(sent("lower")):
        return _page(refused="选择下级的上报材料(PDF 或压缩包),再按“添加下级材料”"), 400
    try:
        _keep_lower()
        refuse_untaken()
    except UnreadableError as error:
        return _untaken(error)
    return _back("lower-packets")


@blueprint.post("/attachments/<own>/remove")
def remove(own: str) -> AnyResponse:
    """Take an attachment or a lower packet off the list."""
    store, unit = scope.store(), scope.unit()
    is_lower = any(one.id == own and one.kind == LOWER for one in attachments.of_unit(store, unit))
    attachments.remove(store, unit, own)
    return _back("lower-packets" if is_lower else "attachments")


def _back(anchor: str) -> AnyResponse:
    """Go back to the page with what was ticked, and without what was not."""
    store, unit = scope.store(), scope.unit()
    owned, on = attachments.owned(store, unit), _enclosed()
    off = [a.id for a in attachments.of_unit(store, unit) if a.id not in on and is_free(owned.get(a.id, ()))]
    forms, lower = request.form.getlist("submission"), request.form.getlist("packet")
    here = url_for("packets.index", recipe=_recipe().id, submission=forms, packet=lower, off=off, _anchor=anchor)
    return redirect(here, 303)


# ---- binding ----------------------------------------------------------------------------------------


@blueprint.post("")
def make() -> AnyResponse | tuple[str, int]:
    """Bind what was chosen, or say what is missing; files chosen and not yet added are added first."""
    try:
        _keep_attachments()
        _keep_lower()
        refuse_untaken()
    except (RefusedError, UnreadableError) as error:
        return _untaken(error)
    try:
        asked = _asked()
        if not (asked.forms or asked.lower or any(one.kind == LOWER for one in asked.enclosed)):
            said = "勾选至少一份表或下级材料" if asked.recipe.is_of_many else "在第 1 步勾选至少一份表"
            return _page(refused=f"{said},再生成"), 422
        typed = typed_in(request.form)
        keep_with_forms(asked.forms, typed)
        attempt = bind(asked)
    except RefusedError as error:
        return _page(refused=error.message), 409
    if attempt.packet is None:
        return _page(attempt, too_short(typed)), 422
    return redirect(url_for("packets.show", own=attempt.packet.id), 303)


def _roster_id() -> str:
    """Return the id of the roster that is sent or was sent before: it is kept, so that it need not be chosen again."""
    sent = request.files.get("roster")
    if sent and sent.filename and "roster" not in g:
        handed = Handed(kind=ROSTER, item="", filename=sent.filename, data=sent.read())
        g.roster = attachments.keep(scope.store(), scope.unit(), handed).id
    return g.get("roster") or request.form.get("roster_id", "")


def _asked() -> Asked:
    store, unit = scope.store(), scope.unit()
    roster = _attachment(own) if (own := _roster_id()) else None
    typed = typed_in(request.form)
    options = options_of(request.form.get, roster and source_of(roster))
    return Asked(
        recipe=_recipe(),
        forms=tuple(submissions.get(store, unit, own) for own in request.form.getlist("submission")),
        enclosed=tuple(map(_attachment, _enclosed())),
        lower=tuple(_packet(own) for own in request.form.getlist("packet")),
        options=replace(options, written=written(typed)),
        confirmed=request.form.get("confirmed") == "1" and not too_short(typed),
    )


def _enclosed() -> tuple[str, ...]:
    """Return the ids of what is ticked, and of what came in with this request."""
    return tuple(dict.fromkeys((*request.form.getlist("attachment"), *g.get("added", ()))))


def _attachment(own: str) -> Attachment:
    return attachments.get(scope.store(), scope.unit(), own)


def _packet(own: str) -> Packet:
    return packets.get(scope.store(), scope.unit(), own)
