"""Validates what a child answers. Until then it is untrusted."""

from __future__ import annotations

import math
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from pipeline.opening.host.answer_error import AnswerError
from pipeline.opening.limits import DETAIL_SIDE, MAX_PARTS
from validators.evidence import Measurements

MAX_PLANES = 512
_MAX_STRING = 4_000
_MAX_TEXT = 1_000_000  # above limits.text_characters


class Shape(BaseModel):
    """The declared shape of one raw plane. One of features has a row of 48 x 3 bytes for each."""

    model_config = ConfigDict(extra="forbid", strict=True)
    kind: Literal["view", "thumbnail", "page", "piece", "tile", "detail", "sprite", "features"]
    width: Annotated[int, Field(ge=1, le=DETAIL_SIDE)]
    height: Annotated[int, Field(ge=1, le=DETAIL_SIDE)]
    part: Annotated[int, Field(ge=0, le=MAX_PARTS)] = 0
    page: Annotated[int, Field(ge=1, le=100_000)] | None = None
    time_s: Annotated[float, Field(ge=0, le=1e7)] | None = None


class Envelope(BaseModel):
    """The JSON of an answer: ``planes`` follow it; ``holds_members`` where files inside the upload can be asked for."""

    model_config = ConfigDict(extra="forbid", strict=True)
    measurements: dict[str, Any]
    planes: Annotated[list[Shape], Field(max_length=MAX_PLANES)]
    holds_members: bool = False


def check_envelope(body: object) -> Envelope:
    """The envelope of an answer. Raises AnswerError if it is malformed."""
    try:
        return Envelope.model_validate(body)
    except ValidationError as error:
        raise AnswerError(f"the answer does not fit its schema: {error.error_count()} faults") from error


@cache
def _adapter() -> TypeAdapter[Measurements]:
    return TypeAdapter(Measurements)


def check_measurements(body: dict[str, Any]) -> Measurements:
    """The measurements of an answer, with types checked, strings bounded and numbers finite. Raises AnswerError."""
    try:
        measurements = _adapter().validate_python(body)
    except ValidationError as error:
        raise AnswerError(
            f"the measurements do not fit their schema: {error.error_count()} faults"
        ) from error
    _bound(body, limit=_MAX_STRING)
    if measurements.members:
        raise AnswerError("the measurements name files that were not sent")
    return measurements


def _bound(value: object, limit: int) -> None:
    """Raise AnswerError for strings too long to store and numbers that JSON cannot hold."""
    if isinstance(value, str) and len(value) > limit:
        raise AnswerError("a string of the answer is too long")
    if isinstance(value, float) and not math.isfinite(value):
        raise AnswerError("a number of the answer is not finite")
    if isinstance(value, dict):
        for key, inner in value.items():
            _bound(key, _MAX_STRING)
            _bound(inner, _MAX_TEXT if key == "text" else _MAX_STRING)
    elif isinstance(value, list):
        for inner in value:
            _bound(inner, limit)
