"""打包: a packet that was bound, handed out and looked at; and the verifying of any packet."""

from __future__ import annotations

from flask import Response, abort, render_template, request

from services.bundle import verify
from services.bundle.archive import file_in
from services.bundle.verifier import VERIFIER, page
from services.bundle.verify import Verified
from services.carriers.reading import UnreadableError
from services.recipe import RECORDS
from services.records import packets
from services.records.packets import Packet
from web import scope
from web.downloads import download
from web.naming import file_name
from web.pages.packets import blueprint
from web.words import local_day


def _packet(own: str) -> Packet:
    return packets.get(scope.store(), scope.unit(), own)


@blueprint.get("/<own>")
def show(own: str) -> str:
    """Show a packet: its contents, its hashes, and whether they still hold."""
    found = _packet(own)
    verified = verify.verify(packets.archive_place(scope.store(), scope.unit(), found))
    beside = [file for file in found.manifest.get("files", ()) if not file["name"].startswith(RECORDS)]
    return render_template("packet.html", packet=found, verified=verified, beside=beside)


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


@blueprint.get("/<own>/files/<path:name>")
def enclosed_file(own: str, name: str) -> Response:
    """Hand out what goes beside the pages: the summaries as a workbook, the lists, the public register."""
    found = _packet(own)
    if name not in {file["name"] for file in found.manifest.get("files", ())}:
        abort(404)
    data = file_in(packets.archive_place(scope.store(), scope.unit(), found), name)
    return download(data, name.rpartition("/")[2])


def _box(*, message: str = "", verified: Verified | None = None, name: str = "") -> str:
    limit = scope.settings().packet_limit
    return render_template("verify.html", message=message, verified=verified, name=name, limit=limit)


@blueprint.get("/verify")
def ask_verify() -> str:
    """Show the box for a packet to be verified."""
    return _box()


@blueprint.get("/verify/page")
def verify_page() -> Response:
    """Hand out the page that checks packets in a browser without a network."""
    return download(page(), VERIFIER)


@blueprint.post("/verify")
def check() -> tuple[str, int]:
    """Recompute every hash of an uploaded packet; nothing is kept."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _box(message="选择一份上报材料(PDF 或 zip)再校验"), 400
    try:
        return _box(verified=verify.verify(sent.read()), name=sent.filename), 200
    except UnreadableError as error:
        return _box(message=error.message), 422
