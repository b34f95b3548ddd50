"""打包: choosing forms and attachments, binding the packet, and looking at what was bound."""

from __future__ import annotations

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from forms.packets import RECIPES, STATION
from services.answers import base_items
from services.bundle import verify
from services.bundle.verifier import VERIFIER, page
from services.bundle.verify import Verified
from services.carriers.reading import UnreadableError
from services.catalogue import concrete
from services.findings import Finding
from services.recipe import Recipe
from services.records import attachments, packets, submissions
from services.records.attachments import Attachment, Handed
from services.records.packets import Packet
from services.records.submissions import RefusedError
from web import scope
from web.binding import (
    EVIDENCE,
    ROSTER,
    Asked,
    attachment_pieces,
    bind,
    keep_attachment,
    named_kind,
    options_of,
    recipe_of,
    recipes,
    source_of,
)
from web.downloads import download
from web.naming import file_name
from web.words import local_day

blueprint = Blueprint("packets", __name__, url_prefix="/packets")


@blueprint.get("")
def index() -> str:
    """Show what can be bound."""
    return _page()


def _page(findings: tuple[Finding, ...] = (), refused: str = "") -> str:
    store, unit = scope.store(), scope.unit()
    asked = request.values.getlist("submission")
    recipe = _recipe()
    kept = packets.of_unit(store, unit)
    return render_template(
        "packets.html",
        recipe=recipe,
        recipes=recipes(),
        said={name: request.form.get(name, "") for name in ("number", "signed_on", "unit")}
        | {"roster_id": _roster_id()},
        lower=[p for p in kept if recipe.is_of_many and p.recipe in _below(recipe)],
        lower_chosen=frozenset(request.form.getlist("packet")),
        submissions=submissions.standing(store, unit),
        attachments=[a for a in attachments.of_unit(store, unit) if a.kind != ROSTER],
        pieces={piece.key: piece for piece in attachment_pieces(recipe)},
        items=base_items(concrete(recipe.lead_form)),
        chosen=frozenset(asked),
        taken=frozenset(request.values.getlist("attachment")) if request.method == "POST" else None,
        packets=kept,
        findings=findings,
        refused=refused,
    )


def _recipe() -> Recipe:
    """Return the recipe that the page is about, the station's unless another is named."""
    return recipe_of(request.values.get("recipe") or STATION.id)


def _below(recipe: Recipe) -> tuple[str, ...]:
    """Return the recipes of the packets that may go into one of this."""
    order = [known.id for known in RECIPES]
    return tuple(order[: order.index(recipe.id)])


@blueprint.post("/attachments")
def attach() -> AnyResponse | tuple[str, int]:
    """Add attachments of one kind."""
    sent = [(f.filename or "", f.read()) for f in request.files.getlist("file") if f.filename]
    if not sent:
        return _page(refused="选择要添加的附件,再按“添加附件”"), 400
    kind = request.form.get("kind", "")
    if not kind:
        return _page(refused="先选“是什么材料”,再按“添加附件”"), 400
    asked = request.form.get("item", "") if kind == EVIDENCE else ""
    try:
        piece, item = named_kind(_recipe(), asked or kind)
        for name, data in sent:
            keep_attachment(Handed(kind=piece, item=item, filename=name, data=data))
    except (RefusedError, UnreadableError) as error:
        return _page(refused=error.message), 422
    chosen = request.form.getlist("submission")
    return redirect(url_for("packets.index", recipe=_recipe().id, submission=chosen, _anchor="attachments"), 303)


@blueprint.post("/attachments/<own>/remove")
def remove(own: str) -> AnyResponse:
    """Take an attachment off the list."""
    attachments.remove(scope.store(), scope.unit(), own)
    chosen = request.form.getlist("submission")
    return redirect(url_for("packets.index", recipe=_recipe().id, submission=chosen, _anchor="attachments"), 303)


@blueprint.post("")
def make() -> AnyResponse | tuple[str, int]:
    """Bind what was chosen, or say what is missing."""
    if not request.form.getlist("submission") and not request.form.getlist("packet"):
        return _page(refused="在第 1 步勾选至少一份表,再生成"), 422
    try:
        attempt = bind(_asked())
    except RefusedError as error:
        return _page(refused=error.message), 409
    if attempt.packet is None:
        return _page(findings=attempt.findings), 422
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
    return Asked(
        recipe=_recipe(),
        forms=tuple(submissions.get(store, unit, own) for own in request.form.getlist("submission")),
        enclosed=tuple(_attachment(own) for own in request.form.getlist("attachment")),
        lower=tuple(_packet(own) for own in request.form.getlist("packet")),
        options=options_of(request.form.get, roster and source_of(roster)),
        confirmed=request.form.get("confirmed") == "1",
    )


def _attachment(own: str) -> Attachment:
    return attachments.get(scope.store(), scope.unit(), own)


def _packet(own: str) -> Packet:
    return packets.get(scope.store(), scope.unit(), own)


@blueprint.get("/<own>")
def show(own: str) -> str:
    """Show a packet: its contents, its hashes, and whether they still hold."""
    found = _packet(own)
    verified = verify.verify(packets.archive(scope.store(), scope.unit(), found))
    return render_template("packet.html", packet=found, verified=verified)


def _name(found: Packet, ending: str) -> str:
    day = f"{local_day(found.created_at):%Y%m%d}"
    return file_name(("上报材料", found.station, day, f"v{found.number}"), ending)


@blueprint.get("/<own>.pdf")
def pdf(own: str) -> Response:
    """Hand out the packet's PDF."""
    found = _packet(own)
    return download(packets.pdf(scope.store(), scope.unit(), found), _name(found, "pdf"))


@blueprint.get("/<own>.zip")
def archive(own: str) -> Response:
    """Hand out the packet's zip."""
    found = _packet(own)
    return download(packets.archive(scope.store(), scope.unit(), found), _name(found, "zip"))


@blueprint.get("/verify")
def ask_verify() -> str:
    """Show the box for a packet to be verified."""
    return render_template("verify.html", verified=None, message="")


@blueprint.get("/verify/page")
def verify_page() -> Response:
    """Hand out the page that checks packets in a browser without a network."""
    return download(page(), VERIFIER)


@blueprint.post("/verify")
def check() -> tuple[str, int]:
    """Recompute every hash of an uploaded packet; nothing is kept."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return render_template("verify.html", verified=None, message="选择一份上报材料(PDF 或 zip)再校验"), 400
    verified: Verified | None = None
    try:
        verified = verify.verify(sent.read())
    except UnreadableError as error:
        return render_template("verify.html", verified=None, message=error.message), 422
    return render_template("verify.html", verified=verified, message="", name=sent.filename), 200
