"""A sealed stream gives back what was written, or says that it is broken: never something else."""

import io
import os
import random

import pytest

from peerline.vault.sealed_stream import MARK, PART_BYTES, Broken, SealedReader, SealedWriter

KEY = b"k" * 20
FLIPS = 20_000 if os.environ.get("PEERLINE_LONG") else 500


def sealed(data: bytes, key: bytes = KEY) -> bytes:
    out = io.BytesIO()
    writer = SealedWriter(out, key)
    for at in range(0, len(data), 70_001):
        writer.write(data[at : at + 70_001])
    writer.close()
    return out.getvalue()


def opened(data: bytes, key: bytes = KEY) -> bytes:
    return SealedReader(io.BytesIO(data), key).read()


@pytest.mark.parametrize("size", [0, 1, PART_BYTES - 1, PART_BYTES, PART_BYTES + 1, 3 * PART_BYTES])
def test_what_was_written_is_read(size):
    data = random.Random(size).randbytes(size)
    reader, read = SealedReader(io.BytesIO(sealed(data)), KEY), b""
    while piece := reader.read(65_536):
        read += piece
    assert read == data


@pytest.mark.req("R12")
def test_every_flipped_bit_is_noticed():
    whole, chance = sealed(b"names and numbers " * 50), random.Random(12)
    for _ in range(FLIPS):
        bit = chance.randrange(len(whole) * 8)
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(Broken):
            opened(bytes(flipped))


def test_parts_cannot_be_left_out_swapped_or_added():
    whole = sealed(b"x" * (3 * PART_BYTES))
    head, size = len(MARK) + 32, PART_BYTES + 16
    parts = [whole[head + n * size : head + (n + 1) * size] for n in range(3)]
    for wrong in ([0, 1], [1, 0, 2], [0, 0, 1, 2], [0, 1, 2, 2], [2], []):
        with pytest.raises(Broken):
            opened(whole[:head] + b"".join(parts[n] for n in wrong))
    assert opened(whole[:head] + b"".join(parts)) == b"x" * (3 * PART_BYTES)


def test_a_cut_anywhere_is_noticed():
    whole = sealed(b"names and numbers " * 5)
    for end in range(len(whole)):
        with pytest.raises(Broken):
            opened(whole[:end])


def test_another_key_opens_nothing_and_nothing_stands_in_the_clear():
    whole = sealed(b"names and numbers " * 50)
    assert b"names" not in whole
    with pytest.raises(Broken):
        opened(whole, b"l" * 20)
