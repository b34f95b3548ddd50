"""Inputs for packet tests, made by Pillow and pikepdf from invented contents."""

import io
import json

import pikepdf
from PIL import Image

from services.bundle.packet import Source
from services.catalogue import concrete
from services.record import build, entries_of, to_json
from services.sample import sample

TALL = (595, 842)
WIDE = (842, 595)


def record_source(form_id, changes=(), name=""):
    form = concrete(form_id)
    record = build(form, entries_of(form, sample(form)) | dict(changes))
    data = json.dumps(to_json(form, record), ensure_ascii=False).encode()
    return Source(name=name or f"{form_id}.json", data=data)


def jpeg(size=(600, 800), *, orientation=1):
    image = Image.new("RGB", size, "#fafafa")
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = io.BytesIO()
    image.save(data, "JPEG", exif=exif)
    return data.getvalue()


def pdf(*sizes, rotate=0, password=""):
    made = pikepdf.new()
    for size in sizes or (TALL,):
        made.add_blank_page(page_size=size)
        page = made.pages[-1]
        page.Contents = made.make_stream(b"0 0 1 rg 50 50 100 100 re f")
        if rotate:
            page.rotate(rotate, relative=False)
    data = io.BytesIO()
    encryption = pikepdf.Encryption(user=password, owner=password) if password else None
    made.save(data, encryption=encryption or False, deterministic_id=not password)
    return data.getvalue()


def station_sources():
    """A self report of two pages (the second lying), a licence photo, evidence, and the three forms."""
    return (
        Source(name="自查报告.pdf", data=pdf(TALL, WIDE)),
        record_source("evaluation"),
        Source(name="许可证正本.jpg", data=jpeg()),
        Source(name="扫描1.jpg", data=jpeg(), kind="B01"),
        record_source("station-recommendation"),
        record_source("worker-recommendation"),
    )


def embedded(made, data):
    """The file that takes the manifest's place."""
    return pikepdf.AttachedFileSpec(
        made,
        data,
        filename="manifest.json",
        description="",
        mime_type="application/json",
        creation_date="",
        mod_date="",
    )


def changed(data, change):
    """Return the packet opened, changed and saved by pikepdf."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        change(pdf)
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()
