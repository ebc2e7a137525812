"""What metadata state about how a file was made.

Sources: IPTC's Digital Source Type vocabulary; GB 45438-2025 annex E with TC260-PG-20257A and 20258A (the ``AIGC`` label);
the text chunks that AUTOMATIC1111's web UI, ComfyUI, Fooocus, InvokeAI, Midjourney, NovelAI and SwarmUI document or write.
Each convention counts in its own place only. The same words in a caption or a comment state nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from validators.stated_origin import AI_LABEL, NAME, PARAMETERS, SOURCE_TYPE, OriginStatement

_MAX_NAME = 200
_MAX_JSON = 64 * 1024
_VOCABULARY = re.compile(
    r"^https?://(?:cv\.iptc\.org/newscodes|c2pa\.org)/digitalsourcetype/(\w+)/?$|^digsrctype:(\w+)$", re.I
)
_TERM = re.compile(r"^\w{4,60}$", re.ASCII)
_STEPS = re.compile(r"\bSteps: \d+, ")
_SETTINGS = ("Sampler: ", "Seed: ", "CFG scale: ")
_JOB = re.compile(r"--[a-z]+ [^\n]*\bJob ID: [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
_XMP_LABEL = "xmp:AIGC"
_LABEL_FIELDS = {
    "ServiceProvider",
    "ContentProducer",
    "ProduceID",
    "ContentPropagator",
    "PropagateID",
    "ReservedCode1",
}


@dataclass(frozen=True, slots=True)
class MetadataTexts:
    """The texts of a file's metadata by place: ``xmp`` by prefixed name, ``exif`` and ``png`` by name, ``container`` by key."""

    xmp: Mapping[str, str] = field(default_factory=dict)
    exif: Mapping[str, str] = field(default_factory=dict)
    png: Mapping[str, str] = field(default_factory=dict)
    iptc: Mapping[str, str] = field(default_factory=dict)
    container: Mapping[str, str] = field(default_factory=dict)


def origin_statements(texts: MetadataTexts) -> tuple[OriginStatement, ...]:
    """The statements in a fixed order: vocabulary terms, labels, prompts, names. Never raises."""
    return (*_source_types(texts), *_labels(texts), *_prompts(texts), *_names(texts))


def source_type_term(value: str) -> str:
    """The term of an address of IPTC's or C2PA's vocabulary, or of a bare term. "" for anything else."""
    found = _VOCABULARY.match(value.strip())
    if found:
        return found[1] or found[2]
    return value.strip() if _TERM.match(value.strip()) else ""


def _source_types(texts: MetadataTexts) -> Iterator[OriginStatement]:
    term = source_type_term(texts.xmp.get("iptcExt:DigitalSourceType", ""))
    if term:
        yield OriginStatement("xmp:DigitalSourceType", SOURCE_TYPE, term)


def _labels(texts: MetadataTexts) -> Iterator[OriginStatement]:
    """XMP's property has a namespace of its own. Elsewhere a key named AIGC must come with another field of the standard."""
    for source, text, wrapped in (
        (_XMP_LABEL, texts.xmp.get("tc260:AIGC", ""), False),
        ("png:AIGC", texts.png.get("AIGC", ""), False),
        ("exif:UserComment", texts.exif.get("UserComment", ""), True),
        ("container:AIGC", texts.container.get("aigc", ""), False),
    ):
        body = _object(text)
        inner = body.get("AIGC", {} if wrapped else body)
        label = str(inner.get("Label", "")) if isinstance(inner, dict) else ""
        if label in ("1", "2", "3") and (source == _XMP_LABEL or _LABEL_FIELDS & set(inner)):
            yield OriginStatement(source, AI_LABEL, label, _short(inner.get("ContentProducer")))


def _object(text: str) -> dict[str, Any]:
    """The JSON object that the text is, {} if it is none."""
    if not text.lstrip().startswith("{") or len(text) > _MAX_JSON:
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):  # no JSON, or nested deeper than any writer does
        return {}
    return found if isinstance(found, dict) else {}


def _short(value: Any) -> str:
    return value[:_MAX_NAME] if isinstance(value, str) else ""


def _is_sampling(text: str) -> bool:
    """AUTOMATIC1111's line of settings. Looked for in two steps, so that a long text takes no longer than it is long."""
    found = _STEPS.search(text)
    return found is not None and any(name in text[found.end() :] for name in _SETTINGS)


def _begins_with(*keys: str) -> Callable[[str], bool]:
    """Whether a text begins like a JSON object and has one of the keys: chunks are kept to their first 4,096 characters."""
    return lambda text: text.lstrip().startswith("{") and any(f'"{key}"' in text for key in keys)


_PNG_PROMPTS: tuple[tuple[str, str, Callable[[str], bool]], ...] = (
    ("parameters", "AUTOMATIC1111", _is_sampling),
    ("parameters", "SwarmUI", _begins_with("sui_image_params")),
    ("parameters", "Fooocus", _begins_with("base_model", "Base Model")),
    ("prompt", "ComfyUI", _begins_with("class_type")),
    ("workflow", "ComfyUI", _begins_with("nodes", "last_node_id")),
    ("invokeai_metadata", "InvokeAI", _begins_with("generation_mode", "positive_prompt", "app_version")),
    ("sd-metadata", "InvokeAI", _begins_with("model", "app_id")),
    ("Dream", "InvokeAI", lambda text: " -S" in text and " -s" in text),
    ("Title", "NovelAI", lambda text: text.strip().casefold() == "ai generated image"),
    ("Description", "Midjourney", lambda text: bool(_JOB.search(text))),
)
_EXIF_PROMPTS: tuple[tuple[str, str, Callable[[str], bool]], ...] = (
    ("UserComment", "AUTOMATIC1111", _is_sampling),
    ("UserComment", "SwarmUI", _begins_with("sui_image_params")),
    (
        "UserComment",
        "Fooocus",
        lambda text: _begins_with("base_model")(text) and '"fooocus' in text.casefold(),
    ),
    ("Model", "ComfyUI", lambda text: text.startswith("prompt:{") and '"class_type"' in text),
    ("Make", "ComfyUI", lambda text: text.startswith("workflow:{") and '"nodes"' in text),
)


def _prompts(texts: MetadataTexts) -> Iterator[OriginStatement]:
    for prefix, found, rows in (("png", texts.png, _PNG_PROMPTS), ("exif", texts.exif, _EXIF_PROMPTS)):
        for name, program, fits in rows:
            if fits(found.get(name, "")):
                yield OriginStatement(f"{prefix}:{name}", PARAMETERS, program)


def _names(texts: MetadataTexts) -> Iterator[OriginStatement]:
    for source, value in (
        ("exif:Software", texts.exif.get("Software", "")),
        ("exif:Make", texts.exif.get("Make", "")),
        ("xmp:CreatorTool", texts.xmp.get("xmp:CreatorTool", "")),
        ("xmp:Software", texts.xmp.get("tiff:Software", "")),
        ("xmp:Credit", texts.xmp.get("photoshop:Credit", "")),
        ("xmp:AISystemUsed", texts.xmp.get("iptcExt:AISystemUsed", "")),
        ("iptc:Credit", texts.iptc.get("Credit", "")),
        ("iptc:OriginatingProgram", texts.iptc.get("OriginatingProgram", "")),
        ("png:Software", texts.png.get("Software", "")),
        ("container:Software", texts.container.get("com.apple.quicktime.software", "")),
        ("container:Software", texts.container.get("©swr", "")),
        ("container:Encoder", texts.container.get("©too", "") or texts.container.get("encoder", "")),
    ):
        if value.strip():
            yield OriginStatement(source, NAME, value.strip()[:_MAX_NAME])
