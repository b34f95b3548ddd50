"""One case: a form and a record from a seed, up to four operations, a way through other programs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from types import MappingProxyType
from typing import Any

from services.answers import scalars
from services.carriers import docx, pdf, xlsx
from services.form import Form
from services.identity import stamp
from services.kinds import Picture
from tests import docx_edits as edits
from tests.accidents import excel_operations as sheets
from tests.accidents import excel_tampering, invented, pages, pages_tampering, word_answers, word_tables, word_tampering
from tests.accidents.excel import excel_of
from tests.accidents.truth import Truth, truth_of
from tests.accidents.word import word_of

SECRET = b"a key that only the tests use"

Operation = Callable[[Any, Truth, Random], bool]

# Within a file answers are changed first, then rows, then what is printed, then tables, then the whole file.
IN_WORD: Sequence[Operation] = (
    word_answers.photo_pasted,
    word_answers.typed_in_the_control,
    word_answers.typed_over_the_control,
    word_answers.written_otherwise,
    word_answers.ticked_otherwise,
    word_answers.nothing_said,
    word_answers.pasted_from_the_web,
    word_answers.changes_tracked,
    word_answers.comments_by_people,
    word_answers.written_in_the_labels_cell,
    word_answers.in_a_text_box,
    word_answers.in_one_place_of_two,
    word_answers.two_values_in_one_cell,
    word_tables.rows_added_in_the_middle,
    word_tables.rows_taken_from_the_middle,
    word_tables.rows_in_another_order,
    word_tables.blank_rows_in_between,
    word_tables.row_inserted_with_tracking,
    word_tables.pasted_from_excel,
    word_tables.labels_spaced,
    word_tables.rows_moved,
    word_answers.wrapped_for_review,
    word_answers.runs_split,
    word_tables.columns_dragged,
    word_tables.table_split,
    word_tables.tables_joined,
    word_tables.empty_paragraphs,
    word_tables.bookmarks_lost,
    word_tables.controls_lost,
    word_tables.copied_into_a_new_document,
)
TAMPERING_IN_WORD: Sequence[Operation] = (
    word_tampering.label_edited,
    word_tampering.label_replaced,
    word_tampering.item_renamed,
    word_tampering.full_points_changed,
    word_tampering.standard_changed,
    word_tampering.item_deleted,
    word_tampering.item_added,
    word_tampering.row_deleted,
    word_tampering.row_added,
    word_tampering.head_of_column_changed,
    word_tampering.column_deleted,
    word_tampering.cell_added,
    word_tampering.title_changed,
    word_tampering.note_changed,
    word_tampering.text_added,
    word_tampering.half_a_form,
)
IN_EXCEL: Sequence[Operation] = (
    sheets.typed,
    sheets.written_otherwise,
    sheets.ticked_otherwise,
    sheets.nothing_said,
    sheets.written_in_the_labels_cell,
    sheets.two_values_in_one_cell,
    sheets.notes_by_people,
    sheets.rows_in_another_order,
    sheets.rows_inserted,
    sheets.rows_inserted_by_a_script,
    sheets.rows_deleted,
    sheets.blank_rows_in_between,
    sheets.columns_widened,
    sheets.column_inserted,
    sheets.sheets_moved_and_renamed,
    sheets.sheet_of_ones_own,
    sheets.names_lost,
    sheets.copied_to_a_new_workbook,
)
TAMPERING_IN_EXCEL: Sequence[Operation] = (
    excel_tampering.label_edited,
    excel_tampering.row_deleted,
    excel_tampering.full_points_changed,
    excel_tampering.standard_changed,
    excel_tampering.item_renamed,
    excel_tampering.item_deleted,
    excel_tampering.item_added,
    excel_tampering.row_added,
    excel_tampering.head_of_column_changed,
    excel_tampering.column_deleted,
    excel_tampering.text_added,
    excel_tampering.sheet_deleted,
)
IN_PDF: Sequence[Operation] = (pages.fields_typed, pages.saved_again, pages.flattened, pages.printed)
TAMPERING_IN_PDF: Sequence[Operation] = (
    pages_tampering.text_taken_out,
    pages_tampering.text_retyped,
    pages_tampering.text_papered_over,
    pages_tampering.line_added,
    pages_tampering.notes_page_taken_out,
)
WHOLE_FILE = frozenset(
    {
        word_tables.controls_lost,
        word_tables.bookmarks_lost,
        word_tables.copied_into_a_new_document,
        sheets.names_lost,
        sheets.copied_to_a_new_workbook,
        pages.saved_again,
        pages.flattened,
        pages.printed,
    }
)


_MODULES: Mapping[str, Any] = MappingProxyType({"docx": docx, "xlsx": xlsx, "pdf": pdf})
_OPENED: Mapping[str, Callable[[Form, bytes], Any]] = MappingProxyType(
    {"docx": word_of, "xlsx": excel_of, "pdf": pages.pages_of}
)
_OPERATIONS: Mapping[str, tuple[Sequence[Operation], Sequence[Operation]]] = MappingProxyType(
    {"docx": (IN_WORD, TAMPERING_IN_WORD), "xlsx": (IN_EXCEL, TAMPERING_IN_EXCEL), "pdf": (IN_PDF, TAMPERING_IN_PDF)}
)


@dataclass
class Case:
    """A file as it is uploaded, or as it is before `way` (the suffixes it is saved as, one after the other)."""

    seed: str
    number: int
    suffix: str
    truth: Truth
    data: bytes
    way: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        operations = "+".join(self.truth.operations) or "untouched"
        return f"{self.number} {self.truth.form.id} {self.suffix}>{'>'.join(self.way) or 'as it is'} {operations}"


def made(seed: str, number: int, ways: Mapping[str, Sequence[tuple[str, ...]]], only: str = "") -> Case:
    """The case of this number: the same seed gives the same file. `ways` are those to choose from by suffix."""
    chance = invented.random_of(seed, number)
    suffix = only or chance.choice(("docx", "docx", "docx", "xlsx"))
    form = invented.form_of(chance)
    record = invented.record_of(form, chance)
    truth = truth_of(form, record)
    way = chance.choice(ways[suffix]) if suffix in ways else ()
    data = _MODULES[suffix].fill(form, record, stamp(form, record, SECRET)).data
    chosen = _chosen(chance, suffix)
    if any(chosen):
        opened: Any = _OPENED[suffix](form, data)
        for operations in chosen:
            operation = next((one for one in operations if one(opened, truth, chance)), None)
            truth.operations += [operation.__name__] if operation else []
        if suffix == "docx" and next(opened.body.iter(f"{edits.W}ins", f"{edits.W}del"), None) is None:
            truth.told.discard("remarks.tracked")  # what was tracked was written over or lost since
        data = opened.saved()
    return Case(seed=seed, number=number, suffix=suffix, truth=truth, data=data, way=way)


def _chosen(chance: Random, suffix: str) -> list[list[Operation]]:
    """None to four operations in the order they are done in, a third of the files tampered with.

    Of the tamperings the first one of a shuffled list is done that the form has a place for.
    """
    harmless, tampering = _OPERATIONS[suffix]
    count = min(len(harmless), chance.choice((0, 1, 1, 2, 2, 3, 3, 4)))
    tampered = min(count, chance.choice((0, 0, 1)), len(tampering))
    chosen = sorted(chance.sample(list(harmless), count - tampered), key=list(harmless).index)
    shuffled = chance.sample(list(tampering), len(tampering)) if tampered else []
    early = [[operation] for operation in chosen if operation not in WHOLE_FILE]
    late = [[operation] for operation in chosen if operation in WHOLE_FILE]
    return [*early, shuffled, *late]


def picture_paths(truth: Truth) -> set[str]:
    """The answers that are photographs."""
    return {key for key, asked in scalars(truth.form).items() if isinstance(asked.kind, Picture)}
