"""What identify could not read bears on caps: the whole way from a cut to its verdict."""

import json

from clearcut.backend import RegistryBackend
from clearcut.check import Question, check_cut
from clearcut.core.registry_json import parse_registry
from clearcut.core.rules import Rules
from clearcut.core.verdict import Outcome
from fakes import worlds
from fakes.cuts import clip, cut, declares


class Reads:
    def __init__(self, made):
        self.made = made

    def read(self):
        return self.made


def verdict(*clips):
    document = worlds.world(licences=[worlds.licence(max_screen_time_s="10")], replicas=[worlds.replica()])
    backend = RegistryBackend(parse_registry(json.dumps(document)), (), clock=lambda: worlds.NOW, name="r")
    one = cut(*clips, production="HELIOS")
    return check_cut(Reads(one), backend, Rules(), Question(), lambda: worlds.NOW)


def outcome(found, shot):
    return next(one.outcome for one in found.shots if one.name == shot)


def test_a_cap_is_unknown_for_every_shot_when_one_clip_hides_which_replica_it_declares():
    stunt = clip("SH010", 0, 48, metadata=declares("rpl-p1"))
    hidden = clip("SH020", 48, 500, metadata={"clearcut": {"replicas": [{"replica": 7}]}})
    assert outcome(verdict(stunt), "SH010").may_publish
    found = verdict(stunt, hidden)
    # The 500 frames may be the same performer's: the cap of 240 frames may be passed long ago.
    assert outcome(found, "SH010") is Outcome.UNKNOWN
    assert outcome(found, "SH020") is Outcome.UNKNOWN


def test_a_misspelled_word_hides_no_replica_and_the_cap_counts_it():
    stunt = clip("SH010", 0, 48, metadata=declares("rpl-p1"))
    faulty = clip("SH020", 48, 500, metadata=declares("rpl-p1", entry={"uses": ["stnt"]}))
    found = verdict(stunt, faulty)
    assert outcome(found, "SH010").may_publish
    assert outcome(found, "SH020") is Outcome.BLOCKED
