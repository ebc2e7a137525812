"""Coverage-guided fuzzing of every parser of our own: each may refuse what it is given, by its own error alone.

./dev fuzz-parsers [--seconds 30] [--target NAME] [--seed N] [--save]

Starts from tests/fuzz/corpus/TARGET and from the samples' own bytes; what is found new is kept only with --save. An
input that ends a parser by another error, or takes more than two seconds, is written to tests/fuzz/found/ and fails the
run.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CORPUS, FOUND = HERE / "corpus", HERE / "found"
SECONDS_AN_INPUT = 2
LONGEST = 8192
ROUND_SECONDS = 60


def file_types(data: bytes) -> None:
    from validators.measures.containers.file_type import kind_of, sniff

    kind_of(sniff(data, len(data)))


def structures(data: bytes) -> None:
    """Boxes and segments, as what the bytes are taken for and as what the first byte says."""
    from validators.measures.containers.container import structure_problems
    from validators.measures.containers.file_type import SUPPORTED, sniff

    known = sorted(SUPPORTED)
    structure_problems(sniff(data, len(data)), data)
    structure_problems(known[data[0] % len(known)] if data else known[0], data[1:])


def metadata(data: bytes) -> None:
    """Every date and short entry, as of what the bytes are taken for and as of what the first byte says."""
    from pipeline.opening.child.metadata import read_metadata
    from validators.measures.containers.file_type import SUPPORTED, sniff

    known = sorted(SUPPORTED)
    read_metadata(None, data, sniff(data, len(data)), "")
    read_metadata(None, data[1:], known[data[0] % len(known)] if data else known[0], "")


def item_properties(data: bytes) -> None:
    """The property tables of HEIF and AVIF, read, and put together where they come in two."""
    from pipeline.opening.child.second_decoder import one_property_table
    from validators.measures.containers.item_properties import main_transfer

    main_transfer(data)
    mended = one_property_table(data)
    assert mended is None or len(mended) == len(data)


def colour_profiles(data: bytes) -> None:
    from validators.measures.metadata.colour_profile import states_hdr

    assert states_hdr(data) in ("", "PQ", "HLG")


def maker_notes(data: bytes) -> None:
    from validators.measures.metadata.apple_notes import content_identifier

    assert len(content_identifier(data)) in (0, 36)


def manifests(data: bytes) -> None:
    """Where a manifest would be, the library on bytes in that place, and what is made of its report."""
    import mmap

    import c2pa

    from pipeline.opening.child import c2pa_manifest
    from validators.measures.containers.c2pa_box import holds_manifest
    from validators.measures.containers.file_type import SUPPORTED, sniff

    known = sorted(SUPPORTED)
    holds_manifest(sniff(data, len(data)), data)
    holds_manifest(known[data[0] % len(known)] if data else known[0], data[1:])
    with suppress(ValueError, RecursionError):
        report = json.loads(data)
        c2pa_manifest.reduced(report if isinstance(report, dict) else {"manifests": report})
    if not c2pa_manifest.is_ready():
        c2pa_manifest.warm_up()
    with tempfile.TemporaryFile() as upload:
        upload.write(data or b"\0")
        upload.flush()
        with mmap.mmap(upload.fileno(), 0, prot=mmap.PROT_READ) as mapped, suppress(c2pa.C2paError):
            c2pa_manifest.read_manifest(mapped, "image/jpeg")


def file_name_dates(data: bytes) -> None:
    from validators.measures.metadata.file_name_dates import file_name_times

    for found in file_name_times(data.decode("utf-8", "surrogateescape")):
        assert found.earliest <= found.latest


def messages(data: bytes) -> None:
    from pipeline.intake.messages.notice import MessageError
    from pipeline.intake.messages.parsing import parse_message

    with suppress(MessageError):
        parse_message(data.decode("utf-8", "surrogateescape"))


def dispute_files(data: bytes) -> None:
    from pipeline.intake.dispute_file import DisputeFileError, parse_dispute_file

    with suppress(DisputeFileError):
        parse_dispute_file(data)


def jail_answers(data: bytes) -> None:
    """A child's answer, from the wire to measurements."""
    import socket
    import time

    from pipeline.opening.host.answer import check_measurements
    from pipeline.opening.host.answer_error import AnswerError
    from pipeline.opening.host.answer_stream import Reader, read_answer

    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.setblocking(False)
        theirs.send(data)
        theirs.shutdown(socket.SHUT_WR)
        try:
            answer = read_answer(Reader(ours, time.monotonic() + 1, 1 << 20))
            check_measurements(answer.measurements)
        except (AnswerError, OverflowError):
            pass


def member_answers(data: bytes) -> None:
    """The files that a child says it found inside an upload."""
    import socket
    import time

    from pipeline.opening.host.answer_error import AnswerError
    from pipeline.opening.host.answer_stream import Reader
    from pipeline.opening.host.member_spool import read_members
    from pipeline.opening.limits import limits_of
    from pipeline.setup.policies import load_policy

    limits = replace(limits_of(load_policy()), members=8, member_bytes=1 << 20)
    ours, theirs = socket.socketpair()
    with ours, theirs, tempfile.TemporaryDirectory() as spool:
        theirs.setblocking(False)
        theirs.send(data)
        theirs.shutdown(socket.SHUT_WR)
        with suppress(AnswerError, OverflowError):
            read_members(Reader(ours, time.monotonic() + 1, 1 << 20), Path(spool), limits)


def chats(data: bytes) -> None:
    """Messages and numbers of a text, as plain text, as a page and as JSON: every place lies within the text."""
    from pipeline.opening.child.telegram import chat_in_json, chat_in_page
    from validators.measures.chats.chat_lines import chat_of
    from validators.measures.numbers.text_layers import readings_in_text

    text = data.decode("utf-8", "replace")
    readings_in_text([text])
    found = [(text, chat_of(text))]
    found += [(one.text, one.chat) for one in (chat_in_page(text), chat_in_json(text)) if one is not None]
    for whole, chat in found:
        for one in chat.messages if chat is not None else ():
            assert 0 <= one.start <= one.words <= one.end <= len(whole)
            assert one.sender is None or one.sender < len(chat.senders)


TARGETS: dict[str, Callable[[bytes], None]] = {
    one.__name__: one
    for one in (
        file_types,
        structures,
        metadata,
        item_properties,
        colour_profiles,
        maker_notes,
        manifests,
        file_name_dates,
        messages,
        dispute_files,
        jail_answers,
        member_answers,
        chats,
    )
}


_REPORT = {
    "active_manifest": "b",
    "manifests": {
        "a": {"claim_generator_info": [{"name": "Camera"}]},
        "b": {
            "ingredients": [{"relationship": "parentOf", "active_manifest": "a", "title": "a.jpg"}],
            "assertions": [
                {"label": "c2pa.actions", "data": {"actions": [{"action": "c2pa.opened", "when": "2026"}]}}
            ],
            "signature_info": {"issuer": "Maker", "time": "2026-03-09T10:15:22Z"},
        },
    },
    "validation_results": {"activeManifest": {"failure": [{"code": "signingCredential.untrusted"}]}},
    "validation_state": "Valid",
}


def seeds(target: str) -> list[bytes]:
    """Honest inputs of a target: the samples' own bytes, and what is saved."""
    samples = [path for path in sorted((ROOT / "sample_evidence").rglob("*")) if path.is_file()]
    saved = [path.read_bytes() for path in sorted((CORPUS / target).glob("*"))]
    if target == "item_properties":
        return saved + [
            path.read_bytes()[:LONGEST] for path in samples if path.suffix in (".avif", ".heic", ".jpg")
        ]
    if target in ("file_types", "structures", "metadata"):
        return saved + [b"\0" + path.read_bytes()[: LONGEST - 1] for path in samples]
    if target == "manifests":
        signed = ROOT / "pipeline" / "opening" / "child" / "trust" / "signed_sample.jpg"
        return [*saved, signed.read_bytes(), json.dumps(_REPORT).encode()]
    if target == "file_name_dates":
        return saved + [path.name.encode() for path in samples]
    if target == "dispute_files":
        return saved + [path.read_bytes() for path in samples if path.name == "dispute.json"]
    return saved


def fuzz(target: str, folder: str, seconds: int, seed: int) -> None:
    """In a process of its own: libFuzzer ends it."""
    import atheris

    with atheris.instrument_imports(include=["validators", "pipeline"]):
        TARGETS[target](b"")
    FOUND.mkdir(exist_ok=True)
    options = [
        f"-max_total_time={seconds}", f"-timeout={SECONDS_AN_INPUT}", f"-max_len={LONGEST}", "-rss_limit_mb=2048",
        f"-seed={seed}", "-print_final_stats=1", f"-artifact_prefix={FOUND}/{target}-", "-verbosity=0",
    ]  # fmt: skip
    atheris.Setup([sys.argv[0], *options, folder], TARGETS[target])
    atheris.Fuzz()


def main() -> None:
    """Each target in turn."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=int, default=30, help="For each target.")
    parser.add_argument("--target", choices=list(TARGETS))
    parser.add_argument(
        "--seed", type=int, default=0, help="Of libFuzzer's choices; 0: another one each time."
    )
    parser.add_argument("--save", action="store_true", help="Keep what covers more in tests/fuzz/corpus.")
    parser.add_argument("--in-folder", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.in_folder:
        fuzz(options.target, options.in_folder, options.seconds, options.seed)
        return
    failed = [
        name
        for name in ([options.target] if options.target else TARGETS)
        if not _run(name, options.seconds, options.seed, options.save)
    ]
    print(json.dumps({"failed": failed}))
    raise SystemExit(1 if failed else 0)


def _run(target: str, seconds: int, seed: int, save: bool) -> bool:
    """Rounds of at most a minute, each on from what the last one found: instrumented code keeps half a kilobyte an input."""
    inputs, status = 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for number, data in enumerate(seeds(target)):
            (Path(folder) / f"seed-{number:04d}").write_bytes(data)
        for start in range(0, seconds, ROUND_SECONDS):
            done = _round(target, folder, min(ROUND_SECONDS, seconds - start), seed and seed + start)
            told = [line for line in done.stderr.splitlines() if "number_of_executed_units" in line]
            inputs, status = inputs + (int(told[0].split()[-1]) if told else 0), done.returncode
            if status:
                print(done.stdout[-2000:] + done.stderr[-4000:])
                break
        print(f"{target}: {inputs} inputs, status {status}", flush=True)
        if save:
            _keep(target, Path(folder))
    return status == 0


def _round(target: str, folder: str, seconds: int, seed: int) -> subprocess.CompletedProcess[str]:
    options = {"--target": target, "--seconds": seconds, "--seed": seed, "--in-folder": folder}
    argv = [sys.executable, __file__, *(str(part) for pair in options.items() for part in pair)]
    return subprocess.run(argv, capture_output=True, text=True, timeout=seconds + 120, check=False, cwd=ROOT)


def _keep(target: str, folder: Path) -> None:
    """The small ones among what libFuzzer found to cover more, at most 60 of a target."""
    (CORPUS / target).mkdir(parents=True, exist_ok=True)
    fresh = [path for path in folder.iterdir() if not path.name.startswith("seed-")]
    for path in sorted(fresh, key=lambda path: path.stat().st_size)[:60]:
        (CORPUS / target / path.name).write_bytes(path.read_bytes())


if __name__ == "__main__":
    main()
