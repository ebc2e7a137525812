"""Where uploads are kept, and which object a notice means."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pipeline.intake.messages.key_layout import KeyLayout
from pipeline.intake.messages.notice import UploadNotice
from storage.interfaces.objects import Objects


class ForeignUploadError(ValueError):
    """The message's fault: it names an object outside the place that uploads come from."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The uploads' objects: those of ``bucket`` below ``prefix`` (empty, or ending in a slash)."""

    bucket: str
    prefix: str
    objects: Objects
    layout: KeyLayout

    def relative(self, notice: UploadNotice) -> str:
        """The key inside ``objects``; raises ForeignUploadError.

        Anyone who can write to the queue can send a message, so it may not choose another bucket.
        """
        if notice.bucket is None:
            return notice.key
        if notice.bucket != self.bucket:
            raise ForeignUploadError(
                f"The message names the bucket {notice.bucket[:70]!r}; uploads come from {self.bucket!r}."
            )
        if not notice.key.startswith(self.prefix):
            raise ForeignUploadError(f"The message's key does not begin with {self.prefix!r}.")
        return notice.key.removeprefix(self.prefix)


def open_origin(url: str, layout: KeyLayout, attempts: int | None = None) -> Origin:
    """The origin at a folder (its name stands for the bucket's) or at ``s3://bucket/prefix``."""
    from storage.objects.open_objects import open_objects  # noqa: PLC0415 - heavy, and not for --help

    objects = open_objects(url, durable=True, attempts=attempts)
    parts = urlsplit(url)
    if parts.scheme == "s3":
        prefix = parts.path.strip("/")
        return Origin(parts.netloc, f"{prefix}/" if prefix else "", objects, layout)
    folder = parts.path if parts.scheme == "file" else url
    return Origin(Path(folder).resolve().name, "", objects, layout)
