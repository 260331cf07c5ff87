"""A file on its way in: at most so many bytes of it are kept, in memory, whatever is sent.

Django would write a large upload to the machine's temporary folder before any view could refuse it.
"""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from peerline.exchange.prompts.uploads import MOST_BYTES


class KeepsLittle(FileUploadHandler):
    """Keeps the first 5 MB and counts the rest: `size` tells the truth, so that uploads.taken refuses what is larger."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.kept = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.kept.write(raw_data[: max(0, MOST_BYTES - start)])

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.kept.seek(0)
        return InMemoryUploadedFile(
            self.kept, self.field_name, self.file_name, self.content_type, file_size, self.charset
        )
