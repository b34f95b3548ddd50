"""The demands of PDF/A (ISO 19005-2 and -3, level B) held against a file, independently of what made it.

No free validator comes from the registries that the project installs from, so the demands that a file of ours
could fail are written here once more, clause by clause: with pikepdf for the objects, fontTools for the font
programs, lxml for the properties and Pillow for the colour profile.
"""

import io

import pikepdf

from tests.archival.drawn import of_pages
from tests.archival.fonts import of_fonts
from tests.archival.parts import of_bytes, of_catalog, of_files, of_objects, of_trailer
from tests.archival.properties import of_intents, of_properties


def faults(data, part):
    """What keeps the PDF from being PDF/A of that part (2 or 3), each with its clause; nothing when it is one."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        found = [
            *of_bytes(data),
            *of_trailer(pdf),
            *of_catalog(pdf),
            *of_properties(pdf, part),
            *of_intents(pdf),
            *of_objects(pdf),
            *of_pages(pdf),
            *of_files(pdf, part),
            *of_fonts(pdf),
        ]
    return sorted(set(found))
