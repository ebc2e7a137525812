"""WebVTT that says which part of a sprite shows which time of a video: media fragments, which players read for scrub bars."""

from __future__ import annotations

from validators.evidence import VideoFacts


def sprite_map(facts: VideoFacts, picture: str) -> str:
    """One cue for each tile, lasting until the next. ``picture`` is the file name of the sprite beside the map."""
    sprite = facts.sprite
    if sprite is None or not sprite.times:
        return "WEBVTT\n"
    step = sprite.times[-1] - sprite.times[-2] if len(sprite.times) > 1 else 1.0
    end = max(facts.duration_s or 0.0, sprite.times[-1] + step)
    cues = ["WEBVTT"]
    for number, start in enumerate(sprite.times):
        until = sprite.times[number + 1] if number + 1 < len(sprite.times) else end
        x, y = number % sprite.columns * sprite.width, number // sprite.columns * sprite.height
        where = f"{picture}#xywh={x},{y},{sprite.width},{sprite.height}"
        cues.append(f"{_stamp(0.0 if number == 0 else start)} --> {_stamp(until)}\n{where}")
    return "\n\n".join(cues) + "\n"


def _stamp(time_s: float) -> str:
    milliseconds = round(time_s * 1000)
    seconds, milliseconds = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{milliseconds:03d}"
