"""The files of tests/cases: forms, operations on them, programs that save them, what reading must say."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.accidents import excel_operations, excel_tampering, imitations, word_answers, word_tables, word_tampering
from tests.accidents.truth import Truth

E, S, W = "evaluation", "station-recommendation", "worker-recommendation"
ALL = (E, S, W)


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """A file for each of some forms: operations on the filled form, then programs that save it.

    A step of `way` is program:suffix. `codes` are the findings that a reader must give; `called` another
    suffix that the file is kept under; `loses_photo` that the last program keeps no pictures.
    """

    name: str
    forms: Sequence[str] = ALL
    base: str = "docx"
    operations: Sequence[Callable[[Any, Truth, Random], bool]] = ()
    way: Sequence[str] = ()
    codes: Sequence[str] = ()
    called: str = ""
    loses_photo: bool = False
    edition: str = "2006"


OLD = ("file.converted",)
RECIPES: Sequence[Recipe] = (
    # ---- saved as it is
    Recipe(name="libreoffice", way=("lo:docx",)),
    Recipe(name="libreoffice-twice", way=("lo:docx", "lo:docx"), edition="today"),
    Recipe(name="libreoffice-after-doc", way=("lo:doc", "lo:docx")),
    Recipe(name="libreoffice-after-odt", way=("lo:odt", "lo:docx"), edition="today"),
    Recipe(name="libreoffice-after-rtf", way=("lo:rtf", "lo:docx")),
    Recipe(name="libreoffice-doc", forms=(S,), way=("lo:doc",), codes=OLD),
    Recipe(name="libreoffice-odt", forms=(W,), way=("lo:odt",), codes=OLD),
    Recipe(name="libreoffice-rtf", forms=(S,), way=("lo:rtf",), codes=OLD),
    Recipe(name="wps-old-format", forms=(S,), way=("lo:doc",), codes=OLD, called="wps", edition="today"),
    Recipe(name="abiword-rtf", forms=(S,), way=("abiword:rtf",), codes=(*OLD, "identity.missing", "layout.outside")),
    Recipe(name="pandoc", forms=(E, S), way=("pandoc:docx",), codes=("identity.missing", "layout.cell-count")),
    Recipe(name="npm-docx", way=("js-docx:docx",)),
    Recipe(name="docxtemplater", way=("js-docxtemplater:docx",), edition="today"),
    Recipe(name="python-docx", forms=(E, W), way=("python-docx:docx",)),
    Recipe(name="docxcompose", forms=(S, W), way=("docxcompose:docx",), codes=("identity.missing",)),
    # ---- imitations
    Recipe(name="like-word", operations=(imitations.saved_by_word,)),
    Recipe(name="like-wps", operations=(imitations.saved_by_wps,)),
    Recipe(name="like-google-docs", operations=(imitations.saved_by_google_docs,), edition="today"),
    Recipe(name="like-pages", operations=(imitations.saved_by_pages,)),
    # ---- what clerks do, then a program that saves it
    Recipe(
        name="label-cell",
        forms=(S,),
        operations=(word_answers.written_in_the_labels_cell,),
        way=("lo:docx",),
        codes=("read.beside",),
    ),
    Recipe(name="text-box", forms=(W,), operations=(word_answers.in_a_text_box,), codes=("read.beside",)),
    Recipe(
        name="tracked",
        forms=(E,),
        operations=(word_answers.changes_tracked,),
        way=("lo:docx",),
        codes=("remarks.tracked",),
    ),
    Recipe(
        name="tracked-rows",
        forms=(E,),
        operations=(word_tables.row_inserted_with_tracking,),
        codes=("remarks.tracked",),
    ),
    Recipe(
        name="comments",
        forms=(W,),
        operations=(word_answers.comments_by_people,),
        way=("lo:docx",),
        codes=("remarks.comments",),
    ),
    Recipe(name="rows-added", forms=(E,), operations=(word_tables.rows_added_in_the_middle,), way=("lo:docx",)),
    Recipe(name="rows-taken", forms=(E,), operations=(word_tables.rows_taken_from_the_middle,), way=("lo:docx",)),
    Recipe(name="rows-sorted", forms=(S,), operations=(word_tables.rows_in_another_order,), way=("python-docx:docx",)),
    Recipe(name="pasted-from-excel", forms=(E, W), operations=(word_tables.pasted_from_excel,), way=("lo:docx",)),
    Recipe(name="pasted-from-the-web", forms=(W,), operations=(word_answers.pasted_from_the_web,), way=("lo:docx",)),
    Recipe(name="dates-every-way", forms=(E,), operations=(word_answers.written_otherwise,) * 3, way=("lo:docx",)),
    Recipe(name="ticks-every-way", forms=(S,), operations=(word_answers.ticked_otherwise,) * 3),
    Recipe(name="table-split", forms=(E,), operations=(word_tables.table_split,), way=("lo:docx",)),
    Recipe(name="tables-joined", forms=(S,), operations=(word_tables.tables_joined,), way=("lo:docx",)),
    Recipe(
        name="new-document",
        operations=(word_tables.copied_into_a_new_document,),
        way=("lo:docx",),
        codes=("identity.missing",),
    ),
    Recipe(name="photo-pasted", forms=(W,), operations=(word_answers.photo_pasted,), way=("lo:docx",)),
    Recipe(
        name="column-deleted",
        forms=(E,),
        operations=(word_tampering.column_deleted,),
        codes=("layout.cell-count", "layout.removed"),
    ),
    Recipe(
        name="standard-changed",
        forms=(E,),
        operations=(word_tampering.standard_changed,),
        way=("lo:docx",),
        codes=("layout.changed",),
    ),
    Recipe(
        name="points-changed", forms=(E,), operations=(word_tampering.full_points_changed,), codes=("layout.changed",)
    ),
    Recipe(
        name="item-deleted",
        forms=(E,),
        operations=(word_tampering.item_deleted,),
        way=("lo:docx",),
        codes=("layout.row-removed",),
    ),
    Recipe(name="item-added", forms=(E,), operations=(word_tampering.item_added,), codes=("layout.added",)),
    Recipe(
        name="label-changed",
        forms=(W,),
        operations=(word_tampering.label_edited,),
        way=("lo:docx",),
        codes=("layout.changed",),
    ),
    # ---- workbooks
    Recipe(name="libreoffice", base="xlsx", way=("lo:xlsx",)),
    Recipe(name="libreoffice-twice", base="xlsx", forms=(S, W), way=("lo:xlsx", "lo:xlsx"), edition="today"),
    Recipe(name="libreoffice-after-xls", base="xlsx", way=("lo:xls", "lo:xlsx")),
    Recipe(name="libreoffice-after-ods", base="xlsx", forms=(E, W), way=("lo:ods", "lo:xlsx"), edition="today"),
    Recipe(name="libreoffice-xls", base="xlsx", forms=(S,), way=("lo:xls",), codes=OLD),
    Recipe(name="libreoffice-ods", base="xlsx", forms=(W,), way=("lo:ods",), codes=OLD),
    Recipe(name="wps-old-format", base="xlsx", forms=(S,), way=("lo:xls",), codes=OLD, called="et", edition="today"),
    Recipe(name="gnumeric", base="xlsx", forms=(E, S), way=("gnumeric:xlsx",)),
    Recipe(name="exceljs", base="xlsx", way=("js-exceljs:xlsx",)),
    Recipe(name="sheetjs", base="xlsx", way=("js-sheetjs:xlsx",), loses_photo=True),
    Recipe(name="xlsxwriter", base="xlsx", forms=(E, S), way=("xlsxwriter:xlsx",)),
    Recipe(
        name="openpyxl",
        base="xlsx",
        forms=(E, W),
        operations=(excel_operations.typed, excel_operations.written_otherwise),
    ),
    Recipe(
        name="rows-inserted", base="xlsx", forms=(E, S), operations=(excel_operations.rows_inserted,), way=("lo:xlsx",)
    ),
    Recipe(name="rows-deleted", base="xlsx", forms=(E,), operations=(excel_operations.rows_deleted,), way=("lo:xlsx",)),
    Recipe(name="new-workbook", base="xlsx", forms=(E, S), operations=(excel_operations.copied_to_a_new_workbook,)),
    Recipe(
        name="names-lost", base="xlsx", forms=(W,), operations=(excel_operations.names_lost,), way=("gnumeric:xlsx",)
    ),
    Recipe(name="column-inserted", base="xlsx", forms=(E,), operations=(excel_operations.column_inserted,)),
    Recipe(
        name="notes",
        base="xlsx",
        forms=(S,),
        operations=(excel_operations.notes_by_people,),
        way=("lo:xlsx",),
        codes=("remarks.comments",),
    ),
    Recipe(
        name="standard-changed",
        base="xlsx",
        forms=(E,),
        operations=(excel_tampering.standard_changed,),
        codes=("layout.changed",),
    ),
    Recipe(
        name="item-deleted",
        base="xlsx",
        forms=(E,),
        operations=(excel_tampering.item_deleted,),
        codes=("layout.row-removed",),
    ),
)
