"""A voice note is usable; one in which nothing can be heard is asked for again, never as a picture."""

from judging_cases import case, codes, evidence, only

from validators.checks.all_checks import examine
from validators.checks.recordings.audio import audio
from validators.disputes.judge import judge_item
from validators.evidence import AudioFacts, Measurements, SoundMeasures
from validators.sentences.sentences import action
from validators.states import state_of


def recording(loudness=-20.0, clipped=0.0) -> Measurements:
    sound = SoundMeasures((loudness, loudness - 10), (clipped, clipped), -3.0)
    return Measurements("1", "audio/ogg", kind="audio", audio=AudioFacts(2.0, "opus"), sound=sound)


def of(measured):
    return case(evidence(file="note.opus"), measured)


def test_a_voice_note_is_usable_and_in_the_report(policy):
    one = of(recording())
    assert "FMT_UNSUPPORTED" not in codes(examine(one, policy))
    report = judge_item(one, policy)
    assert (report.state, report.kind, report.duration_s) == ("USABLE", "audio", 2.0)
    assert (report.audio.codec, report.audio.sound.state, report.audio.sound.loudest_db) == (
        "opus",
        "sound",
        -20.0,
    )


def test_silence_is_a_warning_with_something_to_do(policy):
    found = tuple(audio(of(recording(-80.0)), policy))
    assert "Play it on your phone" in action(only(found, "AUD_SILENT"))
    assert state_of(found, recording(-80.0)) == "USABLE_WITH_WARNINGS"


def test_a_few_peaks_are_nothing_and_much_is_a_note(policy):
    assert tuple(audio(of(recording(clipped=0.009)), policy)) == ()
    assert codes(audio(of(recording(clipped=0.02)), policy)) == ["AUD_CLIPPED"]


def test_nothing_is_said_of_other_kinds(policy):
    assert tuple(audio(case(), policy)) == ()
    assert judge_item(case(), policy).audio is None
