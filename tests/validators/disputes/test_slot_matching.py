"""Held to a search through every way to hand out the items."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from validators.disputes.slot_matching import GOOD, WEAK, Entry, match_entries


def entry(*, required: bool = True, good: tuple[int, ...] = (), weak: tuple[int, ...] = ()) -> Entry:
    return Entry(required, dict.fromkeys(weak, WEAK) | dict.fromkeys(good, GOOD))


def test_an_item_counts_for_one_entry_the_first_as_declared():
    assert match_entries([entry(good=(0,)), entry(good=(0,))]) == {0: 0}


def test_an_entry_gives_way_to_another_where_it_has_a_second_item():
    assert match_entries([entry(good=(0, 1)), entry(good=(0,))]) == {0: 1, 1: 0}


def test_required_goes_before_optional_however_they_are_declared():
    assert match_entries([entry(required=False, good=(0,)), entry(good=(0,))]) == {1: 0}


def test_a_good_item_goes_before_a_weak_one():
    assert match_entries([entry(good=(1,), weak=(0,))]) == {0: 1}


def test_a_required_entry_takes_a_good_item_from_one_that_has_a_weak_one_left():
    assert match_entries([entry(good=(0,), weak=(1,)), entry(good=(0,))]) == {0: 1, 1: 0}


def test_an_optional_entry_makes_no_required_one_weak():
    assert match_entries([entry(good=(0,), weak=(1,)), entry(required=False, good=(0,))]) == {0: 0}


ITEMS = 4
entries = st.lists(
    st.builds(
        lambda required, fits: Entry(required, {i: fit for i, fit in enumerate(fits) if fit}),
        st.booleans(),
        st.lists(st.sampled_from([GOOD, WEAK, ""]), min_size=ITEMS, max_size=ITEMS),
    ),
    max_size=4,
)


def worth(found: dict[int, int], asked: list[Entry]) -> tuple[int, int]:
    """How many required and how many other entries have a good item."""
    good = [place for place, item in found.items() if asked[place].fits[item] == GOOD]
    return sum(asked[place].required for place in good), len(good)


def every_way(asked: list[Entry]):
    for items in product([*range(ITEMS), None], repeat=len(asked)):
        found = {place: item for place, item in enumerate(items) if item is not None}
        if len(set(found.values())) == len(found) and all(i in asked[p].fits for p, i in found.items()):
            yield found


@given(entries)
def test_no_other_way_fills_more(asked):
    found = match_entries(asked)
    assert len(set(found.values())) == len(found)
    assert all(item in asked[place].fits for place, item in found.items())
    assert worth(found, asked) == max(worth(way, asked) for way in every_way(asked))


@given(entries)
def test_nothing_is_left_that_a_free_item_would_meet(asked):
    found = match_entries(asked)
    for place, one in enumerate(asked):
        assert place in found or set(one.fits) <= set(found.values())


@given(entries)
def test_the_answer_is_always_the_same(asked):
    turned = [Entry(one.required, dict(reversed(one.fits.items()))) for one in asked]
    assert match_entries(asked) == match_entries(turned)
