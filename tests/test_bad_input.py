"""A region packet of sound forms with everything bad among them: each is named with its file and what to do.

The others go on. What only the region can decide (a rank twice, a quota exceeded) binds nothing, and the packet
that was there stays as it was.
"""

import json
import re
import tomllib
from datetime import date
from pathlib import Path

import pikepdf
import pypdf
import pytest

from forms.quotas import NONE
from invented import province
from services import desk
from services.answers import scalars
from services.bundle.packet import Job, Options, Source, bind_to
from services.bundle.verify import verify
from services.catalogue import concrete
from services.check import Context
from services.findings import must_fix
from services.paper import office
from services.record import parse, shown, to_json
from services.settings import load_settings
from services.summary import Quotas, Share
from services.totals import completed
from tests.docx_edits import edited
from tests.odd_pdfs import empty, saved
from tests.packets import pdf
from tests.surveys import record_of
from tests.test_attached import many_pages, of_size, of_width
from tests.test_office import letter, stand_in
from tests.test_region_packet import exempt
from tests.test_upgrade import older_version

CASES = Path(__file__).parent / "cases" / "survey"
ONE = Quotas(id="one", title="", source="", shares=(Share(unit="10", stations=1, workers=1),))
CONTEXT = Context(today=date(2006, 10, 16))


def job(*sources, **options):
    return Job(recipe="region", sources=sources, context=CONTEXT, settings=load_settings(), options=Options(**options))


# ---- attachments ------------------------------------------------------------------------------------------------

BAD = {
    "带密码.pdf": (pdf(password="x"), "请去掉密码"),
    "没有页.pdf": (saved(pikepdf.new()), "没有页面"),
    "一万页.pdf": (many_pages(10_000), "请拆成几份"),
    "很宽.pdf": (of_width(1e9), "请按 A4 重新打印成 PDF"),
    "很大.png": (of_size(60_000), "请"),
    "转不动.docx": (letter(), "请打开原文件另存为 PDF"),
    "坏.docx": (b"PK\x03\x04 cut off", "请"),
}


@pytest.fixture
def hanging(tmp_path, monkeypatch):
    """A LibreOffice that never ends, and a second's patience with it."""
    stand_in(tmp_path, "sleep 60", monkeypatch)
    monkeypatch.setattr(office, "TIME_S", 1)


def test_every_bad_attachment_is_named_with_what_to_do_and_the_others_are_bound(hanging, tmp_path):
    good = Source(name="转报函.pdf", data=saved(empty()), kind="city_letter")
    bad = (Source(name=name, data=data, kind="other") for name, (data, _) in BAD.items())
    made = bind_to(job(exempt(0), *bad, good, exempt(1)), tmp_path / "packet.pdf")
    assert must_fix(made.findings) == ()
    whys = {line["name"]: line["why"] for line in made.manifest["left_out"]}
    assert set(whys) == set(BAD)
    for name, (_, wanted) in BAD.items():
        assert wanted in whys[name], name
        assert any(finding.place == name and wanted in finding.message for finding in made.findings), name
    keys = [entry["key"] for entry in made.manifest["entries"]]
    assert (keys.count("station_recommendation"), keys.count("city_letter"), keys.count("other")) == (2, 1, 0)
    contents = re.sub(r"\s", "", pypdf.PdfReader(tmp_path / "packet.pdf").pages[1].extract_text())
    assert [name for name in BAD if name not in contents] == []
    assert verify(tmp_path / "packet.pdf").holds


# ---- forms ------------------------------------------------------------------------------------------------------


def spoilt(name):
    """The forms of a bad case between forms, as record files."""
    for told in tomllib.loads((CASES / f"{name}.toml").read_text(encoding="utf-8"))["form"]:
        changes = told.get("changes", {}) | told.get("fault", {})
        record = record_of(told["form"], told.get("seed", 0), changes)
        data = json.dumps(to_json(concrete(told["form"]), record), ensure_ascii=False).encode()
        yield Source(name=f"{told['form']}-{told.get('seed', 0)}.json", data=data)


LOST = ("A03", "A05", "B02", "B04", "B12")
VETOED = {"veto_2": "是", "disposal": "撤销", "items.C203.review": "0", "items.C203.reason": "超出批准的范围。"}
FAIR = {"disposal": "限期整改", "disposal_until": "2006-12-31"}


def province_with(*, evaluation):
    """Two stations, the first recommended; its evaluation with other answers, or none at all."""
    for station in province(2):
        for form_id, told in station.records.items():
            is_its = form_id == "evaluation" and station.fate == "recommended"
            if not is_its or evaluation is not None:
                data = json.dumps(otherwise(told, evaluation) if is_its else told, ensure_ascii=False).encode()
                yield Source(name=f"{station.code}-{form_id}.json", data=data)


def otherwise(told, changes):
    form, record, _ = desk.open_record(json.dumps(told, ensure_ascii=False).encode())
    computed = {key for key, field in scalars(form).items() if field.total_of}
    texts = {key: text for key, text in shown(form, record).items() if key not in computed and text}
    changed, findings = parse(form, texts | changes, {}, {})
    assert not findings
    return to_json(form, completed(form, changed))


@pytest.mark.parametrize(
    ("evaluation", "wanted"),
    [
        (VETOED, "有否决事项(超范围鉴定),不能推荐"),
        (FAIR, "推荐的应为“优秀”"),
        (None, "没有评估表;不免检的须有本轮的评估表"),
    ],
    ids=["veto", "grade", "no evaluation"],
)
def test_a_recommendation_without_ground_is_left_out_and_the_others_are_bound(evaluation, wanted, tmp_path):
    lost = {f"items.{key}.{what}": said for key in LOST for what, said in (("review", "0"), ("reason", "未见材料。"))}
    given = None if evaluation is None else lost | evaluation
    made = bind_to(job(*province_with(evaluation=given)), tmp_path / "packet.pdf")
    assert must_fix(made.findings) == ()
    whys = {line["name"]: line["why"] for line in made.manifest["left_out"]}
    file = "26012001-station-recommendation.json"
    assert wanted in whys[file]
    assert any(finding.place == file and wanted in finding.message for finding in made.findings)
    codes = [entry["station"] for entry in made.manifest["entries"] if entry["key"] == "evaluation"]
    assert codes == [*(["26012001"] if given else []), "26012002"]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("X05.rank", "请省级或行业主管部门重新排序"), ("X05.quota", "名额是 1 个")],
    ids=["rank", "quota"],
)
def test_what_only_the_region_can_decide_is_named_and_leaves_the_former_packet(name, wanted, tmp_path):
    target = tmp_path / "packet.pdf"
    target.write_bytes(b"former")
    made = bind_to(job(*spoilt(name), quotas=ONE if name == "X05.quota" else NONE), target)
    (said,) = must_fix(made.findings)
    assert said.place == "station-recommendation-4.json"
    assert wanted in said.message
    assert target.read_bytes() == b"former"
    assert list(tmp_path.iterdir()) == [target]


def test_a_form_of_an_older_version_is_named_with_how_to_bring_it_up_to_date(tmp_path):
    form = concrete("station-recommendation", "", "610000")
    data = desk.issue(form, exempt_record(), "docx", load_settings()).data
    for side in ("portrait", "landscape"):
        data = edited(data, older_version, f"word/header-{side}.xml")
    made = bind_to(job(exempt(0), Source(name="旧版.docx", data=data)), tmp_path / "packet.pdf")
    (said,) = [finding for finding in made.findings if "旧版.docx" in finding.place and "0.9" in finding.message]
    assert "新" in said.message


def exempt_record():
    return desk.open_record(exempt(1).data)[1]
