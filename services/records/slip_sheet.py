"""The return slip (退回修改单, rule K07) on paper: A4, with the receipt (签收) to be signed by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from forms.slips import RETURN_SLIP
from services.kinds.day import show_day
from services.paper.typeset import Piece
from services.paper.typeset_labels import typographic
from services.paper.typeset_tables import blank_day
from services.records.slip import Slip
from services.records.submissions import form_of
from services.survey.printed import fit, parted, piece, printed
from services.survey.tables import made


def slip_pdf(slip: Slip) -> bytes:
    """Return the slip as PDF; characters that no face has are printed as 〓 (rule N01)."""
    table = replace(RETURN_SLIP, signed=_signed(slip))
    listing = piece(made(table, _rows(slip), subtitle=_said(slip)), "slip", f"编号:{slip.number}")
    return printed(parted(_fitted(listing)), f"{RETURN_SLIP.title} {slip.number}")


def _said(slip: Slip) -> str:
    form, returned = form_of(slip.submission), slip.submission
    said = (
        f"报来的《{form.title}》(第{returned.version}版)经核对,有下列{len(slip.lines)}处要改正或答复。"
        f"请在{show_day(slip.deadline)}以前(含当日)在原来的文件上改好,再次上报。"
    )
    return f"{returned.station}:\n\u3000\u3000{typographic(said)}"


def _rows(slip: Slip) -> Iterator[Mapping[str, str]]:
    for line in slip.lines:
        yield {"place": line.place, "problem": line.problem, "remedy": typographic(line.remedy), "rule": line.rule}


def _signed(slip: Slip) -> tuple[str, ...]:
    """Return the words beside which people sign: the unit that returns at the left, the receipt at the right."""
    return (
        f"退回单位:{slip.unit_name}(盖章)",
        "签收人:",
        f"经办人:{slip.handler}",
        f"签收日期:{blank_day()}",
        f"退回日期:{show_day(slip.returned_on)}",
        "",
    )


def _fitted(listing: Piece) -> Piece:
    """Return the piece with its signed words fit for print: they hold names that people typed."""
    signed = [fit(typographic(words), "song") for words in listing.data["signed"]]
    return replace(listing, data={**listing.data, "signed": signed})
