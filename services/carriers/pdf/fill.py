"""The typeset form as a fillable PDF/A-2b that also carries its record."""

from __future__ import annotations

import io

import pikepdf

from services.carriers.pdf.carried import carry, sealed
from services.carriers.pdf.fields import add_fields
from services.carriers.reading import Filled
from services.form import Form
from services.identity import Stamp
from services.paper.typeset import continued, sheet, typeset
from services.record import Record, shown


def fill(form: Form, record: Record, stamp: Stamp) -> Filled:
    """Return the form with its record as a fillable PDF/A-2b; the same record gives the same bytes.

    The findings: characters that no font covers (N01), photographs that cannot be opened (D05), texts
    that run over to another page (D08).
    """
    piece = sheet(form, record, stamp, fillable=True)
    made = typeset((piece,), title=form.title, subject=stamp.token)
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(made.pdf)) as document:
        add_fields(document, form, made, shown(form, record), piece.data["ink"])
        carry(document, form, record, stamp)
        document.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return Filled(data=sealed(out.getvalue()), findings=(*piece.findings, *continued(form, made, piece.key)))
