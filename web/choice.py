"""Which edition and region a page or a download is asked for, read from the address."""

from __future__ import annotations

from typing import cast

from flask import request

from services.catalogue import concrete
from services.desk import CARRIERS, CarrierName
from services.form import Form
from web.refusals import AskedWronglyError


def asked_form(form_id: str) -> Form:
    """Return the form in the `edition` and `region` that the request asks for.

    Raises:
        UnknownFormError: there is no such form, edition or region.
    """
    return concrete(form_id, request.values.get("edition", ""), request.values.get("region", ""))


def asked_carrier() -> CarrierName:
    """Return the carrier that `as` names, docx when it names none.

    Raises:
        AskedWronglyError: there is no such carrier.
    """
    name = request.values.get("as", "docx")
    if name not in CARRIERS:
        known = "、".join(CARRIERS)
        raise AskedWronglyError(f"没有“{name}”这种文件;as 可写:{known}", f"`as` is one of {', '.join(CARRIERS)}")
    return cast("CarrierName", name)
