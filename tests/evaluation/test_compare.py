from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import InputError
from assistant.evaluation.compare import (
    PASS,
    REGRESSION,
    TOO_FEW,
    Measured,
    compare,
    comparison_json,
    comparison_text,
    measured,
    write_baseline,
)

ABOUT = {"suite": "s", "primary": "ndcg@10", "fewest_cases": 5}


def made(name: str, scores: dict[str, list[float]], **more: object) -> Measured:
    by_case = {metric: {f"q{i}": v for i, v in enumerate(values)} for metric, values in scores.items()}
    groups = {f"q{i}": f"q{i}" for values in scores.values() for i in range(len(values))}
    fields: dict[str, object] = {"about": ABOUT, "may_fall": {}, "failed": frozenset(), **more}
    return Measured(name=name, scores=by_case, groups=groups, **fields)  # type: ignore[arg-type]


def test_equal_runs_pass() -> None:
    run = made("a", {"ndcg@10": [0.5, 0.6, 0.7, 0.2, 0.9]})
    found = compare(run, run)
    assert found.exit_code == PASS
    assert found.changes[0].verdict == "no sure change"


def test_a_sure_fall_is_a_regression_and_a_sure_rise_is_not() -> None:
    low = made("low", {"ndcg@10": [0.1 + i / 100 for i in range(20)]})
    high = made("high", {"ndcg@10": [0.6 + i / 90 for i in range(20)]})
    down, up = compare(high, low), compare(low, high)
    assert (down.exit_code, down.changes[0].verdict) == (REGRESSION, "worse")
    assert (up.exit_code, up.changes[0].verdict) == (PASS, "better")
    assert up.changes[0].paired.delta == pytest.approx(-down.changes[0].paired.delta or 0)


def test_for_a_number_that_should_be_low_a_rise_is_the_regression() -> None:
    few = made("few", {"ndcg@10": [0.5] * 20, "false_refusal": [0.0] * 20})
    many = made("many", {"ndcg@10": [0.5] * 20, "false_refusal": [1.0] * 12 + [0.0] * 8})
    found = compare(few, many)
    assert found.exit_code == REGRESSION
    assert [c.verdict for c in found.changes] == ["no sure change", "worse"]
    assert found.changes[1].paired.test == "McNemar exact"


def test_a_fall_beyond_what_the_gate_allows_is_a_regression_even_if_chance_could_do_it() -> None:
    before = made("a", {"ndcg@10": [0.5, 0.6, 0.7, 0.2, 0.9]}, may_fall={"ndcg@10": 0.01})
    after = made("b", {"ndcg@10": [0.5, 0.6, 0.7, 0.2, 0.7]}, may_fall={"ndcg@10": 0.01})
    found = compare(before, after)
    assert found.changes[0].verdict == "no sure change"
    assert found.exit_code == REGRESSION
    assert found.because == ("ndcg@10 fell by 0.040; at most 0.01 is accepted",)


def test_too_few_shared_cases_are_no_verdict() -> None:
    found = compare(made("a", {"ndcg@10": [0.5] * 4}), made("b", {"ndcg@10": [0.1] * 4}))
    assert found.exit_code == TOO_FEW
    assert "only 4 cases" in found.because[0]


def test_a_case_that_breaks_is_a_regression() -> None:
    run = made("a", {"ndcg@10": [0.5] * 6})
    found = compare(run, made("b", {"ndcg@10": [0.5] * 6}, failed=frozenset({"q9"})))
    assert found.exit_code == REGRESSION
    assert "q9" in found.because[0]


def test_runs_of_different_suites_cannot_be_compared() -> None:
    run = made("a", {"ndcg@10": [0.5] * 6})
    with pytest.raises(InputError, match="different suites") as raised:
        compare(run, made("b", {"ndcg@10": [0.5] * 6}, about={**ABOUT, "suite": "t"}))
    assert raised.value.exit_code == 2


def test_p_values_are_corrected_for_all_metrics_looked_at() -> None:
    before = made("a", {"ndcg@10": [0.0] * 6, "recall@10": [0.0] * 6})
    after = made("b", {"ndcg@10": [1.0] * 6, "recall@10": [1.0] * 6})
    found = compare(before, after)
    assert [c.paired.p for c in found.changes] == [pytest.approx(2 / 64)] * 2
    assert [c.p_corrected for c in found.changes] == [pytest.approx(4 / 64)] * 2
    assert {c.verdict for c in found.changes} == {"no sure change"}


def test_a_run_on_disk_and_the_baseline_made_of_it_say_the_same(tmp_path: Path, run_folder: Path) -> None:
    baseline = tmp_path / "baselines" / "small.json"
    write_baseline(run_folder, baseline)
    kept, live = measured(baseline), measured(run_folder)
    assert kept.groups == live.groups
    assert kept.may_fall == live.may_fall == {"ndcg@10": 0.01, "recall@10": 0.02}
    found = compare(kept, live)
    assert found.exit_code == PASS
    assert found.changes[0].metric == "ndcg@10"
    text = comparison_text(found)
    assert "No regression." in text
    assert "**ndcg@10**" in text
    assert comparison_json(found)["exit_code"] == 0


@pytest.mark.parametrize("text", ["{", "[]", '{"run": {}}'])
def test_a_file_that_is_no_baseline_is_bad_input(tmp_path: Path, text: str) -> None:
    path = tmp_path / "b.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="no baseline"):
        measured(path)
    with pytest.raises(InputError, match="no run or baseline"):
        measured(tmp_path / "nowhere")
    with pytest.raises(InputError, match=r"is no run: summary\.json is missing"):
        measured(tmp_path)
