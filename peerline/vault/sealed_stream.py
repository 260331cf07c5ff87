"""Any amount of data in one sealed file: a flipped bit, a cut or a swapped part is noticed before a byte of it is used.

The file is a mark, a salt, then parts of up to 1 MiB, each sealed with AES-256-GCM. A part's nonce is its number and
whether it is the last one, so that none can be left out, moved or added (the STREAM construction: Hoang, Reyhanitabar,
Rogaway, Vizár, CRYPTO 2015). Each file has a key of its own, made of the keeper's key and the salt with HKDF.
"""

import secrets
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MARK = b"PEERLINE SEALED 1\n"
SALT_BYTES = 32
PART_BYTES = 1 << 20
TAG_BYTES = 16


class Broken(ValueError):
    """Not such a file, sealed with another key, or not whole any more."""


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt, MARK).derive(key))


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


class SealedWriter:
    """Write plain bytes, and `file` gets sealed ones; not whole before close()."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        salt = secrets.token_bytes(SALT_BYTES)
        self._file, self._cipher, self._number, self._waiting = file, _cipher(key, salt), 0, bytearray()
        file.write(MARK + salt)

    def write(self, data: bytes) -> int:
        self._waiting += data
        while len(self._waiting) > PART_BYTES:  # the last part is kept back: it is sealed as the last
            self._seal(bytes(self._waiting[:PART_BYTES]), last=False)
            del self._waiting[:PART_BYTES]
        return len(data)

    def close(self) -> None:
        self._seal(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _seal(self, part: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last), part, None))
        self._number += 1


class SealedReader:
    """Read the plain bytes again. Raises Broken at the first part that is not as it was written."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        if file.read(len(MARK)) != MARK:
            raise Broken("it is no sealed file of Peerline")
        salt = file.read(SALT_BYTES)
        self._file, self._cipher, self._number, self._plain = file, _cipher(key, salt), 0, b""
        self._ahead, self._over = file.read(PART_BYTES + TAG_BYTES), False

    def read(self, most: int = -1) -> bytes:
        """Up to `most` bytes; all that is left without it. b"" only after the last part was seen to be the last."""
        pieces, size = [], 0
        while most < 0 or size < most:
            if not self._plain and not self._open_next():
                break
            piece = self._plain if most < 0 else self._plain[: most - size]
            self._plain = self._plain[len(piece) :]
            pieces.append(piece)
            size += len(piece)
        return b"".join(pieces)

    def _open_next(self) -> bool:
        if self._over:
            return False
        part, self._ahead = self._ahead, self._file.read(PART_BYTES + TAG_BYTES)
        self._over = not self._ahead
        try:
            self._plain = self._cipher.decrypt(_nonce(self._number, self._over), part, None)
        except (InvalidTag, ValueError) as reason:
            raise Broken(f"it was sealed with another key, or its part {self._number + 1} is broken") from reason
        self._number += 1
        return True
