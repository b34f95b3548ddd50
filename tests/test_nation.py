"""A national run: province by province, kept when whole, gone on with after an interruption."""

import json
from datetime import date

import pytest

from invented import province
from services.bundle import nation
from services.bundle.nation import STATE, WHOLE, Plan, Unit, packet_of, run, units_in
from services.bundle.verify import verify
from services.settings import load_settings

DAY = date(2006, 10, 16)


@pytest.fixture
def plan(tmp_path):
    for prefix, name in (("11", "第01省"), ("12", "第02省")):
        folder = tmp_path / "in" / name
        folder.mkdir(parents=True)
        station = list(province(2, prefix, name))[1]
        (folder / "1.json").write_text(json.dumps(station.records["evaluation"], ensure_ascii=False), encoding="utf-8")
    units = units_in(tmp_path / "in")
    return Plan(units=units, target=tmp_path / "out", settings=load_settings(), signed_on=DAY, today=DAY)


def here(plan, names):
    """Binding in this process: the tests count which provinces are made."""
    for name in names:
        yield name, nation._bind_unit(plan, name)


@pytest.fixture
def made(monkeypatch):
    """The names of the provinces that were bound, in order."""
    names = []

    def watched(plan, wanted):
        for name, unit in here(plan, wanted):
            names.append(name)
            yield name, unit

    monkeypatch.setattr(nation, "_bound", watched)
    return names


def test_every_province_and_the_whole_are_bound_and_hold(plan):
    told = []
    done = run(plan, lambda name, count, total: told.append((name, count, total)))
    assert sorted(done) == sorted(["第01省", "第02省", WHOLE])
    assert [(count, total) for _, count, total in told] == [(1, 3), (2, 3), (3, 3)]
    assert all(verify(packet_of(plan.target, name)).holds for name in done)
    assert set(json.loads((plan.target / STATE).read_text(encoding="utf-8"))) == set(done)


def test_an_interrupted_run_goes_on_where_it_stood(plan, made, monkeypatch):
    def interrupted(_name, count, _total):
        if count == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(plan, interrupted)
    assert made == ["第01省"]
    first = packet_of(plan.target, "第01省").stat().st_mtime_ns
    run(plan, lambda *_: None)
    assert made == ["第01省", "第02省"]
    assert packet_of(plan.target, "第01省").stat().st_mtime_ns == first


def test_only_what_changed_is_made_again(plan, made, monkeypatch):
    monkeypatch.setattr(nation, "_whole", lambda *_: Unit(inputs="", root="0"))
    run(plan, lambda *_: None)
    (file,) = plan.units["第02省"].iterdir()
    file.write_text(file.read_text(encoding="utf-8") + " ", encoding="utf-8")
    run(plan, lambda *_: None)
    packet = packet_of(plan.target, "第01省")
    packet.write_bytes(packet.read_bytes()[:-9])
    run(plan, lambda *_: None)
    assert made == ["第01省", "第02省", "第02省", "第01省"]


def test_a_province_that_cannot_be_bound_is_named_and_the_others_go_on(plan, made, monkeypatch):
    monkeypatch.setattr(nation, "_whole", lambda *_: Unit(inputs="", root="0"))
    (file,) = plan.units["第01省"].iterdir()
    file.write_text("{}", encoding="utf-8")
    done = run(plan, lambda *_: None)
    assert done["第01省"].faults
    assert done["第02省"].is_bound
    assert not packet_of(plan.target, "第01省").exists()


def test_a_damaged_note_of_what_is_finished_only_costs_time(plan, made, monkeypatch):
    monkeypatch.setattr(nation, "_whole", lambda *_: Unit(inputs="", root="0"))
    plan.target.mkdir()
    (plan.target / STATE).write_text('{"第01省": 3', encoding="utf-8")
    assert run(plan, lambda *_: None)["第01省"].is_bound
