"""What is kept: nothing twice, nothing lost, nothing of another unit."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import insert, text

from services.catalogue import concrete
from services.compare import Side, compare
from services.findings import Finding, Severity
from services.record import build
from services.records import arrivals, blobs, drafts, kin, review, store, submissions, uploads
from services.records.arrivals import Arrival
from services.records.store import Store
from services.records.submissions import RefusedError
from services.records.tables import units

FORM = concrete("worker-recommendation")


def a_finding(code: str = "years.odd", severity: Severity = Severity.CONFIRM, got: str = "39") -> Finding:
    return Finding(
        code=code,
        rule="I04",
        severity=severity,
        field="years",
        label="从事鉴定工作年限",
        place="《优秀工作者推荐表》",
        got=got,
        want="",
        message="",
        message_en="",
        source="c",
    )


def an_arrival(data: bytes = b"file one", *, years: int = 8, replaces: str = "", **values) -> Arrival:
    record = build(
        FORM, {"name": "张示例", "unit": "示范单位", "id_no": "11010519491231002X", "years": years, **values}
    )
    return Arrival(
        form=FORM,
        record=record,
        findings=(a_finding(),),
        original=data,
        filename="推荐表.docx",
        carrier="docx",
        replaces=replaces,
    )


@pytest.fixture
def kept(tmp_path: Path) -> Store:
    return store.open_store(tmp_path)


def another_unit(kept: Store) -> str:
    with store.writing(kept) as connection:
        connection.execute(insert(units).values(id="other", code="OTHER", name="另一省", kind="region"))
    return "other"


def test_a_store_opened_again_finds_its_unit_and_its_submissions(tmp_path: Path):
    first = store.open_store(tmp_path)
    submission, _ = arrivals.keep(first, first.unit, an_arrival())
    second = store.open_store(tmp_path)
    assert second.unit == first.unit
    assert submissions.get(second, second.unit, submission.id) == submission
    assert submissions.original(second, second.unit, submission) == b"file one"


def test_the_database_is_flushed_at_every_commit_and_guards_its_references(kept: Store):
    with store.reading(kept) as connection:
        said = [connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")]
        assert said == ["wal", 2]
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1


def test_the_same_file_of_a_unit_is_the_same_submission(kept: Store):
    first, first_is_new = arrivals.keep(kept, kept.unit, an_arrival())
    second, second_is_new = arrivals.keep(kept, kept.unit, an_arrival())
    assert (first_is_new, second_is_new) == (True, False)
    assert second.id == first.id


def test_the_same_file_sent_eight_times_at_once_is_one_submission(kept: Store):
    gate = threading.Barrier(8)

    def send(_: int) -> str:
        gate.wait()
        return arrivals.keep(kept, kept.unit, an_arrival())[0].id

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(send, range(8)))) == 1
    assert len(submissions.standing(kept, kept.unit)) == 1


def test_two_units_sending_the_same_file_do_not_see_each_other(kept: Store):
    other = another_unit(kept)
    mine, _ = arrivals.keep(kept, kept.unit, an_arrival())
    theirs, is_new = arrivals.keep(kept, other, an_arrival())
    assert is_new
    assert theirs.number == 1
    with pytest.raises(submissions.UnknownSubmissionError):
        submissions.get(kept, other, mine.id)
    with pytest.raises(submissions.UnknownSubmissionError):
        review.move(kept, other, mine.id, action="withdraw")
    assert [s.id for s in submissions.standing(kept, other)] == [theirs.id]


def test_another_file_of_the_same_person_is_the_next_version_and_the_old_one_stays(kept: Store):
    old, _ = arrivals.keep(kept, kept.unit, an_arrival())
    new, _ = arrivals.keep(kept, kept.unit, an_arrival(b"file two", years=9))
    assert (old.version, new.version) == (1, 2)
    assert [s.id for s in submissions.versions(kept, kept.unit, new)] == [new.id, old.id]
    assert [s.id for s in submissions.standing(kept, kept.unit)] == [new.id]
    assert submissions.original(kept, kept.unit, old) == b"file one"


def test_what_changed_between_two_versions_is_listed_as_printed(kept: Store):
    old, _ = arrivals.keep(kept, kept.unit, an_arrival())
    new, _ = arrivals.keep(kept, kept.unit, an_arrival(b"file two", years=9, native="示范市"))
    sides = (Side(form=FORM, record=submissions.record_of(kept)) for kept in (old, new))
    assert [(c.label, c.old, c.new) for c in compare(*sides).changes] == [
        ("籍贯", "", "示范市"),
        ("从事鉴定工作年限", "8", "9"),
    ]


def test_a_corrected_file_follows_the_one_it_was_sent_for_though_its_number_changed(kept: Store):
    old, _ = arrivals.keep(kept, kept.unit, an_arrival())
    corrected = an_arrival(b"file two", replaces=old.id, id_no="440524188001010014")
    new, _ = arrivals.keep(kept, kept.unit, corrected)
    assert new.version == 2
    assert submissions.get(kept, kept.unit, old.id).replaced_by == new.id


def test_a_file_of_somebody_else_does_not_replace_the_form_it_was_sent_for(kept: Store):
    theirs, _ = arrivals.keep(kept, kept.unit, an_arrival())
    strayed = an_arrival(b"file two", replaces=theirs.id, id_no="440524188001010014", name="李示例")
    new, _ = arrivals.keep(kept, kept.unit, strayed)
    assert submissions.get(kept, kept.unit, theirs.id).replaced_by is None
    assert (new.version, new.findings[0].code, new.findings[0].rule) == (1, "identity.strayed", "D01")
    assert theirs.station in new.findings[0].message


def test_a_number_typed_wrongly_does_not_replace_the_form_of_the_one_who_bears_it(kept: Store):
    theirs, _ = arrivals.keep(kept, kept.unit, an_arrival())
    arrivals.keep(kept, kept.unit, an_arrival(b"file two", name="李示例"))
    assert submissions.get(kept, kept.unit, theirs.id).replaced_by is None
    assert len(submissions.standing(kept, kept.unit)) == 2


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("61010001", "61010002", True),
        ("61010001", "61100001", True),
        ("61010001", "6101001", True),
        ("61010001", "", True),
        ("61010001", "61013117", False),
        ("61010001", "610100", False),
    ],
)
def test_a_number_may_be_mistyped_in_two_places_or_by_one_digit_too_few(one: str, other: str, *, said: bool):
    assert kin.is_slip(one, other) is said


def test_two_forms_of_one_name_whose_numbers_nearly_agree_are_alike_and_no_others(kept: Store):
    wrong, _ = arrivals.keep(kept, kept.unit, an_arrival(id_no="11010519491231004X"))
    right, _ = arrivals.keep(kept, kept.unit, an_arrival(b"file two"))
    arrivals.keep(kept, kept.unit, an_arrival(b"file three", id_no="440524188001010014"))
    arrivals.keep(kept, kept.unit, an_arrival(b"file four", id_no="440524188001010014", name="李示例"))
    standing = submissions.standing(kept, kept.unit)
    found = {own: [other.number for other in others] for own, others in kin.alike(standing).items()}
    assert (found[wrong.id], found[right.id]) == ([2], [1])
    assert len(found) == 4  # The same number under two names is asked about too.


def test_a_corrected_form_takes_the_place_of_the_one_it_corrects_and_both_are_kept(kept: Store):
    wrong, _ = arrivals.keep(kept, kept.unit, an_arrival(id_no="11010519491231004X"))
    review.give_reason(kept, kept.unit, wrong.id, finding=("years.odd", "years"), text="年限与档案一致")
    arrivals.keep(kept, kept.unit, an_arrival(b"file two"))
    right, _ = arrivals.keep(kept, kept.unit, an_arrival(b"file three", native="示范市"))
    joined = kin.replace(kept, kept.unit, right.id, wrong.id)
    assert joined.version == 3
    assert [s.number for s in submissions.versions(kept, kept.unit, joined)] == [3, 2, 1]
    assert [s.id for s in submissions.standing(kept, kept.unit)] == [right.id]
    assert review.reasons_of(kept, kept.unit, right.id) == {("years.odd", "years"): "年限与档案一致"}
    with store.reading(kept) as connection:
        assert store.acts(connection, kept.unit, right.id)[-1].detail == "SL00001 第 1 版"
    follows, _ = arrivals.keep(kept, kept.unit, an_arrival(b"file four", native="示范市甲区"))
    assert (follows.version, submissions.get(kept, kept.unit, right.id).replaced_by) == (4, follows.id)


def test_only_the_later_of_two_standing_forms_of_one_owner_replaces_the_other(kept: Store):
    wrong, _ = arrivals.keep(kept, kept.unit, an_arrival(id_no="11010519491231004X"))
    right, _ = arrivals.keep(kept, kept.unit, an_arrival(b"file two"))
    other, _ = arrivals.keep(kept, kept.unit, an_arrival(b"file three", name="李示例", id_no="440524188001010014"))
    for later, earlier in ((wrong, right), (other, right), (right, right)):
        with pytest.raises(RefusedError, match="不能这样替换"):
            kin.replace(kept, kept.unit, later.id, earlier.id)
    kin.replace(kept, kept.unit, right.id, wrong.id)
    with pytest.raises(RefusedError, match="不能这样替换"):
        kin.replace(kept, kept.unit, right.id, wrong.id)


def test_a_withdrawn_file_may_be_sent_again(kept: Store):
    first, _ = arrivals.keep(kept, kept.unit, an_arrival())
    review.move(kept, kept.unit, first.id, action="withdraw")
    assert submissions.standing(kept, kept.unit) == ()
    second, is_new = arrivals.keep(kept, kept.unit, an_arrival())
    assert is_new
    assert second.version == 2


@pytest.mark.parametrize(
    ("done", "asked"),
    [(("accept",), "accept"), (("accept",), "withdraw"), (("withdraw",), "accept"), (("return",), "accept")],
)
def test_a_step_that_does_not_fit_the_state_is_refused_and_changes_nothing(kept: Store, done, asked):
    own = arrivals.keep(kept, kept.unit, an_arrival())[0].id
    for action in done:
        review.move(kept, kept.unit, own, action=action, message="请补章")
    before = submissions.get(kept, kept.unit, own)
    with pytest.raises(submissions.RefusedError, match="目前状态"):
        review.move(kept, kept.unit, own, action=asked)
    assert submissions.get(kept, kept.unit, own) == before


def test_a_form_with_faults_is_not_accepted(kept: Store):
    faulty = an_arrival()
    faulty = Arrival(
        form=faulty.form,
        record=faulty.record,
        findings=(a_finding(severity=Severity.MUST_FIX),),
        original=b"faulty",
        filename="",
        carrier="docx",
    )
    own = arrivals.keep(kept, kept.unit, faulty)[0].id
    with pytest.raises(submissions.RefusedError, match="还有 1 处必须修改"):
        review.move(kept, kept.unit, own, action="accept")


def test_a_replaced_version_can_no_longer_change(kept: Store):
    old, _ = arrivals.keep(kept, kept.unit, an_arrival())
    arrivals.keep(kept, kept.unit, an_arrival(b"file two"))
    with pytest.raises(submissions.RefusedError, match="已被新版本替换"):
        review.move(kept, kept.unit, old.id, action="accept")


def test_the_history_says_what_was_done_with_which_file(kept: Store):
    own = arrivals.keep(kept, kept.unit, an_arrival())[0].id
    review.move(kept, kept.unit, own, action="return", message="许可证编号请核对")
    with store.reading(kept) as connection:
        acts = store.acts(connection, kept.unit, own)
    assert [(a.action, a.detail) for a in acts] == [("received", "推荐表.docx"), ("returned", "许可证编号请核对")]
    # sha256sum of the eight bytes "file one"
    assert {a.sha for a in acts} == {"44b0c4fb73f05eafb614f6ce3c5cc3bed368282c9004332c4a41731ad8117080"}


def test_a_reason_is_kept_and_goes_with_the_next_version_while_the_finding_is_the_same(kept: Store):
    old, _ = arrivals.keep(kept, kept.unit, an_arrival())
    review.give_reason(kept, kept.unit, old.id, finding=("years.odd", "years"), text="自建站起一直在岗")
    new, _ = arrivals.keep(kept, kept.unit, an_arrival(b"file two"))
    assert review.reasons_of(kept, kept.unit, new.id) == {("years.odd", "years"): "自建站起一直在岗"}


@pytest.mark.parametrize(
    ("finding", "said"), [(("years.odd", "years"), "有原因"), (("years.odd", "name"), "自建站起一直在岗")]
)
def test_a_reason_too_short_or_for_no_finding_is_refused(kept: Store, finding, said):
    own = arrivals.keep(kept, kept.unit, an_arrival())[0].id
    with pytest.raises(submissions.RefusedError):
        review.give_reason(kept, kept.unit, own, finding=finding, text=said)
    assert review.reasons_of(kept, kept.unit, own) == {}


def test_a_file_changed_on_the_disk_is_not_handed_out(kept: Store):
    submission, _ = arrivals.keep(kept, kept.unit, an_arrival())
    path = next(kept.files.rglob(submission.original_sha))
    path.write_bytes(b"something else")
    with pytest.raises(blobs.BlobError):
        submissions.original(kept, kept.unit, submission)


def test_a_disk_that_cannot_be_written_keeps_no_row_and_no_half_file(kept: Store, monkeypatch: pytest.MonkeyPatch):
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        arrivals.keep(kept, kept.unit, an_arrival())
    assert submissions.standing(kept, kept.unit) == ()
    assert [path for path in kept.files.rglob("*") if path.is_file()] == []


def test_two_windows_do_not_silently_overwrite_a_draft(kept: Store):
    blank = drafts.Draft(form=FORM.id, edition="2006", region="", raw={"name": "甲"}, pictures={})
    first = drafts.start(kept, kept.unit, blank)
    drafts.save(kept, kept.unit, first)
    with pytest.raises(submissions.RefusedError, match="另一个窗口"):
        drafts.save(kept, kept.unit, first)
    assert drafts.get(kept, kept.unit, first.id).raw == {"name": "甲"}


def test_the_outcomes_of_an_upload_are_found_again_in_their_order(kept: Store):
    lines = (uploads.Outcome(filename="一.docx", submission_id="x"), uploads.Outcome(filename="二.txt", message="不是"))
    own = uploads.keep(kept, kept.unit, lines)
    assert uploads.get(kept, kept.unit, own) == lines
    with pytest.raises(uploads.UnknownUploadError):
        uploads.get(kept, another_unit(kept), own)


WRITER = """
import sys
from pathlib import Path
from services.catalogue import concrete
from services.compare import Side, compare
from services.record import build
from services.records import arrivals, store
form, kept = concrete("worker-recommendation"), store.open_store(Path(sys.argv[1]))
for number in range(int(sys.argv[2]), 100_000):
    record = build(form, {"name": f"示例{number}"})
    arrival = arrivals.Arrival(
        form=form, record=record, findings=(), original=str(number).encode(), filename="", carrier="docx"
    )
    print(arrivals.keep(kept, kept.unit, arrival)[0].id, flush=True)
"""


def test_a_service_killed_in_the_middle_has_kept_everything_it_answered_for(tmp_path: Path, root: Path):
    answered: list[str] = []
    for kill in range(5):
        command = [sys.executable, "-c", WRITER, str(tmp_path), str(kill * 1000)]
        with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout
            answered += [writer.stdout.readline().strip() for _ in range(7 * (kill + 1))]
            writer.kill()
    kept = store.open_store(tmp_path)
    for own in answered:
        assert submissions.original(kept, kept.unit, submissions.get(kept, kept.unit, own))
    with store.reading(kept) as connection:
        assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        shas = connection.execute(text("SELECT original_sha FROM submissions")).scalars().all()
    assert len(shas) >= len(answered) == 105
    assert [sha for sha in shas if not any(kept.files.rglob(sha))] == []
