"""The QR code of a form's identity, for every carrier."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import zxingcpp

QUIET_MODULES = 4
"""The white border that ISO/IEC 18004 asks for, in modules."""

PIXELS_PER_MODULE = 8
_ALPHANUMERIC = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


def png(token: str) -> bytes:
    """Return the QR code of `token` as a PNG of one bit a pixel, its quiet zone included.

    Level M, 8 pixels a module; the same token gives the same bytes. An identity of
    `services.identity` makes 25 or 29 modules, 37 with the quiet zone: 0.6 mm each at 22 mm.

    Raises:
        ValueError: `token` has a character that the alphanumeric mode lacks (the code would grow and
            the smallest printed size would no longer be read).
    """
    strangers = sorted(set(token) - _ALPHANUMERIC)
    if strangers or not token:
        raise ValueError(f"a QR token has only digits, capitals and $%*+-./: and blank, not {strangers}")
    return _picture(_modules(token))


def _modules(token: str) -> tuple[bytes, ...]:
    """Return the code's rows, a byte a module, 0 for a dark one and 255 for a light one."""
    code = zxingcpp.create_barcode(token, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    image: Any = code.to_image(scale=1, add_quiet_zones=False)  # its stub does not tell that it is a buffer
    cells = memoryview(image).tobytes()
    side = round(len(cells) ** 0.5)
    return tuple(cells[start : start + side] for start in range(0, len(cells), side))


def _picture(modules: tuple[bytes, ...]) -> bytes:
    side = (len(modules) + 2 * QUIET_MODULES) * PIXELS_PER_MODULE
    white = b"\xff" * (side // 8)
    quiet = b"\xff" * QUIET_MODULES
    # A module is eight pixels wide, so its byte 0 or 255 is its own line of pixels. Below its first line each
    # has nothing new (filter 2, Up): that is quick to compress.
    again = (b"\x02" + b"\x00" * (side // 8)) * (PIXELS_PER_MODULE - 1)
    lines = [white] * QUIET_MODULES + [quiet + row + quiet for row in modules] + [white] * QUIET_MODULES
    pixels = zlib.compress(b"".join(b"\x00" + line + again for line in lines), 6)
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
