"""Values made quickly are the values that the class itself makes, and as frozen."""

from __future__ import annotations

import dataclasses

import pytest

from clearcut.core.freezing import maker
from clearcut.core.licence import EvidenceDocument, Scope
from clearcut.core.timing import Timebase
from clearcut.core.verdict import Reason


def test_what_a_maker_makes_is_what_the_class_makes():
    made = maker(EvidenceDocument)("vault:///1.pdf")
    assert made == EvidenceDocument("vault:///1.pdf", "")
    assert (type(made), hash(made), repr(made)) == (
        EvidenceDocument, hash(EvidenceDocument("vault:///1.pdf")), "EvidenceDocument(uri='vault:///1.pdf', sha256='')",
    )  # fmt: skip
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.uri = "other"


def test_a_maker_asks_for_the_same_arguments():
    with pytest.raises(TypeError, match="missing 1 required"):
        maker(Scope)(*[("*",)] * 10)


@pytest.mark.parametrize("kind", [Timebase, Reason])
def test_a_class_that_does_more_than_keep_its_fields_is_not_made_quickly(kind):
    with pytest.raises(TypeError, match="does more"):
        maker(kind)
