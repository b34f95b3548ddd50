"""The samples: complete, valid by other programs' judgement, and the same station in all three forms."""

import io
import json
from dataclasses import replace
from datetime import date

import jsonschema
import pytest
from PIL import Image
from stdnum.cn import ric, uscc

from services.catalogue import concrete, declared
from services.check import Context, check_record
from services.findings import Severity
from services.record import at, from_json, rows, to_json
from services.sample import SPECIMENS, SpecimenError, sample
from services.schema import record_schema

FORMS = ("evaluation", "station-recommendation", "worker-recommendation")
EVERY = [(name, edition, region) for name in FORMS for edition in ("2006", "today") for region in ("", "610000")]
SEEDS = (0, 1, 2, 3, 4, 17, 999)


@pytest.mark.parametrize(("name", "edition", "region"), EVERY)
def test_a_sample_has_no_findings_that_stop_or_ask(name, edition, region):
    form = concrete(name, edition, region)
    for seed in SEEDS:
        findings = check_record(form, sample(form, seed), Context())
        assert [f"{f.rule} {f.place}: {f.message}" for f in findings if f.severity is not Severity.NOTE] == [], seed


@pytest.mark.parametrize(("name", "edition", "region"), EVERY)
def test_a_sample_satisfies_the_schema_and_comes_back_from_its_file(name, edition, region):
    form = concrete(name, edition, region)
    for seed in (0, 3):
        record = sample(form, seed)
        file = json.loads(json.dumps(to_json(form, record), ensure_ascii=False))
        jsonschema.validate(file, record_schema(form), format_checker=jsonschema.FormatChecker())
        assert from_json(form, file) == (record, ())


@pytest.mark.parametrize("name", FORMS)
def test_a_sample_answers_everything_that_the_station_must(name):
    form = concrete(name)
    record = sample(form, 5)
    missing = [
        field.key
        for field in form.fields
        if field.required and field.stage == "station" and at(record, field.key) is None
    ]
    assert missing == []
    assert all(at(record, f"items.{item.id}.self") is not None for item in form.items)
    for schedule in form.schedules:
        assert schedule.min_rows <= len(rows(record, schedule.key)) <= schedule.max_rows
        for row in rows(record, schedule.key):
            assert [c.key for c in schedule.columns if c.required and row[c.key] is None] == []


def test_the_three_samples_of_a_seed_are_one_station():
    first, second, third = (sample(concrete(name), 6).values for name in FORMS)
    repeated = [field.key for field in concrete(FORMS[1]).fields if field.copied]
    later = {"review_total", "qms_no", "qms_issuer", "qms_on"}
    assert {key: second[key] for key in repeated if key not in later} == {
        key: first[key] for key in repeated if key not in later
    }
    assert (third["agency_code"], third["unit"]) == (first["agency_code"], first["name"])
    examiner = first["examiners"][0]
    assert (third["name"], third["id_no"], third["card_no"], third["card_until"]) == (
        examiner["name"],
        examiner["id_no"],
        examiner["card_no"],
        examiner["card_until"],
    )


def test_the_recommendation_counts_the_people_and_results_of_the_evaluation_form():
    first, second = sample(concrete("evaluation"), 6).values, sample(concrete("station-recommendation"), 6).values
    categories = [row["category"] for row in first["examiners"]]
    assert (second["examiners"], second["senior_examiners"]) == (
        categories.count("考评员"),
        categories.count("高级考评员"),
    )
    assert second["staff_total"] == len(first["staff"])
    assert second["staff_full"] == [row["full_time"] for row in first["staff"]].count("专职")
    for row in second["results"]:
        year = next(total for total in first["statistics_totals"] if total["year"] == row["year"])
        assert (row["examined"], row["passed"]) == (year["examined"], year["passed"])


def test_the_first_sample_is_this_station():
    values = sample(concrete("evaluation"), 0).values
    assert (values["name"], values["agency_code"], values["org_code"]) == (
        "南京市启明高级技工学校国家职业技能鉴定所",
        "10011001",
        "PDY00001-X",
    )
    assert (values["self_total"], values["grade"], values["self_date"]) == (92, "优秀", date(2006, 8, 10))


@pytest.mark.parametrize(
    ("seed", "code"), [(0, "PDY00001-X"), (1, "PDY00002-8"), (2, "PDY00003-6"), (12_344, "PDY12345-8")]
)
def test_organisation_codes_are_those_of_the_reserved_zone(seed, code):
    assert sample(concrete("evaluation"), seed).values["org_code"] == code


@pytest.mark.parametrize("seed", SEEDS)
def test_resident_ids_and_credit_codes_pass_another_programs_check(seed):
    values = sample(concrete("evaluation", "today"), seed).values
    assert uscc.is_valid(values["uscc"])
    numbers = [row["id_no"] for row in values["examiners"]]
    assert [number for number in numbers if not ric.is_valid(number)] == []
    assert len(set(numbers)) == len(numbers)


def test_other_seeds_are_other_stations_and_the_same_seed_the_same_one():
    form = concrete("evaluation")
    stations = {sample(form, seed).values["agency_code"] for seed in range(40)}
    assert len(stations) == 40
    assert {sample(form, seed).values["kind"] for seed in range(4)} == {
        "国家职业技能鉴定所",
        "地方职业技能鉴定站",
        "行业特有工种职业技能鉴定站",
    }
    assert sample(form, 9) == sample(form, 9)


def test_a_regions_sample_stands_in_the_region_and_answers_its_items():
    record = sample(concrete("evaluation", "2006", "610000"), 1)
    assert record.values["region"] == "610103"
    assert {item: record.values["items"][item]["self"] for item in ("SX1", "SX5")} == {"SX1": 3, "SX5": 1}
    assert (record.values["self_total"], record.values["regional_total_self"]) == (92, 10)


def test_the_photograph_is_a_small_portrait_of_the_asked_shape():
    photo = sample(concrete("worker-recommendation"), 3).values["photo"]
    image = Image.open(io.BytesIO(photo))
    assert (image.format, image.size) == ("JPEG", (315, 441))
    assert len(image.convert("RGB").getcolors(maxcolors=100_000) or []) > 20
    assert len(photo) < 30_000


def test_every_declared_form_has_a_specimen():
    assert {path.stem for path in SPECIMENS.glob("*.toml")} == {"pools", *(form.id for form in declared())}


def test_a_form_without_specimen_is_named():
    with pytest.raises(SpecimenError, match=r"没有 new-form\.toml: 请在 forms/specimens/"):
        sample(replace(concrete("evaluation"), id="new-form"), 0)
