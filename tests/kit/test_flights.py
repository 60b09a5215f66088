"""What many want at the same moment is worked out once."""

import threading

import pytest

from shopbell.flights import Flights


def together(number, work):
    start = threading.Barrier(number)

    def one():
        start.wait()
        work()

    threads = [threading.Thread(target=one) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_only_the_first_of_many_works_it_out():
    flights, known, worked_out = Flights(), {}, []

    def ask():
        if "answer" not in known:
            with flights.one("answer"):
                if "answer" not in known:
                    worked_out.append(threading.get_ident())
                    threading.Event().wait(0.05)
                    known["answer"] = 42

    together(8, ask)
    assert known == {"answer": 42}
    assert len(worked_out) == 1


def test_other_keys_do_not_wait():
    flights, inside = Flights(), threading.Barrier(2, timeout=5)
    keys = iter(("one", "other"))

    def ask():
        with flights.one(next(keys)):
            inside.wait()

    together(2, ask)
    assert not inside.broken


def test_after_a_failure_the_next_one_tries_and_nothing_is_kept():
    flights = Flights()
    with pytest.raises(ValueError, match="no"), flights.one("key"):
        raise ValueError("no")
    with flights.one("key"), flights.one("key"):
        pass
    assert flights._open == {}
