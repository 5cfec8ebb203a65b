"""The page of promises is made of what the runs gave, and of nothing that failed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.trust import SIZE, proofs

XML = """<?xml version="1.0"?><testsuites><testsuite>
<testcase classname="tests.trust.test_clocks" name="a" time="1.4">
<properties><property name="figures" value="{figures}"/></properties></testcase>
<testcase classname="tests.trust.test_clocks" name="b" time="1.4"/>
<testcase classname="tests.trust.test_clocks" name="c" time="0.1"><skipped message="no"/></testcase>
<testcase classname="tests.trust.test_supply" name="d" time="0.2"/>
<testcase classname="tests.trust.test_supply" name="e" time="0.2"><failure message="no"/></testcase>
</testsuite></testsuites>
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "told"
    path.write_text(text, "utf-8")
    return path


def test_every_promise_stands_on_the_page_with_what_is_known_of_it() -> None:
    page, known = proofs.page(), proofs.results()
    for promise in proofs.promises().values():
        [row] = [line for line in page.splitlines() if promise.zh in line]
        assert promise.en in row
        assert all(test in row for test in promise.tests)
        assert (known[promise.id].on in row) if promise.id in known else ("| — |" in row)


def test_what_tests_gave_is_taken_and_what_failed_is_not(tmp_path: Path) -> None:
    told = json.dumps({"name": "soak", "sales": 200, "seed": 7, "bad": [], "threads": [8, 8]})
    xml = XML.replace("{figures}", told.replace('"', "&quot;"))
    found = proofs.take([written(tmp_path, xml)])
    assert set(found) == {"clocks"}
    assert found["clocks"].seed == 7
    assert found["clocks"].figures == {
        "sales": 200,
        "threads": "8 → 8",
        "tests": 2,
        "test_seconds": 3,
    }


def test_a_run_that_was_cut_off_is_completed_by_another(tmp_path: Path) -> None:
    """What failed and was run again counts as it was the last time, beside all else."""
    first = XML.replace("{figures}", "{&quot;tried_x&quot;: 3}")
    again = """<testsuites><testsuite>
<testcase classname="tests.trust.test_supply" name="e" time="0.2"/>
<testcase classname="tests.trust.test_clocks" name="b" time="9.0"/>
</testsuite></testsuites>"""
    (tmp_path / "again").mkdir()
    found = proofs.take([written(tmp_path, first), written(tmp_path / "again", again)])
    assert set(found) == {"clocks", "supply"}
    assert found["clocks"].figures == {"tried_x": 3, "tests": 2, "test_seconds": 10}


@pytest.mark.parametrize(("bad", "taken"), [(0, True), (1, False)])
def test_counts_of_the_bench_go_to_their_promises(tmp_path: Path, bad: int, taken: bool) -> None:
    counts = {"tried_kills": 10_000, "bad_kills": bad, "tried_else": 5}
    found = proofs.take([written(tmp_path, json.dumps({"name": "trust", "counts": counts}))])
    assert ("kills" in found) == taken
    if taken:
        assert found["kills"].figures == {"tried_kills": 10_000, "bad_kills": 0}
        assert found["kills"].size == ("ci" if SIZE.name == "ci" else "full")


def test_lines_of_commands_are_taken_where_nothing_was_wrong(tmp_path: Path) -> None:
    good = {"name": "mutants", "tried": 500, "killed": 480, "unexplained": 0, "stale": 0, "seed": 3}
    found = proofs.take([written(tmp_path, f"words\n{json.dumps(good)}\n")])
    assert found["mutants"].figures == {"tried": 500, "killed": 480}
    bad = json.dumps(good | {"unexplained": 1})
    assert proofs.take([written(tmp_path, bad)]) == {}


def test_results_come_back_as_they_were_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proofs, "RESULTS", tmp_path / "results.toml")
    one = proofs.Result("2026-03-02", "full", {"tried": 500, "ratio": 1.5, "said": "“好”"}, 7)
    proofs.write({"soak": one})
    proofs.write({"kills": one})
    assert proofs.results() == {"kills": one, "soak": one}
    proofs.write({"soak": proofs.Result("2026-03-03", "ci", {"tried": 5})})
    assert proofs.results()["soak"] == one  # a smaller run takes no larger one's place
    assert "2026-03-02, full, seed 7" in proofs.page()


def test_what_nobody_promised_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "results.toml"
    path.write_text('[gone]\non = "2026-03-02"\nsize = "full"\nfigures = {}\n', "utf-8")
    monkeypatch.setattr(proofs, "RESULTS", path)
    with pytest.raises(AssertionError, match="gone"):
        proofs.page()
