"""Every kind of the codebook stands in one family, and what goes together in one."""

from __future__ import annotations

from collections import Counter

import pytest

from tocsin import rulefiles
from tocsin.codebook import codebook
from tocsin.families import Family, family_of, kinds_agree, places


def test_every_kind_of_the_codebook_is_in_exactly_one_family_and_no_other_is() -> None:
    families = rulefiles.read_yaml(rulefiles.rules_root() / "merge" / "families.yaml", dict[str, Family])
    named = Counter(
        kind for family in families.values() for kinds in (family.general, *family.forms.values()) for kind in kinds
    )
    assert set(named) == set(codebook().kinds)
    assert [kind for kind, times in named.items() if times > 1] == []
    assert set(places()) == set(named)


@pytest.mark.parametrize(
    ("one", "other", "agreement"),
    [
        ("air-strike", "air-strike", 1.0),
        ("air-strike", "drone-strike", 0.8),
        ("air-strike", "death", 0.6),
        ("air-strike", "ied-bombing", 0.0),
        ("air-strike", "meet", 0.0),
        ("my-own-kind", "my-own-kind", 1.0),
        ("my-own-kind", "air-strike", 0.0),
    ],
)
def test_kinds_agree_both_ways(one: str, other: str, agreement: float) -> None:
    assert kinds_agree(one, other) == kinds_agree(other, one) == agreement


def test_a_kind_that_the_file_does_not_know_is_a_family_of_its_own() -> None:
    assert family_of("my-own-kind") == "my-own-kind"
