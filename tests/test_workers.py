"""Work shared with further processes comes back in order, whole, and ends when nobody wants it any more."""

import os
import signal
import time
from itertools import count
from multiprocessing import active_children, parent_process
from types import MappingProxyType

import pytest

from services.workers import side_by_side


def doubled(number):
    return 2 * number


def later_the_smaller(number):
    time.sleep(0.01 * (5 - number % 5))
    return os.getpid(), number


def killed_elsewhere(number):
    if parent_process() is not None and number:
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number


def spoilt_at_seven(number):
    if number == 7:
        raise ValueError("seven")
    return number


def interrupted_here(number):
    if parent_process() is None:
        raise KeyboardInterrupt
    time.sleep(60)
    return number


def unchangeable(number):
    return MappingProxyType({"number": number})


def test_results_come_in_the_order_of_what_was_given():
    results = list(side_by_side(later_the_smaller, range(90), 1))
    assert [number for _, number in results] == list(range(90))
    assert {os.getpid()} < {process for process, _ in results}


def test_what_a_killed_process_leaves_undone_is_done_here():
    assert list(side_by_side(killed_elsewhere, range(300), 1)) == list(map(doubled, range(300)))


def test_a_mapping_that_nobody_can_change_crosses_over_as_one():
    results = list(side_by_side(unchangeable, range(3), 1))
    assert [(type(result), result["number"]) for result in results] == [(MappingProxyType, n) for n in range(3)]


def test_an_error_is_raised_in_its_place_and_the_others_end():
    results = side_by_side(spoilt_at_seven, count(), 1)
    assert [next(results) for _ in range(7)] == list(range(7))
    with pytest.raises(ValueError, match="seven"):
        next(results)
    assert active_children() == []


def test_an_interruption_ends_the_other_processes_at_once():
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        list(side_by_side(interrupted_here, range(50), 1))
    assert active_children() == []
    assert time.monotonic() - began < 30


def test_who_stops_asking_ends_the_other_processes():
    results = side_by_side(later_the_smaller, count(), 1)
    assert next(results)[1] == 0
    results.close()
    assert active_children() == []
