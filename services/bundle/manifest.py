"""The manifest of a packet: every piece with its source, its pages and their digests, and one root hash.

The digests of pages are those of `services.bundle.pagedigest`: taken over what they show, so that they can be
recomputed from the packet alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

FORMAT = "census-packet/2"
FORMATS = ("census-packet/1", FORMAT)
"""What packets are taken from: the format of before, and today's, the first that a browser can recompute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One piece in the packet. `file` is its original's path in the zip, empty for what the service made itself.

    `code` begins its pages' stable codes; `station` is the 机构编码 it belongs to, empty for the whole
    packet's own pieces; `packet` is the root hash of the lower packet it was taken from; `supplement` is
    0 for the first binding, else the number of the 补充件.
    """

    number: int
    key: str
    title: str
    first_page: int
    last_page: int
    pages_sha256: str
    file: str = ""
    file_sha256: str = ""
    file_size: int = 0
    record: str = ""
    record_sha256: str = ""
    code: str = ""
    station: str = ""
    packet: str = ""
    note: str = ""
    supplement: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a packet says of itself, in whole numbers and texts alone. `root` is the SHA-256 over everything else in it.

    `reasons` are the findings to confirm that were passed, with the reason given (情况说明); `left_out`
    names what was handed in and not bound; `packets` the lower packets taken; `files` what is embedded
    beside the pieces' own; `figures` the summaries' figures, recomputed from the records; `conformance`
    the PDF/A level or why there is none; `supplements` the later bindings.
    """

    recipe: str
    title: str
    unit: str
    agency_code: str
    edition: str
    region: str
    region_version: str
    template_versions: Mapping[str, str]
    rules_sha256: str
    page_count: int
    entries: tuple[Entry, ...]
    reasons: tuple[Mapping[str, str], ...] = ()
    left_out: tuple[Mapping[str, str], ...] = ()
    packets: tuple[Mapping[str, str], ...] = ()
    files: tuple[Mapping[str, Any], ...] = ()
    figures: Mapping[str, Any] = field(default_factory=dict)
    conformance: Mapping[str, Any] = field(default_factory=dict)
    supplements: tuple[Mapping[str, Any], ...] = ()


def as_json(manifest: Manifest) -> dict[str, Any]:
    """Return the manifest as it stands in manifest.json, root hash included."""
    body = json.loads(json.dumps({"format": FORMAT, **asdict(manifest)}, ensure_ascii=False))
    return {**body, "root_sha256": root(body)}


def root(body: Mapping[str, Any]) -> str:
    """Return the SHA-256 over a manifest's canonical JSON without its own root hash, in hex."""
    bare = {key: value for key, value in body.items() if key != "root_sha256"}
    return sha256(json.dumps(bare, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())


def dump(body: Mapping[str, Any]) -> bytes:
    """Return the bytes of manifest.json."""
    return (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode()


def sha256(data: bytes) -> str:
    """Return the SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()
