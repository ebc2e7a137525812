"""Features: the mirror image's descriptors are a permutation, records survive, words do not depend on mirroring."""

from __future__ import annotations

import numpy as np
import pytest
from reuse_pictures import scene

from pipeline.reuse.codebook import codebook
from validators.measures.reuse.local_features import decode, encode, extract, mirrored, rooted
from validators.measures.reuse.visual_words import entries, spots_of, words_of


def test_descriptors_of_the_mirror_image_are_a_permutation():
    picture = scene()
    features, flipped = extract(picture), extract(np.ascontiguousarray(picture[:, ::-1]))
    there = features.points * (-1, 1) + (features.aspect[0], 0)
    near = np.linalg.norm(there[:, None] - flipped.points[None], axis=2)
    found = near.min(axis=1) < 0.003
    twins = flipped.descriptors[near.argmin(axis=1)]
    likeness = (rooted(mirrored(features.descriptors)) * rooted(twins)).sum(axis=1)[found]
    assert found.mean() > 0.8
    assert np.median(likeness) > 0.995


def test_mirroring_twice_changes_nothing():
    descriptors = extract(scene()).descriptors
    assert (mirrored(mirrored(descriptors)) == descriptors).all()


def test_a_record_gives_the_features_back():
    features = extract(scene())
    again = decode(encode(features), features.aspect)
    assert (again.points == features.points).all()
    assert (again.descriptors == features.descriptors).all()
    assert again.aspect == features.aspect


@pytest.mark.parametrize("record", [b"x", b"\xff" * 144])
def test_what_is_no_record_is_refused(record):
    with pytest.raises(ValueError, match="record of local features"):
        decode(record, (1.0, 1.0))


def test_a_plain_picture_has_no_features_and_no_words():
    features = extract(np.full((300, 300, 3), 128, np.uint8))
    assert len(features) == 0
    assert len(entries(features, codebook())) == 0


def test_features_are_spread_over_the_whole_picture():
    picture = scene()
    picture[:, 210:] = (picture[:, 210:] // 3) + 100  # little contrast on the right
    points = extract(picture).points
    assert (points[:, 0] > 0.5).mean() > 0.25


def test_a_spot_and_its_mirror_image_have_one_word():
    features = extract(scene())
    words, flipped = words_of(features, codebook())
    turned = mirrored(features.descriptors)
    again, other = words_of(
        type(features)(features.points, features.scales, features.angles, turned, features.aspect), codebook()
    )
    assert (words == again).all()
    assert (flipped != other).mean() > 0.99


def test_entries_keep_the_place_to_a_two_hundredth():
    features = extract(scene())
    kept = entries(features, codebook())
    spots = spots_of((kept & np.uint64(0xFFFFFFFF)).astype(np.uint32))
    own = features.points[:240]
    apart = np.abs(np.stack([spots.x, spots.y], axis=1)[:, None] - own[None]).max(axis=2).min(axis=1)
    assert apart.max() < 1 / 200
