"""Which store an address names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from storage.errors import StoreMisconfiguredError
from storage.objects.folder import FolderObjects

if TYPE_CHECKING:
    from storage.interfaces.objects import Objects


def open_objects(url: str | Path, *, durable: bool = False, attempts: int | None = None) -> Objects:
    """The objects in a folder (a path or ``file:///path``) or in S3 (``s3://bucket/prefix``).

    ``durable``: see FolderObjects; S3 always is. ``attempts``: see S3Objects. Raises
    StoreMisconfiguredError for any other address. Nothing is read or written yet.
    """
    if isinstance(url, Path):
        return FolderObjects(url, durable=durable)
    if "://" not in url:
        if not url:
            raise StoreMisconfiguredError(
                "the objects' address is empty; give a folder or s3://bucket/prefix"
            )
        return FolderObjects(Path(url), durable=durable)
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.netloc in ("", "localhost") and parts.path:
        return FolderObjects(Path(unquote(parts.path)), durable=durable)
    if parts.scheme == "s3" and parts.netloc and not parts.query:
        from storage.objects.s3 import S3Objects  # noqa: PLC0415 - boto3 is slow to load

        return S3Objects(parts.netloc, parts.path.strip("/"), attempts)
    raise StoreMisconfiguredError(f"{url!r} is no address of objects; give a folder or s3://bucket/prefix")
