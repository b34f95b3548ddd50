"""Pictures of a workbook: the QR code on the cover and the photograph over its cell."""

from __future__ import annotations

from dataclasses import dataclass

from services.kinds.picture import media_type

EMU_PER_MM = 36_000
_NAMESPACES = (
    'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A picture on a sheet: cell of its top left corner, offset in it and size in millimetres, name and bytes."""

    row: int
    col: int
    left_mm: float
    top_mm: float
    width_mm: float
    height_mm: float
    name: str
    data: bytes


def suffix(data: bytes) -> str:
    """Return the file suffix of a picture's bytes."""
    return "png" if media_type(data) == "png" else "jpeg"


def drawing_xml(photo: Photo) -> bytes:
    """Return the drawing of one picture, moving with its cell but never stretched."""
    left, top, width, height = (
        round(mm * EMU_PER_MM) for mm in (photo.left_mm, photo.top_mm, photo.width_mm, photo.height_mm)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<xdr:wsDr {_NAMESPACES}><xdr:oneCellAnchor>'
        f"<xdr:from><xdr:col>{photo.col}</xdr:col><xdr:colOff>{left}</xdr:colOff>"
        f"<xdr:row>{photo.row}</xdr:row><xdr:rowOff>{top}</xdr:rowOff></xdr:from>"
        f'<xdr:ext cx="{width}" cy="{height}"/>'
        f'<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="{photo.name}" descr="{photo.name}"/>'
        '<xdr:cNvPicPr><a:picLocks noChangeAspect="1"/></xdr:cNvPicPr></xdr:nvPicPr>'
        '<xdr:blipFill><a:blip r:embed="rId1"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill>'
        f'<xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic><xdr:clientData/>'
        "</xdr:oneCellAnchor></xdr:wsDr>"
    ).encode()


def relations_xml(*relations: tuple[str, str]) -> bytes:
    """Return a relations part: (type, target) as rId1, rId2, …; a type without a scheme is an office type."""
    made = "".join(
        f'<Relationship Id="rId{n}" Type="{kind if "://" in kind else f"{RELATION}/{kind}"}" Target="{target}"/>'
        for n, (kind, target) in enumerate(relations, 1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{made}</Relationships>'
    ).encode()
