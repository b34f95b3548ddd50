"""The files that a packet is made of, embedded in its PDF or loose in its zip, against the manifest's hashes."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import pikepdf

from services.bundle.archive import PACKET
from services.bundle.manifest import sha256
from services.bundle.verifier import VERIFIER, page
from services.bundle.verify_told import Line, named
from services.recipe import MANIFEST

_PIECE = 1 << 20


class Files(Protocol):
    """The files of a packet, wherever they are."""

    def names(self) -> frozenset[str]:
        """Return their names."""
        ...

    def hashed(self, name: str) -> str:
        """Return the SHA-256 of a file in hex, '' when it is damaged."""
        ...

    def read(self, name: str) -> bytes:
        """Return a file."""
        ...


class InPdf:
    """The files embedded in a PDF."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        """Keep the list of files of a PDF, which must stay open; asking for the list costs more than most files."""
        self._files = pdf.attachments

    def names(self) -> frozenset[str]:
        """Return their names."""
        return frozenset(self._files.keys())

    def hashed(self, name: str) -> str:
        """Return the SHA-256 of a file in hex, '' when it is damaged."""
        try:
            return sha256(self.read(name))
        except (pikepdf.PdfError, RuntimeError, ValueError, KeyError):
            return ""

    def read(self, name: str) -> bytes:
        """Return a file."""
        return self._files[name].get_file().read_bytes()


class InZip:
    """The files of a zip; the packet's own PDF and its checking page are not among the pieces' files."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        """Keep the archive, which must stay open."""
        self._archive = archive

    def names(self) -> frozenset[str]:
        """Return their names."""
        return frozenset(entry.filename for entry in self._archive.infolist() if not entry.is_dir())

    def hashed(self, name: str) -> str:
        """Return the SHA-256 of a file in hex, '' when it is damaged; piece by piece, however large it is."""
        digest = hashlib.sha256()
        try:
            with self._archive.open(name) as file:
                while piece := file.read(_PIECE):
                    digest.update(piece)
        except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError, KeyError, EOFError):
            return ""
        return digest.hexdigest()

    def read(self, name: str) -> bytes:
        """Return a file."""
        return self._archive.read(name)


def of_files(body: Mapping[str, Any], files: Files) -> Iterator[Line]:
    """Yield what holds of each listed file, and which files are not listed."""
    names = files.names()
    listed = {MANIFEST, PACKET, VERIFIER}
    for what, name, stated in _listed(body):
        listed.add(name)
        computed = files.hashed(name) if name in names else ""
        said = "缺少" if name not in names else "已损坏" if not computed else "内容已改动"
        holds = bool(computed) and computed == stated
        yield Line(holds=holds, text=f"{what} {name}:{'一致' if holds else said}")
    for name in sorted(names - listed):
        yield Line(holds=False, text=f"多出清单里没有的文件 {name}")


def _listed(body: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield whose it is, the name and the hash of every file that the manifest lists."""
    for entry in body["entries"]:
        for name, stated in ((entry["file"], entry["file_sha256"]), (entry["record"], entry["record_sha256"])):
            if name:
                yield named(entry), name, stated
    for file in body.get("files", ()):
        yield f"《{file.get('title') or '附带文件'}》", str(file["name"]), str(file["sha256"])


def of_verifier(files: Files) -> Iterator[Line]:
    """Yield whether the checking page that lies in a zip is ours: one that was changed would find nothing."""
    if VERIFIER in files.names():
        same = files.hashed(VERIFIER) == sha256(page())
        said = "与本系统的一致" if same else "与本系统现在的不同,请改用本系统的核验页"
        yield Line(holds=same, text=f"{VERIFIER} {said}")
