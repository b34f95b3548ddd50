"""The tables: every kept row names the unit that owns it.

Times are text, ISO 8601 in UTC with seconds, so that they sort as they are and mean the same in every
database. Files are not here: a row names them by SHA-256 and `services.records.blobs` keeps them.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, String, Table, Text, UniqueConstraint

metadata = MetaData()


def _owner() -> Column[str]:
    return Column("unit_id", String(26), ForeignKey("units.id"), nullable=False)


units = Table(
    "units",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("code", String(20), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("parent", String(26), ForeignKey("units.id")),
)

# `series` ties the versions of one station's form together; `live_sha` is the original's hash while the
# submission stands and NULL once it was withdrawn, so that the same file may then be sent again.
submissions = Table(
    "submissions",
    metadata,
    Column("id", String(26), primary_key=True),
    _owner(),
    Column("number", Integer, nullable=False),
    Column("series", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("replaced_by", String(26), ForeignKey("submissions.id")),
    Column("form", String(40), nullable=False),
    Column("edition", String(20), nullable=False),
    Column("region", String(20), nullable=False),
    Column("station", Text, nullable=False),
    Column("agency_code", String(40), nullable=False),
    Column("state", String(20), nullable=False),
    Column("carrier", String(20), nullable=False),
    Column("filename", Text, nullable=False),
    Column("original_sha", String(64), nullable=False),
    Column("live_sha", String(64)),
    Column("marked_sha", String(64)),
    Column("record", Text, nullable=False),
    Column("findings", Text, nullable=False),
    Column("created_at", String(20), nullable=False),
    UniqueConstraint("unit_id", "number"),
    UniqueConstraint("unit_id", "series", "version"),
    UniqueConstraint("unit_id", "live_sha"),
    Index("submissions_by_unit", "unit_id", "replaced_by", "created_at"),
)

# A reason (情况说明) for a finding that asks to be confirmed, by its code and field.
reasons = Table(
    "reasons",
    metadata,
    _owner(),
    Column("submission_id", String(26), ForeignKey("submissions.id"), primary_key=True),
    Column("code", String(60), primary_key=True),
    Column("field", String(200), primary_key=True),
    Column("text", Text, nullable=False),
    Column("given_at", String(20), nullable=False),
)

# The return slip (退回修改单) of a returned submission: its lines as JSON, its days as ISO dates.
return_slips = Table(
    "return_slips",
    metadata,
    Column("submission_id", String(26), ForeignKey("submissions.id"), primary_key=True),
    _owner(),
    Column("lines", Text, nullable=False),
    Column("deadline", String(10), nullable=False),
    Column("handler", Text, nullable=False),
    Column("returned_on", String(10), nullable=False),
)

# What was answered in words to a line of a slip; `submission_id` is the returned one, `line` counts from 1.
slip_answers = Table(
    "slip_answers",
    metadata,
    _owner(),
    Column("submission_id", String(26), ForeignKey("return_slips.submission_id"), primary_key=True),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
    Column("given_at", String(20), nullable=False),
)

drafts = Table(
    "drafts",
    metadata,
    Column("id", String(26), primary_key=True),
    _owner(),
    Column("form", String(40), nullable=False),
    Column("edition", String(20), nullable=False),
    Column("region", String(20), nullable=False),
    Column("station", Text, nullable=False),
    Column("raw", Text, nullable=False),
    Column("pictures", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("submission_id", String(26), ForeignKey("submissions.id")),
    Column("changed_at", String(20), nullable=False),
    Index("drafts_by_unit", "unit_id", "changed_at"),
)

# What one press of the upload button brought: a line for each file, refused ones too.
uploads = Table(
    "uploads",
    metadata,
    Column("id", String(26), primary_key=True),
    _owner(),
    Column("outcomes", Text, nullable=False),
    Column("created_at", String(20), nullable=False),
)

# A list (名单) and the zip of the forms that were filled from it; its findings as JSON.
jobs = Table(
    "jobs",
    metadata,
    Column("id", String(26), primary_key=True),
    _owner(),
    Column("kind", String(20), nullable=False),
    Column("form", String(40), nullable=False),
    Column("filename", Text, nullable=False),
    Column("made", Integer, nullable=False),
    Column("findings", Text, nullable=False),
    Column("zip_sha", String(64), nullable=False),
    Column("created_at", String(20), nullable=False),
)

attachments = Table(
    "attachments",
    metadata,
    Column("id", String(26), primary_key=True),
    _owner(),
    Column("kind", String(40), nullable=False),
    Column("item", String(20), nullable=False),
    Column("filename", Text, nullable=False),
    Column("sha", String(64), nullable=False),
    Column("created_at", String(20), nullable=False),
    UniqueConstraint("unit_id", "sha", "kind", "item"),
    Index("attachments_by_unit", "unit_id", "created_at"),
)

# Whose an attachment is: the 机构编码 of the station it was bound for, or the recipe of a packet of many. None yet is
# nobody's; an empty owner says that the file was handed in once more and waits for its next packet.
attachment_owners = Table(
    "attachment_owners",
    metadata,
    _owner(),
    Column("attachment_id", String(26), primary_key=True),
    Column("owner", String(200), primary_key=True),
    Column("name", Text, nullable=False),
)

packets = Table(
    "packets",
    metadata,
    Column("id", String(26), primary_key=True),
    _owner(),
    Column("number", Integer, nullable=False),
    Column("recipe", String(20), nullable=False),
    Column("station", Text, nullable=False),
    Column("inputs", Text, nullable=False),
    Column("manifest", Text, nullable=False),
    Column("pdf_sha", String(64), nullable=False),
    Column("zip_sha", String(64), nullable=False),
    Column("created_at", String(20), nullable=False),
    UniqueConstraint("unit_id", "number"),
    UniqueConstraint("unit_id", "pdf_sha", "zip_sha"),
    Index("packets_by_unit", "unit_id", "created_at"),
)

# Who did what, when, from which file. Rows are only ever added.
history = Table(
    "history",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    _owner(),
    Column("subject_id", String(26), nullable=False),
    Column("at", String(20), nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", String(20), nullable=False),
    Column("sha", String(64), nullable=False),
    Column("detail", Text, nullable=False),
    Index("history_by_subject", "unit_id", "subject_id"),
)

# What a client's Idempotency-Key stood for: the same key gives the same answer, never a second record.
requests = Table(
    "requests",
    metadata,
    _owner(),
    Column("unit_key", String(300), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("answer", Text, nullable=False),
    Column("created_at", String(20), nullable=False),
)
