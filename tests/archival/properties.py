"""ISO 19005-2, 6.2.3 and 6.6: the output intent with its colour profile, and the properties in XMP."""

import io
import re
from typing import Any

from lxml import etree
from PIL import ImageCms

_NS = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "schema": "http://www.aiim.org/pdfa/ns/schema#",
}
_KNOWN = (
    "http://purl.org/dc/elements/1.1/",
    "http://ns.adobe.com/",
    "http://www.aiim.org/pdfa/ns/",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
)
"""What begins so is defined by ISO 19005 or needs no definition; anything else has to be described in the file."""
_SAME = {"/Title": "dc:title", "/Author": "dc:creator", "/Subject": "dc:description", "/Keywords": "pdf:Keywords"}
_SAME |= {"/Creator": "xmp:CreatorTool", "/Producer": "pdf:Producer"}
_TIMES = {"/CreationDate": "xmp:CreateDate", "/ModDate": "xmp:ModifyDate"}
_COLOURS = {"RGB": 3, "GRAY": 1, "CMYK": 4, "Lab": 3}


def of_properties(pdf, part):
    stream = pdf.Root.get("/Metadata")
    if stream is None:
        yield "6.6.2.1 there are no properties in XMP"
        return
    if "/Filter" in stream or (stream.get("/Type"), stream.get("/Subtype")) != ("/Metadata", "/XML"):
        yield "6.6.2.1 the XMP is packed or not named as XML"
    raw = stream.read_bytes()
    if re.search(rb"<\?xpacket[^?]*(bytes|encoding)=", raw):
        yield "6.6.2.1 the head of the XMP has bytes or encoding"
    tree = etree.fromstring(raw, etree.XMLParser(resolve_entities=False, no_network=True))
    if (_said(tree, "pdfaid:part"), _said(tree, "pdfaid:conformance")) not in {(str(part), level) for level in "ABU"}:
        yield f"6.6.4 the XMP does not say PDF/A-{part}"
    yield from _of_schemas(tree)
    yield from _of_info(pdf.docinfo, tree)


def _said(tree, path):
    """The text of a property, written as an element or as an attribute; of a list its first."""
    prefix, _, local = path.partition(":")
    node = tree.find(f".//{path}", _NS)
    if node is not None:
        return "".join(node.itertext()).strip()
    held = [one.get(f"{{{_NS[prefix]}}}{local}") for one in tree.iterfind(".//rdf:Description", _NS)]
    return next(filter(None, held), "")


def _of_schemas(tree):
    described = {node.text for node in tree.iterfind(".//schema:namespaceURI", _NS)}
    for description in tree.iterfind(".//rdf:Description", _NS):
        held = [child.tag for child in description] + [key for key in description.attrib if key.startswith("{")]
        for space in {str(tag)[1:].partition("}")[0] for tag in held}:
            if not space.startswith(_KNOWN) and space not in described:
                yield f"6.6.2.3 a property of {space} is described nowhere"


def _of_info(info, tree):
    """What the old properties say, the new ones say as well."""
    for key, path in _SAME.items():
        if key in info and str(info[key]) != _said(tree, path):
            yield f"6.6.3 {key} is {str(info[key])!r}, in the XMP {_said(tree, path)!r}"
    for key, path in _TIMES.items():
        if key in info and _digits(str(info[key])) != _digits(_said(tree, path)):
            yield f"6.6.3 {key} is not that of the XMP"


def _digits(day):
    return re.sub(r"\D", "", day)[:14]


def of_intents(pdf):
    intents = [one for one in pdf.Root.get("/OutputIntents", []) if one.S == "/GTS_PDFA1"]
    if not intents or "/DestOutputProfile" not in intents[0]:
        yield "6.2.3 there is no output intent with a profile"
        return
    space, said = profile_of(intents[0].DestOutputProfile)
    if said or space != "RGB":
        yield f"6.2.3 the profile of the output intent: {said or space}"


def profile_of(stream):
    """The colour space of an ICC profile, and what is wrong with it."""
    data = stream.read_bytes()
    profile: Any
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(data)).profile
    except OSError:
        return "", "a colour profile cannot be opened"
    space = profile.xcolor_space.strip()
    if int.from_bytes(data[:4]) != len(data):
        return space, "a colour profile is cut off"
    if profile.version >= 5 or int(stream.N) != _COLOURS.get(space):
        return space, f"a colour profile is of version {profile.version}, {space} for {stream.N} colours"
    return space, ""
