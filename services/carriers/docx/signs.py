"""The signs in a flattened document (read.xsl says what each stands before). They are noncharacters of Unicode."""

from __future__ import annotations

ROW, CELL, END, OPEN, MID, CLOSE, NAME, PAGE, BOX, BOX_END, PICTURE, PARAGRAPH, NESTED, PROMPT = (
    chr(0xFDD0 + number) for number in range(14)
)
STRUCK, STRUCK_END, DRAWN = (chr(0xFDDE + number) for number in range(3))
FIRST_BYTES = b"\xef\xb7"
"""How every sign begins in UTF-8."""
EVERY = f"[{ROW}-{DRAWN}]"
