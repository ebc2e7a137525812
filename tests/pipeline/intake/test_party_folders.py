"""A folder's name says whose the files in it are, in many languages, and nothing where it is ambiguous."""

from __future__ import annotations

import pytest

from pipeline.intake.folders import read_paths
from pipeline.intake.party_folders import party_of


@pytest.mark.parametrize(
    ("name", "party"),
    [
        ("buyer", "buyer"), ("Buyer photos", "buyer"), ("买家", "buyer"), ("买家图片", "buyer"), ("Покупатель", "buyer"),
        ("comprador", "buyer"), ("01_Käufer", "buyer"), ("구매자 사진", "buyer"), ("购入", None), ("SELLER", "seller"),
        ("卖家证据", "seller"), ("продавец", "seller"), ("Vendedor (fotos)", "seller"), ("البائع", "seller"),
        ("listing", "listing"), ("seller to buyer", None), ("buyerside", None), ("photos", None), ("", None),
    ],
)  # fmt: skip
def test_a_name_stands_for_a_party(name, party):
    assert party_of(name) == party


def test_how_such_a_folder_was_read_is_said(tmp_path):
    (tmp_path / "D-1" / "买家").mkdir(parents=True)
    (tmp_path / "D-1" / "买家" / "a.jpg").write_bytes(b"x")
    reading = read_paths([tmp_path], frozenset())
    assert [(found.dispute.id, found.files[0].declared.party) for found in reading.disputes] == [
        ("D-1", "buyer")
    ]
    assert reading.notices == ["D-1: the folder 买家 was read as the buyer’s."]


def test_a_plain_name_needs_no_saying(tmp_path):
    (tmp_path / "D-1" / "Buyer").mkdir(parents=True)
    (tmp_path / "D-1" / "Buyer" / "a.jpg").write_bytes(b"x")
    assert read_paths([tmp_path], frozenset()).notices == []
