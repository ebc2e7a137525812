"""File types by name: what an extension or a declared type promises.

MIME names follow the IANA registry; types of one family are told apart by nobody who names files.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from validators.evidence import Evidence

NAMED, DECLARED = "named", "declared"

_JPEG = frozenset({"image/jpeg"})
_HEIF = frozenset({"image/heic", "image/heif"})
_MP4 = frozenset({"video/mp4", "video/quicktime", "video/3gpp", "video/3gpp2"})
_MATROSKA = frozenset({"video/webm", "video/x-matroska"})
_TEXT = frozenset({"text/plain", "message/rfc822", "application/json", "text/csv", "text/markdown"})
_TIFF = frozenset({"image/tiff"})
_FAMILIES = (_JPEG, _HEIF, _MP4, _MATROSKA, _TEXT, _TIFF)

_EXTENSIONS = {
    **dict.fromkeys(("jpg", "jpeg", "jpe", "jfif", "mpo"), _JPEG),
    **dict.fromkeys(("heic", "heif", "hif"), _HEIF),
    **dict.fromkeys(("mp4", "m4v", "mov", "qt", "3gp", "3gpp", "3g2"), _MP4),
    **dict.fromkeys(("webm", "mkv"), _MATROSKA),
    **dict.fromkeys(("txt", "text", "log", "csv", "md", "json", "eml"), _TEXT),
    **dict.fromkeys(("tif", "tiff", "dng"), _TIFF),
    "png": frozenset({"image/png"}),
    "webp": frozenset({"image/webp"}),
    "avif": frozenset({"image/avif"}),
    "gif": frozenset({"image/gif"}),
    "bmp": frozenset({"image/bmp"}),
    "pdf": frozenset({"application/pdf"}),
    **dict.fromkeys(("ts", "mts", "m2ts"), frozenset({"video/mp2t"})),
    **dict.fromkeys(("ogg", "oga", "opus", "spx"), frozenset({"audio/ogg", "video/ogg"})),
    **dict.fromkeys(
        ("m4a", "m4b"), frozenset({"audio/mp4", "video/mp4", "video/quicktime", "video/3gpp", "audio/aac"})
    ),
    **dict.fromkeys(("amr", "awb"), frozenset({"audio/amr", "video/3gpp"})),
    "mp3": frozenset({"audio/mpeg"}),
    "wav": frozenset({"audio/wav"}),
    "aac": frozenset({"audio/aac", "audio/mp4"}),
    "avi": frozenset({"video/x-msvideo"}),
}

_SYNONYMS = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/x-png": "image/png",
    "image/x-ms-bmp": "image/bmp",
    "image/heic-sequence": "image/heic",
    "image/heif-sequence": "image/heif",
    "image/apng": "image/png",
    "video/avi": "video/x-msvideo",
    "video/msvideo": "video/x-msvideo",
    "video/x-m4v": "video/mp4",
    "video/3gpp2": "video/3gpp",
    "application/x-pdf": "application/pdf",
}

_SAYS_NOTHING = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/x-unknown"})


def is_named(mime: str) -> bool:
    """Whether the type is known at all."""
    return normal(mime) not in _SAYS_NOTHING


def normal(mime: str) -> str:
    """The registered name of a type, without parameters."""
    plain = mime.partition(";")[0].strip().lower()
    return _SYNONYMS.get(plain, plain)


def extension_of(evidence: Evidence) -> str:
    """The file name's extension in lower case, without the dot; empty where it has none."""
    return PurePosixPath(evidence.file).suffix.removeprefix(".").lower()


def promised_types(evidence: Evidence) -> tuple[str, frozenset[str]]:
    """Where the item says its type, NAMED or DECLARED, and the types that fit; no types where it promises nothing.

    The file name goes before the declared type, since upload forms guess the latter from the former.
    """
    extension = extension_of(evidence)
    if extension in _EXTENSIONS:
        return NAMED, _EXTENSIONS[extension]
    declared = normal(evidence.declared.declared_type or "")
    if declared in _SAYS_NOTHING:
        return DECLARED, frozenset()
    family = next((f for f in _FAMILIES if declared in f), frozenset({declared}))
    return DECLARED, family
