from benchmarks.rule_engine import RulePlan, measure_rules


def test_every_type_is_watched_and_looks_are_judged():
    figures = measure_rules(RulePlan(issue_types=40, boxes=12, looks=40))
    assert figures.issue_types == 40
    assert figures.with_candidates > 10
    assert figures.zones > 10
    assert figures.open_events > 0
    assert 0 < figures.median_ms <= figures.p95_ms
