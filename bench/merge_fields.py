"""docx-mailmerge2 in one warm process: reads a count on each line, fills that many, answers with its CPU time.

usage: merge_fields.py TEMPLATE RECORDS OUTPUT (with docx-mailmerge2 on the path)
"""

import io
import json
import sys
import time
from pathlib import Path
from typing import Any

from mailmerge import MailMerge  # pyright: ignore[reportMissingImports] - a peer, installed for the bench alone

template, records_file, output = map(Path, sys.argv[1:4])
source = template.read_bytes()
records = json.loads(records_file.read_text(encoding="utf-8"))


def fill(record: dict[str, Any]) -> bytes:
    """Return the bytes of one filled document."""
    with MailMerge(io.BytesIO(source)) as document:
        document.merge(**{key: value for key, value in record.items() if isinstance(value, str)})
        for rows in record.values():
            if isinstance(rows, list) and rows:
                document.merge_rows(next(iter(rows[0])), rows)
        out = io.BytesIO()
        document.write(out)
        return out.getvalue()


for line in sys.stdin:
    count = int(line)
    begun = time.process_time()
    data = b""
    for number in range(count):
        data = fill(records[number % len(records)])
    spent = time.process_time() - begun
    output.write_bytes(data)
    print(json.dumps({"ms": spent * 1000 / count, "last": (count - 1) % len(records)}), flush=True)
