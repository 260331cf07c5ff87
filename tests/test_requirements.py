"""The table of requirements is as new as the tests, and no test names a line that does not exist."""

from config.requirements import TABLE, marked, parts, proofs, table

ONE_FILE = """
import pytest
pytestmark = [pytest.mark.django_db, pytest.mark.req("T3")]

@pytest.mark.req("S1", "S2")
@pytest.mark.parametrize("x", [1])
def test_one(x): ...

@pytest.mark.req("S4")
class TestMore:
    def test_two(self): ...

def helper(): ...
"""


def unknown(proven: dict[str, list[str]]) -> dict[str, list[str]]:
    known = {number for part in parts().values() for number in part}
    return {number: tests for number, tests in proven.items() if number not in known}


def test_every_number_a_test_names_is_a_line():
    assert unknown(proofs()) == {}


def test_a_number_that_is_no_line_is_found():
    assert unknown({"S1": ["a"], "S151": ["b"]}) == {"S151": ["b"]}


def test_all_lines_of_the_sources_are_there():
    numbers = {number for part in parts().values() for number in part}
    assert {f"S{number}" for number in range(1, 151)} <= numbers
    assert {f"T{number}" for number in range(1, 22)} | {f"R{number}" for number in range(1, 16)} <= numbers


def test_marks_are_read_from_tests_classes_and_files():
    assert dict(marked(ONE_FILE)) == {"test_one": ["S1", "S2", "T3"], "test_two": ["S4", "T3"]}


def test_the_table_is_as_new_as_the_tests():
    stale = "docs/reference/requirements.md is older than the tests: run `./run requirements` and commit it"
    assert TABLE.read_text() == table(parts(), proofs()), stale


def test_a_new_test_makes_the_table_old():
    proven = proofs()
    proven["S1"] = [*proven["S1"], "planted/test_file.py::test_planted"]
    assert TABLE.read_text() != table(parts(), proven)
