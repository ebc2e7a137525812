"""The signature table: what the first bytes of each format look like.

Sources: the formats' own specifications; ISO/IEC 14496-12 and the brands registered at mp4ra.org.
"""

from __future__ import annotations

FIXED: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"\x00\x00\x00\x0cJXL \r\n\x87\n", "image/jxl"),
    (0, b"\xff\x0a", "image/jxl"),
    (0, b"\x00\x00\x00\x0cjP  \r\n\x87\n", "image/jp2"),
    (0, b"\xff\x4f\xff\x51", "image/x-jp2-codestream"),
    (0, b"\x8aMNG\r\n\x1a\n", "video/x-mng"),
    (0, b"\x8bJNG\r\n\x1a\n", "image/x-jng"),
    (0, b"8BPS", "image/vnd.adobe.photoshop"),
    (0, b"gimp xcf ", "image/x-xcf"),
    (0, b"FUJIFILMCCD-RAW", "image/x-fuji-raf"),
    (0, b"IIU\x00", "image/x-panasonic-rw2"),
    (0, b"IIRO", "image/x-olympus-orf"),
    (0, b"IIRS", "image/x-olympus-orf"),
    (0, b"FOVb", "image/x-sigma-x3f"),
    (6, b"HEAPCCDR", "image/x-canon-crw"),
    (0, b"\x00\x00\x01\x00", "image/vnd.microsoft.icon"),
    (0, b"Rar!\x1a\x07", "application/x-rar"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"BZh", "application/x-bzip2"),
    (0, b"\xfd7zXZ\x00", "application/x-xz"),
    (0, b"\x28\xb5\x2f\xfd", "application/zstd"),
    (257, b"ustar", "application/x-tar"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (0, b"{\\rtf", "text/rtf"),
    (0, b"%!PS", "application/postscript"),
    (0, b"\x7fELF", "application/x-executable"),
    (0, b"\xcf\xfa\xed\xfe", "application/x-executable"),
    (0, b"\xce\xfa\xed\xfe", "application/x-executable"),
    (0, b"\xfe\xed\xfa\xcf", "application/x-executable"),
    (0, b"\xca\xfe\xba\xbe", "application/x-executable"),
    (0, b"SQLite format 3\x00", "application/vnd.sqlite3"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"caff\x00\x01", "audio/x-caf"),
    (0, b"FLV\x01", "video/x-flv"),
    (0, b".RMF\x00\x00\x00", "video/x-rm"),
    (0, b"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02\x01\x01\x02", "application/mxf"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-asf"),
    (0, b"\x00\x00\x01\xba", "video/mpeg"),
    (0, b"\x00\x00\x01\xb3", "video/mpeg"),
    (0, b"MM\x00\x2b", "image/tiff"),
    (0, b"II\x2b\x00", "image/tiff"),
)
"""(offset, bytes, type): no other test is needed."""

_MP4_BRANDS = (
    *("isom", "iso2", "iso3", "iso4", "iso5", "iso6", "iso7", "iso8", "iso9", "mp41", "mp42", "mp71", "avc1"),
    *("hvc1", "av01", "dash", "msdh", "msix", "cmfc", "M4V ", "M4VH", "M4VP", "MSNV", "mmp4", "MP4 ", "f4v "),
    *("F4V ", "NDSC", "NDSH", "NDSM", "NDSP", "NDSS", "NDXC", "NDXH", "NDXM", "NDXP", "NDXS", "XAVC", "CAEP"),
    *("caqv", "piff", "isml", "kddi", "SDV ", "niko", "pana", "JVT "),
)

BRANDS: dict[str, str] = {
    **dict.fromkeys(("heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs"), "image/heic"),
    **dict.fromkeys(("mif1", "mif2", "msf1"), "image/heif"),
    **dict.fromkeys(("avif", "avis", "avio"), "image/avif"),
    "crx ": "image/x-canon-cr3",
    "jp2 ": "image/jp2",
    "jxl ": "image/jxl",
    "qt  ": "video/quicktime",
    **dict.fromkeys(("M4A ", "M4B ", "M4P ", "F4A ", "F4B "), "audio/mp4"),
    **dict.fromkeys(_MP4_BRANDS, "video/mp4"),
}
"""ISO-BMFF brand to type; the 3GPP family goes by its first letters."""

LEADING_BOXES = frozenset({b"moov", b"mdat", b"wide", b"skip", b"free", b"pnot", b"moof", b"styp", b"sidx"})
"""Boxes that begin a QuickTime or fragmented file without ``ftyp``."""

ZIP_PARTS: tuple[tuple[bytes, str], ...] = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    (b"mimetypeapplication/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text"),
    (
        b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.spreadsheet",
    ),
    (
        b"mimetypeapplication/vnd.oasis.opendocument.presentation",
        "application/vnd.oasis.opendocument.presentation",
    ),
    (b"mimetypeapplication/epub+zip", "application/epub+zip"),
    (b"AndroidManifest.xml", "application/vnd.android.package-archive"),
    (b"META-INF/MANIFEST.MF", "application/java-archive"),
)
"""Names near the start of a ZIP archive that identify its type."""
