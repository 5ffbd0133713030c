from benchmarks.rules.rule_engine import RulePlan, measure_rules


def test_every_type_is_watched_and_looks_are_judged():
    figures = measure_rules(RulePlan(issue_types=40, boxes=12, looks=40))
    assert figures.issue_types == 40
    assert figures.with_candidates > 10
    assert figures.zones > 10
    assert figures.open_events > 0
    assert 0 < figures.median_ms <= figures.p95_ms


def test_with_a_line_all_is_followed_at_the_pace_of_a_stream():
    figures = measure_rules(RulePlan(20, 12, 20, step_seconds=0.04, lines=1))
    assert (figures.issue_types, figures.lines, figures.step_seconds) == (21, 1, 0.04)
