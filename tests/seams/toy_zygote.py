"""A zygote with one format more whose files inside become items: ZIP, by the standard library, as an extension would add it.

python toy_zygote.py IMPORT_PATH
"""

from __future__ import annotations

import io
import os
import signal
import sys
import zipfile

sys.path[:0] = [path for path in sys.argv.pop(1).split(os.pathsep) if path]

from pipeline.opening.child import zygote  # noqa: E402
from pipeline.opening.child.inside.member_formats import READERS  # noqa: E402
from pipeline.opening.child.inside.members import FoundMember, MemberError  # noqa: E402
from validators.evidence import Problem  # noqa: E402


def read_zip(data, limits):
    """The files of an archive; those named "broken" cannot be read, one named "fault" is a fault of the reader."""
    with zipfile.ZipFile(io.BytesIO(data[:])) as archive:
        for name in archive.namelist():
            if name == "fault":
                raise RuntimeError(name)
            yield FoundMember(name, chunks(archive, name))
    if archive.comment:
        yield Problem("damaged", archive.comment.decode())


def chunks(archive, name):
    if name == "broken":
        yield b"half of"
        raise MemberError(Problem("damaged", "broken cannot be read"))
    with archive.open(name) as file:
        while chunk := file.read(1 << 16):
            yield chunk


READERS["application/zip"] = read_zip
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGPIPE, signal.SIG_IGN)
zygote.main()
