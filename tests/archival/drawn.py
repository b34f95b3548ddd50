"""ISO 19005-2, 6.2 and 6.3: pages, what they draw, pictures, transparency and annotations."""

import pikepdf

from tests.archival.parts import name
from tests.archival.properties import profile_of

_OPERATORS = frozenset(
    "b B b* B* BDC BI BMC BT BX c cm CS cs d d0 d1 Do DP EI EMC ET EX f F f* G g gs h i ID j J K k l m M MP n q Q re "  # noqa: SIM905 - a list of a hundred strings is unreadable
    "RG rg ri s S SC sc SCN scn sh T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w W W* y ' \"".split()
) | {"INLINE IMAGE"}
_USES = {
    "Do": "/XObject",
    "Tf": "/Font",
    "gs": "/ExtGState",
    "sh": "/Shading",
    "cs": "/ColorSpace",
    "CS": "/ColorSpace",
}
_DEVICES = frozenset({"/DeviceGray", "/DeviceRGB", "/Pattern"})
_BLENDS = frozenset(
    {"Normal", "Compatible", "Multiply", "Screen", "Overlay", "Darken", "Lighten", "ColorDodge", "ColorBurn"}
    | {"HardLight", "SoftLight", "Difference", "Exclusion", "Hue", "Saturation", "Color", "Luminosity"}
)
_INTENTS = frozenset({"RelativeColorimetric", "AbsoluteColorimetric", "Perceptual", "Saturation"})
_ANNOTATIONS = frozenset(
    {"Text", "Link", "FreeText", "Line", "Square", "Circle", "Polygon", "PolyLine", "Highlight", "Underline"}
    | {"Squiggly", "StrikeOut", "Stamp", "Caret", "Ink", "Popup", "Widget", "PrinterMark", "TrapNet"}
    | {"Watermark", "Redact", "FileAttachment"}
)
_PRINT, _HIDDEN = 4, 1 | 2 | 32 | 256
_DEEPEST = 28


def of_pages(pdf):
    seen = set()
    for page in pdf.pages:
        for key, clause in (("/AA", "6.5.2"), ("/PresSteps", "6.11")):
            if key in page.obj:
                yield f"{clause} a page has {key}"
        left, bottom, right, top = (float(side) for side in page.mediabox)
        if not (3 <= right - left <= 14400 and 3 <= top - bottom <= 14400):
            yield "6.1.13 a page is smaller than 3 or larger than 14,400 points"
        yield from _of_content(page.obj, seen)
        for note in page.obj.get("/Annots", []):
            yield from _of_annotation(note, seen)


# ---- 6.2 what is drawn ----------------------------------------------------------------------------------


def _of_content(content, seen):
    """What is wrong with what a page, a drawing or an appearance draws; its resources must be its own."""
    if content.objgen in seen:
        return
    seen.add(content.objgen)
    resources = content.get("/Resources", pikepdf.Dictionary())
    yield from _of_instructions(content, resources)
    for state in resources.get("/ExtGState", {}).values():
        yield from _of_state(state)
    for space in resources.get("/ColorSpace", {}).values():
        yield from _of_space(space)
    for drawing in resources.get("/XObject", {}).values():
        yield from _of_drawing(drawing, seen)


def _of_instructions(content, resources):
    depth = 0
    for operands, operator in pikepdf.parse_content_stream(content):
        word = str(operator)
        depth += {"q": 1, "Q": -1}.get(word, 0)
        if depth > _DEEPEST:
            yield "6.1.13 more than 28 graphics states are kept"
        yield from _of_instruction(word, operands, resources)


def _of_instruction(word, operands, resources):
    called = str(operands[0]) if operands else ""
    if word not in _OPERATORS:
        yield f"6.2.2 an unknown operator: {word}"
    if word in _USES and called not in resources.get(_USES[word], {}) and called not in _DEVICES:
        yield f"6.2.2 {word} calls {called}, which is not in the resources"
    if word in {"K", "k"}:
        yield "6.2.4.3 a colour is CMYK while the output intent is RGB"
    if word == "ri" and called[1:] not in _INTENTS:
        yield "6.2.6 an unknown rendering intent"
    if word == "INLINE IMAGE":
        yield from _of_picture(operands[0].obj)


def _of_drawing(drawing, seen):
    kind = name(drawing, "/Subtype")
    if kind == "PS" or any(key in drawing for key in ("/OPI", "/PS", "/Ref", "/Subtype2", "/Alternates")):
        yield "6.2.8, 6.2.9 a drawing is PostScript, has another picture or stands elsewhere"
    if kind == "Form":
        yield from _of_content(drawing, seen)
    else:
        yield from _of_picture(drawing)
    for group in (drawing.get("/Group"), drawing.get("/SMask")):
        if group is not None and "/CS" in group:
            yield from _of_space(group.CS)


def _of_picture(picture):
    if picture.get("/Interpolate", False) or picture.get("/I", False):
        yield "6.2.8 a picture is to be interpolated"
    if "LZW" in str(picture.get("/F", "")) + str(picture.get("/Filter", "")):
        yield "6.1.10 a picture is packed with LZW"
    if "/Intent" in picture and name(picture, "/Intent") not in _INTENTS:
        yield "6.2.6 a picture has an unknown rendering intent"
    if "/ColorSpace" in picture:
        yield from _of_space(picture.ColorSpace)


def _of_space(space):
    if isinstance(space, pikepdf.Array) and str(space[0]) == "/ICCBased":
        yield from (f"6.2.4.2 {said}" for said in filter(None, profile_of(space[1])[1:]))
    elif "/DeviceCMYK" in [str(one) for one in ([space] if isinstance(space, pikepdf.Name) else list(space))]:
        yield "6.2.4.3 a colour space is CMYK while the output intent is RGB"


def _of_state(state):
    if "/TR" in state or "/HTP" in state or name(state, "/TR2", "/Default") != "Default":
        yield "6.2.5 a graphics state has a transfer function or a halftone phase"
    if name(state, "/RI", "/Perceptual") not in _INTENTS:
        yield "6.2.6 an unknown rendering intent"
    blend = state.get("/BM", pikepdf.Name.Normal)
    for one in [blend] if isinstance(blend, pikepdf.Name) else list(blend):
        if str(one)[1:] not in _BLENDS:
            yield f"6.2.10 an unknown blend mode: {one}"


# ---- 6.3 annotations --------------------------------------------------------------------------------------


def _of_annotation(note, seen):
    kind = name(note, "/Subtype")
    flags = int(note.get("/F", 0))
    if kind not in _ANNOTATIONS:
        yield f"6.3.1 an annotation is a {kind}"
    if kind != "Popup" and (not flags & _PRINT or flags & _HIDDEN):
        yield f"6.3.2 a {kind} is not printed, or hidden (flags {flags})"
    if "/AA" in note or (kind == "Widget" and "/A" in note):
        yield f"6.4.1, 6.5.2 a {kind} acts on its own"
    left, bottom, right, top = (float(side) for side in note.get("/Rect", [0, 0, 0, 0]))
    if kind not in {"Popup", "Link"} and (left, bottom) != (right, top):
        yield from _of_appearance(note, kind, seen)


def _of_appearance(note, kind, seen):
    looks = note.get("/AP", pikepdf.Dictionary())
    if list(looks.keys()) != ["/N"]:
        yield f"6.3.3 a {kind} has no appearance, or more than one"
        return
    inherited = note.get("/Parent", pikepdf.Dictionary()).get("/FT", "")
    is_button = kind == "Widget" and name(note, "/FT", inherited) == "Btn"
    if is_button == isinstance(looks.N, pikepdf.Stream):
        yield f"6.3.3 the appearance of a {kind} is of the wrong kind"
    for look in appearances(note):
        yield from _of_content(look, seen)


def appearances(note):
    """The drawings that an annotation may show."""
    looks = note.get("/AP", pikepdf.Dictionary()).get("/N", pikepdf.Dictionary())
    return [looks] if isinstance(looks, pikepdf.Stream) else list(looks.values())
