"""A text column that is encrypted at rest."""

from typing import Any

from django.db import models

from peerline.vault.services import seal, unseal


class SealedText(models.TextField):  # type: ignore[type-arg]
    """Text in Python, ciphertext in the table. It cannot be searched or sorted; keep a lookup_hash for that."""

    description = "Encrypted text"

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return unseal(value.encode()).decode() if value else value

    def get_prep_value(self, value: str | None) -> str | None:
        return seal(value.encode()).decode() if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name not in ("isnull",):
            raise TypeError(f"{self.name} is sealed and cannot be searched by {lookup_name}")
        return super().get_lookup(lookup_name)
