"""What `./run bench matching` measures is right: its own answer, and that of its rivals."""

from peerline.matching import bench


def test_the_bench_measures_a_cohort_and_its_rivals_agree():
    lines = {line["measure"]: line for line in [*bench._of_cohort(60, seed=1), *bench._mentors(60, 1, compiled=False)]}
    assert lines["match"]["points"] == lines["match"]["bound"] and lines["kernel"]["same"]
    assert lines["networkx"]["same"] and lines["rustworkx"]["same"]
    assert lines["mentors"]["flaws"] == [] and lines["scipy"]["same"]
