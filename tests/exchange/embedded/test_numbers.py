"""Which numbers may be dialed and where they are reached."""

import os
import random
from pathlib import Path

import pytest

from peerline.exchange.engines.numbers import BadTable, Numbers, Refused, parts, read

TABLE = """number,address
+17345550101,sip:alice@127.0.0.1:5070
+17345550102, sip:bob@127.0.0.1:5071
# a comment, and an empty line

+1734*,carrier
+5215512345678,carrier
+1*,carrier
carrier,sip:{number}@sip.example.net
"""


@pytest.fixture
def numbers(tmp_path: Path) -> Numbers:
    (tmp_path / "numbers.csv").write_text(TABLE)
    return Numbers(tmp_path / "numbers.csv", "+18005550142")


def test_a_number_is_reached_where_the_table_says(numbers: Numbers):
    assert numbers.address_of("+17345550101") == "sip:alice@127.0.0.1:5070"
    assert numbers.address_of("+17347641817") == "sip:+17347641817@sip.example.net"
    assert numbers.route("+17347641817") == "carrier"
    assert numbers.address_of("+17345550177") == "sip:+17345550177@sip.example.net"  # set aside for fiction


@pytest.mark.req("T7")
@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("+19002345678", "premium rate"),
        ("+12129761234", "the 976 exchange"),
        ("+18095550101", "the Dominican Republic, by way of +1"),
        ("+18765550123", "Jamaica, by way of +1"),
        ("+14165550123", "Canada, by way of +1"),
        ("+442079460958", "no row covers it"),
        ("+5215512345679", "only its neighbor is listed"),
        ("+18005550142", "the line itself"),
        ("", "nothing at all"),
        ("+1", "half a number"),
        ("sip:mallory@example.net", "not a number"),
    ],
)
def test_what_costs_or_is_not_covered_is_refused(numbers: Numbers, number: str, why: str):
    with pytest.raises(Refused):
        numbers.route(number)


@pytest.mark.req("T7")
def test_what_is_listed_one_by_one_is_dialed(numbers: Numbers):
    assert numbers.route("+5215512345678") == "carrier"


@pytest.mark.req("T7")
def test_ten_thousand_made_up_numbers_are_dialed_only_where_a_row_covers_them(tmp_path: Path):
    table = tmp_path / "numbers.csv"
    table.write_text("+17345550101,sip:alice@127.0.0.1:5070\n+1734*,sip:{number}@gateway\n")
    numbers, made_up = Numbers(table), random.Random(7)
    dialed = 0
    for _ in range(10_000):
        number = "+" + "".join(made_up.choices("0123456789", k=made_up.randint(1, 15)))
        number = made_up.choice([number, "+1734" + number[1:8], "+1900" + number[1:8], "+1734976" + number[1:5]])
        try:
            numbers.address_of(number)
        except Refused:
            continue
        dialed += 1
        assert number.startswith("+1734") and not number.startswith("+1734976")
    assert dialed > 100  # the positive control: some were


def test_a_wrong_table_says_which_lines_are_wrong_and_why(tmp_path: Path):
    table = tmp_path / "numbers.csv"
    table.write_text("number,address\n7345550101,carrier\n+17345550101,alice\n+17345550102\n+1*,carrier\n")
    with pytest.raises(BadTable) as raised:
        read(table)
    said = str(raised.value)
    assert "line 2: “7345550101” is not a number like +17345550101" in said
    assert "line 3: “alice” is neither an address" in said
    assert "line 4: a row has two cells" in said
    assert "line 5" not in said


def test_a_change_is_taken_up_and_a_wrong_change_leaves_the_old_table_in_force(tmp_path: Path):
    table = tmp_path / "numbers.csv"
    numbers = Numbers(table)
    with pytest.raises(Refused):
        numbers.route("+17345550101")
    table.write_text("+17345550101,sip:alice@127.0.0.1:5070\n")
    assert numbers.route("+17345550101") == "sip:alice@127.0.0.1:5070"
    table.write_text("nonsense\n")
    os.utime(table, ns=(1, 1))
    assert numbers.route("+17345550101") == "sip:alice@127.0.0.1:5070"
    assert "line 1" in numbers.wrong


def test_a_number_that_stands_twice_is_wrong(tmp_path: Path):
    (tmp_path / "numbers.csv").write_text("+17345550101,carrier\n+17345550101,sip:alice@127.0.0.1\n")
    with pytest.raises(BadTable, match="line 2: this number stands in an earlier line"):
        read(tmp_path / "numbers.csv")


@pytest.mark.parametrize(
    ("sender", "contact", "number"),
    [
        ("sip:alice@127.0.0.1:5070", "", "+17345550101"),
        ("sip:alice@127.0.0.1", "", "+17345550101"),  # a From has no port
        ("<sip:phone@192.168.1.20>", "<sip:bob@127.0.0.1:5071;ob>", "+17345550102"),
        ("sip:bob@127.0.0.1:9999", "", ""),
        ("sip:+17347641817@sip.example.net", "", "+17347641817"),
        ("sip:7347641817@sip.example.net", "", "+17347641817"),
        ("sip:anonymous@anonymous.invalid", "", ""),
        ("", "", ""),
        ("sip:' OR 1=1--@x", "", ""),
    ],
)
def test_a_caller_is_known_by_address_or_number(numbers: Numbers, sender: str, contact: str, number: str):
    assert numbers.number_of(sender, contact) == number


def test_a_sip_address_is_taken_apart():
    assert parts('"Al" <sip:alice@example.net:5070;transport=udp>') == ("alice", "example.net", "5070")
    assert parts("sip:example.net") == ("", "example.net", "")
    assert parts("tel:+1734") == ("", "", "")
