"""ISO 19005-2, 6.1, 6.4, 6.5, 6.8 and 6.9: the file, its catalogue, what acts, embedded files and layers."""

import re
from decimal import Decimal

import pikepdf

_FILTERS = frozenset(
    {"/ASCIIHexDecode", "/ASCII85Decode", "/FlateDecode", "/RunLengthDecode", "/CCITTFaxDecode", "/JBIG2Decode"}
    | {"/DCTDecode", "/JPXDecode"}
)
_ACTIONS = frozenset({"GoTo", "GoToR", "GoToE", "Thread", "URI", "Named", "SubmitForm"})
_NAMED = frozenset({"NextPage", "PrevPage", "FirstPage", "LastPage"})
_RELATIONS = frozenset({"Source", "Data", "Alternative", "Supplement", "Unspecified"})
_OUTSIDE = ("/F", "/FFilter", "/FDecodeParms")


def name(thing, key, default=""):
    """A name in a dictionary, without its slash."""
    return str(thing.get(key, default)).removeprefix("/")


def members(thing):
    """What a dictionary, an array or a stream holds: keys and values, '' for the members of an array."""
    if isinstance(thing, pikepdf.Array):
        return [("", member) for member in thing]
    return list(thing.items()) if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream) else []


# ---- 6.1 the file -----------------------------------------------------------------------------------


def of_bytes(data):
    head = data[:64].split(b"\n", 2)
    if not re.fullmatch(rb"%PDF-1\.[0-7]\r?", head[0]):
        yield "6.1.2 the file does not begin with %PDF-1.n"
    if not re.match(rb"%[\x80-\xff]{4}", head[1]):
        yield "6.1.2 no comment of four binary bytes follows the header"
    if not re.search(rb"%%EOF\r?\n?\Z", data):
        yield "6.1.3 something follows the end"
    if re.search(rb"[ \n>]stream\r(?!\n)", data):
        yield "6.1.7.1 a stream begins after a lone carriage return"


def of_trailer(pdf):
    if "/ID" not in pdf.trailer:
        yield "6.1.3 the trailer has no ID"
    if pdf.is_encrypted:
        yield "6.1.3 the file is encrypted"
    yield from (f"6.1 qpdf says {said}" for said in pdf.check_pdf_syntax())


def of_objects(pdf):
    for thing in pdf.objects:
        yield from _of_limits(thing)
        if isinstance(thing, pikepdf.Stream):
            yield from _of_stream(thing)
        if isinstance(thing, pikepdf.Stream | pikepdf.Dictionary):
            yield from _of_action(thing)


def _of_stream(stream):
    if any(key in stream for key in _OUTSIDE):
        yield "6.1.7.1 the data of a stream stand in another file"
    filters = stream.get("/Filter", [])
    for one in [filters] if isinstance(filters, pikepdf.Name) else list(filters):
        if str(one) not in _FILTERS:
            yield f"6.1.7.2 a stream is packed with {one}"


def _of_limits(thing):
    """Strings, names and numbers are within what every reader takes (6.1.13)."""
    for key, value in members(thing):
        if len(key.encode()) > 128:
            yield f"6.1.13 a name is too long: {key[:20]}"
        if isinstance(value, pikepdf.String) and len(bytes(value)) > 32767:
            yield "6.1.13 a string is longer than 32,767 bytes"
        if isinstance(value, int | Decimal) and not -(2**31) <= value < 2**31:
            yield f"6.1.13 a number is too large: {value}"
        if not (isinstance(value, pikepdf.Object) and value.is_indirect):
            yield from _of_limits(value)


# ---- 6.5 what acts ------------------------------------------------------------------------------------


def _of_action(thing):
    if "/JS" in thing or name(thing, "/S") == "JavaScript":
        yield "6.5.1 there is JavaScript"
    for action in (thing, thing.get("/A")):
        if isinstance(action, pikepdf.Dictionary) and (name(action, "/Type") == "Action" or action is not thing):
            yield from _of_kind(action)


def _of_kind(action):
    kind = name(action, "/S")
    if kind and kind not in _ACTIONS:
        yield f"6.5.1 an action is of the kind {kind}"
    if kind == "Named" and name(action, "/N") not in _NAMED:
        yield f"6.5.1 a named action does {name(action, '/N')}"


# ---- the catalogue, 6.4 forms, 6.9 layers ---------------------------------------------------------------


def of_catalog(pdf):
    root = pdf.Root
    for key in ("/AA", "/OpenAction", "/Requirements", "/Perms", "/Collection", "/NeedsRendering"):
        if key in root:
            yield f"6.1–6.11 the catalogue has {key}"
    for key in ("/JavaScript", "/AlternatePresentations"):
        if key in root.get("/Names", {}):
            yield f"6.5, 6.10 the names have {key}"
    form = root.get("/AcroForm", {})
    if "/XFA" in form or form.get("/NeedAppearances", False):
        yield "6.4 the form is XFA, or its appearances are to be made again"
    if "/OCProperties" in root:
        yield from _of_layers(root.OCProperties)


def _of_layers(properties):
    configs = [properties.D, *properties.get("/Configs", [])]
    named = [str(config.get("/Name", "")) for config in configs]
    if "" in named or len(set(named)) < len(named):
        yield "6.9 a configuration of layers has no name of its own"
    if any("/AS" in config for config in configs):
        yield "6.9 layers switch themselves"


# ---- 6.8 embedded files ---------------------------------------------------------------------------------


def of_files(pdf, part):
    """Part 2 allows none but PDF/A; part 3 all that say what they are and what they belong to."""
    belonging = {spec.objgen for spec in pdf.Root.get("/AF", [])}
    for spec in pdf.objects:
        if isinstance(spec, pikepdf.Dictionary) and "/EF" in spec:
            yield from [f"6.8 a file is embedded: {spec.F}"] if part == 2 else _of_file(spec, belonging)


def _of_file(spec, belonging):
    if not str(spec.get("/F", "")) or not str(spec.get("/UF", "")):
        yield "6.8 an embedded file has no name"
    if name(spec, "/AFRelationship") not in _RELATIONS:
        yield "6.8 an embedded file does not say what it is to the document"
    if spec.objgen not in belonging:
        yield "6.8 an embedded file belongs to nothing"
    if not all(re.fullmatch(r"[\w.+-]+/[\w.+-]+", name(held, "/Subtype")) for held in spec.EF.values()):
        yield "6.8 an embedded file has no media type"
