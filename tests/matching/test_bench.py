"""What `./run bench matching` measures is right: its own answer, and that of its rivals."""

import time

from peerline.matching import bench


def test_the_bench_measures_a_cohort_and_its_rivals_agree():
    made = [*bench._of_cohort(60, 1, bench.Rivals(60)), *bench._mentors(60, 1, compiled=False)]
    lines = {line["measure"]: line for line in made}
    assert lines["match"]["points"] == lines["match"]["bound"] and lines["kernel"]["same"]
    assert lines["networkx"]["same"] and lines["rustworkx"]["same"] and lines["networkx"]["times_ours"] > 1
    assert lines["mentors"]["flaws"] == [] and lines["scipy"]["same"]


def test_a_rival_that_does_not_finish_is_stopped_said_and_not_asked_again():
    def forever():
        while True:
            time.process_time()

    rivals, ours = bench.Rivals(1), {"cpu_seconds": 0.01}
    assert rivals._one("slow", forever, 10, ours) == {"not_finished_in": 1, "times_ours_at_least": 100}
    assert "10 people" in rivals._one("slow", forever, 20, ours)["not_run"]
