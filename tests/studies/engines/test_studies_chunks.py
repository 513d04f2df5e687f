"""Chunks: each item once, about a second of work, one measurement at a time, smaller near the end."""

import heapq
import random
from collections import Counter

import pytest

from nashscape.core import InputError
from nashscape.studies.engines.chunks import GROWTH, MOST, SECONDS, Chunks
from nashscape.studies.engines.shards import Shard
from nashscape.studies.items import Place


def places(*counts):
    return [Place(measure, point, 0) for measure, count in enumerate(counts) for point in range(count)]


def worked_off(chunks, workers, cost, overhead=0.0):
    """Chunks in the order in which they were taken, and when each worker ended, in a machine of equal workers."""
    taken, free = [], [(0.0, k) for k in range(workers)]
    ends, under_way = [0.0] * workers, []
    while chunks.left or under_way:
        while free and (chunk := chunks.take(workers)):
            now, who = heapq.heappop(free)
            taken.append(chunk)
            seconds = sum(map(cost, chunk))
            heapq.heappush(under_way, (now + seconds + overhead, who, chunk, seconds))
        now, who, chunk, seconds = heapq.heappop(under_way)
        chunks.took(chunk, seconds)
        ends[who] = now
        heapq.heappush(free, (now, who))
    return taken, ends


@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize("seconds", [1e-6, 0.003, 0.4, 7.0])
def test_every_item_is_handed_out_once_in_chunks_of_about_a_second(workers, seconds):
    asked = places(20_000, 50, 0, 300)
    taken, _ = worked_off(Chunks(asked, str), workers, lambda place: seconds)
    assert [place for chunk in taken for place in chunk] == asked
    assert all(len({place.measure for place in chunk}) == 1 for chunk in taken)
    largest = max(map(len, taken))
    assert largest <= MOST
    assert largest * seconds <= max(seconds, SECONDS)
    # most of what can be joined is
    assert largest >= min(MOST, SECONDS / seconds, 20_000 / (4 * workers)) / GROWTH


def test_chunks_grow_by_a_bounded_factor_and_shrink_at_once_where_items_become_slow():
    chunks = Chunks(places(10_000), str)
    sizes = []
    for _ in range(5):
        chunk = chunks.take()
        sizes.append(len(chunk))
        chunks.took(chunk, 1e-5 * len(chunk))
    assert sizes == [1, 4, 16, 64, 256]
    chunks.took(chunks.take(), 1000.0)  # of 1024: about a second each
    assert len(chunks.take()) <= 2


def test_workers_end_together_though_items_differ():
    """The longest that one waits for the others is small against the whole, and chunks are few."""
    drawn = random.Random(3)
    costs = {place: drawn.uniform(0.001, 0.03) for place in places(5_000)}
    taken, ends = worked_off(Chunks(costs, str), 4, costs.get, overhead=0.001)
    assert max(ends) - min(ends) < 0.02 * max(ends)
    assert len(taken) < 5_000 / 20


def test_what_may_have_killed_a_worker_is_handed_out_alone_and_before_all_others():
    chunks = Chunks(places(40), str)
    chunks.took(chunks.take(), 1e-4)
    first, second = chunks.take(), chunks.take()
    assert (len(first), len(second)) == (4, 4)
    chunks.again(first)
    assert chunks.left == 39 - 4
    assert [chunks.take() for _ in range(4)] == [(place,) for place in first]
    assert len(chunks.take()) == 4


def test_what_is_left_is_timed_by_measurement_and_closed_chunks_hand_out_none():
    chunks = Chunks(places(10, 5), str)
    first = chunks.take()
    assert chunks.first_calls
    chunks.took(first, 0.5)
    assert not chunks.first_calls
    # nine more of half a second; nothing is known of the other measurement
    assert chunks.seconds_left() == (4.5, 4.5, False)
    while chunks.left > 5:
        chunk = chunks.take()
        assert not chunks.first_calls
        chunks.took(chunk, 0.5 * len(chunk))
    other = chunks.take()
    assert chunks.first_calls
    chunks.took(other, 2.0)
    assert chunks.seconds_left() == (8.0, 8.0, True)
    chunks.close()
    assert (chunks.left, chunks.take()) == (0, ())


def test_items_that_become_slower_leave_two_times():
    chunks = Chunks(places(8), str)
    for seconds in (1.0, 1.0, 1.0, 9.0):
        chunks.took(chunks.take(), seconds)
    least, most, known = chunks.seconds_left()
    # 12 s for four items: four more by their mean, and by the last ones
    assert (least, most, known) == (4 * 3.0, 4 * 5.0, True)


def test_shards_are_a_partition_by_key():
    keys = [f"{random.Random(k).getrandbits(128):032x}" for k in range(2_000)]
    for count in (1, 3, 16):
        held = Counter(k for k in range(1, count + 1) for key in keys if Shard(k, count).holds(key))
        assert sum(held.values()) == len(keys)
        assert min(held.values()) > 0.7 * len(keys) / count
    assert Shard.parse(" 3/16 ") == Shard(3, 16)
    assert Shard(3, 16).holds(f"{16 * 10**20 + 2:032x}")


@pytest.mark.parametrize("text", ["0/4", "5/4", "3", "3/0", "-1/4", "1.5/4", "3/16/2", "", "a/b", 3, None, ("3", "4")])
def test_what_is_no_shard_is_refused_with_an_example(text):
    with pytest.raises(InputError, match="such as '3/16'; got") as refused:
        Shard.parse(text)
    assert str(refused.value).endswith(repr(text))


def test_what_was_not_begun_comes_back_to_the_front_and_is_handed_out_once():
    asked = places(30)
    chunks, seen = Chunks(asked, str), []
    while chunk := chunks.take():
        begun = chunk[: max(1, len(chunk) // 2)]
        chunks.back(chunk[len(begun) :])
        chunks.took(begun, 0.001)
        seen += begun
        assert chunks.left == 30 - len(seen)
    assert seen == asked
    assert not chunks.first_calls
