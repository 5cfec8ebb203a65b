"""Plays that another can always stand in for are left out, and no others."""

from __future__ import annotations

from random import Random

from pos.sale.promotions.items import solve
from pos.sale.promotions.packing import Search
from pos.sale.promotions.plays import SCALE, Play
from pos.sale.promotions.pruning import needed


def ranked(rank: int, values: dict[int, int], payers: int = 1, left: int | None = None) -> Play:
    play = Play(rank, "ranked", left, payers, 1)
    return _on(play, values)


def bundle(rank: int, values: dict[int, int], qty: int, per_set: int = 0) -> Play:
    return _on(Play(rank, "bundle", None, slots=(qty,), per_set=per_set), values)


def _on(play: Play, values: dict[int, int]) -> Play:
    for c, value in sorted(values.items()):
        play.classes.append(c)
        play.value[c], play.cost[c], play.base[c], play.slots_of[c] = value, 0, 1000, 1
    return play


def test_the_better_of_one_form_stays() -> None:
    assert needed([ranked(0, {0: 50, 1: 40}), ranked(1, {0: 60, 1: 50, 2: 10})]) == [1]
    assert needed([ranked(0, {0: 50, 1: 40}), ranked(1, {0: 60, 1: 30})]) == [0, 1]
    assert needed([ranked(0, {0: 50, 1: 40}), ranked(1, {0: 60})]) == [0, 1]
    assert needed([ranked(0, {0: 50}), ranked(1, {0: 60}, payers=2)]) == [0, 1]


def test_of_equals_the_better_rank_stays() -> None:
    assert needed([ranked(3, {0: 50, 1: 40}), ranked(2, {0: 50, 1: 40})]) == [1]
    assert needed([ranked(3, {0: 50}), ranked(2, {0: 50})]) == [1]


def test_what_is_limited_stands_in_for_nothing() -> None:
    assert needed([ranked(0, {0: 50}), ranked(1, {0: 60}, left=1)]) == [0, 1]


def test_on_equal_pieces_the_sum_of_a_set_decides_whatever_its_form() -> None:
    assert needed([bundle(0, {0: 20}, 3), ranked(1, {0: 70}, payers=2)]) == [1]
    assert needed([bundle(0, {0: 0}, 3, per_set=80), ranked(1, {0: 70}, payers=2)]) == [0]


def test_leaving_them_out_loses_nothing() -> None:
    random = Random(7)
    for _ in range(200):
        counts = [random.randint(1, 4) for _ in range(3)]
        plays = []
        for rank in range(random.randint(2, 6)):
            classes = sorted(random.sample(range(3), random.randint(1, 3)))
            values = sorted((random.randint(1, 90) for _ in classes), reverse=True)
            on = dict(zip(classes, values, strict=True))
            if random.random() < 0.5:
                left = random.choice((None, None, 1))
                plays.append(ranked(rank, on, random.randint(1, 2), left))
            else:
                plays.append(bundle(rank, on, random.randint(2, 3), random.choice((0, -60, 25))))
        most, _ = Search(counts, plays).run(None)
        uses, exact = solve(counts, plays, 18)
        gain = sum(
            use.times * (use.gain * SCALE - plays[use.play].penalty * plays[use.play].size)
            for use in uses
        )
        assert exact
        assert gain == most
