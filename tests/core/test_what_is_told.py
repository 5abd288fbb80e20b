"""What people are told, word for word: every situation in `told.txt` with all reasons that it comes to.

The file is meant to be read by those who know the trade. After a change of wording write it again, and read it:

    PYTHONPATH=src:tests python tests/core/test_what_is_told.py
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from clearcut.core.rules import Policy
from clearcut.settings import load_packs
from fakes.worlds import (
    approval,
    ask,
    authority,
    exemption,
    licence,
    performer,
    production,
    replica,
    suspension,
    use,
    waiver,
    world,
)  # fmt: skip

TOLD = Path(__file__).with_name("told.txt")
PACKS = load_packs(environ={})


def one_licence(**changes):
    return world(licences=[licence(**changes)])


def scope(**changes):
    return one_licence(scope=changes)


def capped(**changes):
    return one_licence(**changes), [use("A", 0, 24), use("B", 24, 24), use("C", 48, 24)]


def dead(kind="self", **consent):
    return world(performers=[performer(died="2019-04-02")], authorities=[authority(kind=kind)],
                 licences=[licence(consent=consent)])  # fmt: skip


def minor(born="2010-03-04", kind="self", **changes):
    return world(performers=[performer(born=born)], authorities=[authority(kind=kind)], licences=[licence(**changes)])  # fmt: skip


def approved(*approvals, needed="per_shot"):
    return world(licences=[licence(approval=needed)], approvals=approvals)


NUDE = [use(depictions=("nudity",))]
IN_SEVEN = {"delivery": {"territories": ["FR", "DE", "IT", "ES", "PT", "US", "GB"]}}
EUROPE = {"delivery": {"territories": ["FR"], "disclosure": []}}
AGREED = {"agreement": "sag-aftra-tv-theatrical-2026", "principal_photography_start": "2026-09-01"}
LATE = {"agreement": "sag-aftra-tv-theatrical-2026", "principal_photography_start": "2027-07-05"}
VOICE = {"category": "independently_created", "technique": "voice_clone", "modalities": ["voice"]}
DUB = {"uses": ("dub",), "alterations": ("lip_resync",), "language": "de-DE"}

# A sentence: a registry, or a registry and uses, or these and what else is asked.
SITUATIONS = {
    "nothing stands against it": world(),
    "the registry does not know the replica": (world(), [use(replica="rpl-x")]),
    "the replica is nobody's": world(replicas=[replica(performer=None)]),
    "the replica is nobody's, which is waived": world(replicas=[replica(performer=None)], waivers=[waiver("unknown-performer")]),
    "raw scans lie in the publish": (world(), [use(biometric=("/scan.obj", "/face.ply"))]),
    "nobody says what it is for": world(replicas=[replica(default_use={"uses": []})]),
    "nobody says what it shows": world(replicas=[replica(modalities=[])]),
    "the production is not registered": (world(), [use()], {"production": "ELSE"}),
    "nobody names the production": (world(), [use()], {"production": None}),
    "the production has no delivery profile": world(productions=[production(delivery=None)]),
    "the delivery profile has a gap": world(productions=[production(delivery={"media": []})]),
    "there is no licence": world(licences=[]),
    "there is no licence of one who died": world(licences=[], performers=[performer(died="2020-05-06")]),
    "there is no licence, which is waived": world(licences=[], waivers=[waiver("no-licence")]),
    "a scope holds none of the uses": (scope(uses=[]), [use(uses=("stunt", "dialogue"))]),
    "a scope holds another use": (world(), [use(uses=("dialogue",))]),
    "a scope holds no alteration": (world(), [use(alterations=("de_age",))]),
    "a scope holds another modality": scope(modalities=["voice"]),
    "a scope holds another medium": scope(media=["svod"]),
    "a scope holds one country": (scope(territories=["US"]), [use()]),
    "a scope holds none of seven countries": world(licences=[licence(scope={"territories": ["CN", "JP", "IN", "KR", "TH", "VN"]})], productions=[production(**IN_SEVEN)]),
    "a scope holds two of seven countries": world(licences=[licence(scope={"territories": ["US", "GB"]})], productions=[production(**IN_SEVEN)]),
    "a scope holds another language": (scope(languages=["fr-FR"]), [use(language="de-DE")]),
    "all languages are asked of a scope of one": world(licences=[licence(scope={"languages": ["fr"]})], productions=[production(delivery={"languages": []})]),
    "a use is waived that the scope lacks": (world(waivers=[waiver("use-not-permitted")]), [use(uses=("stunt", "dialogue"))]),
    "every unit is another": (world(productions=[production(), production("OTHER")], licences=[licence(scope={"productions": ["OTHER"], "episodes": ["101"], "sequences": ["S1", "S2"], "shots": ["A*"], "characters": ["Ann"]})]), [use(episode="102", sequence="S3", character="Bob")]),
    "every unit is unnamed": scope(episodes=["101"], sequences=["S1"], characters=["Ann"], shots=[]),
    "it is a draft": one_licence(status="draft"),
    "it was never signed": one_licence(consent={"signed_at": None}),
    "it was never signed and has no first day": one_licence(consent={"signed_at": None}, valid_from=None),
    "it is signed tomorrow": one_licence(consent={"signed_at": "2026-11-21T09:30:00Z"}),
    "it begins tomorrow": one_licence(valid_from="2026-11-21T00:00:00Z"),
    "it has ended": one_licence(valid_until="2026-10-31T15:30:00Z"),
    "it was revoked": one_licence(status="revoked"),
    "it was revoked, nobody says when": one_licence(status="revoked", status_at=None),
    "it was suspended": one_licence(status="suspended"),
    "it was superseded": one_licence(status="superseded"),
    "it is stopped by a court": world(suspensions=[suspension("licence", "L-1", reason="court", until="2027-02-01T08:00:00Z")]),
    "nobody granted it": one_licence(authority=None),
    "another's agent granted it": world(performers=[performer(1), performer(2)], authorities=[authority(1, performer="perf-p2")]),
    "who granted it was never verified": world(authorities=[authority(verified=False)]),
    "the mandate began after the signature": world(authorities=[authority(valid_from="2026-01-13")]),
    "the mandate has ended": world(authorities=[authority(valid_until="2026-10-31")]),
    "the mandate begins later": world(authorities=[authority(valid_from="2026-12-01")]),
    "the dead signed": dead(),
    "the living signed and died": dead(signed_at="2018-01-12T00:00:00Z", notice_at="2018-01-05T00:00:00Z"),
    "the living signed for ever and died": dead(signed_at="2018-01-12T00:00:00Z", notice_at="2018-01-05T00:00:00Z", survives_death=True),
    "the consent describes nothing": one_licence(consent={"description": ""}),
    "there was no notice": one_licence(consent={"notice_at": None}),
    "the notice was short": one_licence(consent={"notice_at": "2026-01-11T00:00:00Z"}),
    "it runs for eleven years": one_licence(valid_until="2037-01-01T00:00:00Z"),
    "it has no end": one_licence(valid_until=None),
    "a minor's guardian signed for six years": minor(kind="guardian", valid_until="2031-12-31T00:00:00Z"),
    "a small child's guardian signed for six years": minor("2016-03-04", kind="guardian", valid_until="2032-01-16T00:00:00Z"),
    "a minor signed": minor(valid_until="2028-03-04T00:00:00Z"),
    "a minor undresses": (minor(kind="guardian", valid_until="2028-03-04T00:00:00Z"), NUDE),
    "one without a birthday undresses": (minor(None), NUDE),
    "one from an archive undresses": (world(replicas=[replica(captured_on=None, capture_source="archival")]), NUDE),
    "one de-aged undresses": (world(licences=[licence(scope={"alterations": ["de_age"]})]), [use(depictions=("nudity", "simulated_sex"), alterations=("de_age",))]),
    "another facility publishes": (one_licence(licensees=["A", "B"]), [use()], {"facility": "C"}),
    "an unnamed facility publishes": one_licence(licensees=[]),
    "pay was due": one_licence(compensation={"status": "due", "due": "2026-11-01"}),
    "pay is disputed": one_licence(compensation={"status": "disputed"}),
    "a model is not permitted": (world(), [use(models=("/a.cat", "/b.onnx"))]),
    "a trained replica has no permission": world(replicas=[replica(capture_source="trained_model")]),
    "a model of another production": (world(licences=[licence(training="this_production")], replicas=[replica(trained_for="OTHER")], productions=[production(), production("OTHER")]), [use(models=("/a.cat",))]),
    "a model of nobody knows what": (one_licence(training="this_production"), [use(models=("/a.cat",))]),
    "an exempt use with a model": (world(exemptions=[exemption()]), [use(models=("/a.cat",))]),
    "it ends soon": one_licence(valid_until="2026-12-01T00:00:00Z"),
    "it ends before the release does": one_licence(valid_until="2027-12-01T00:00:00Z"),
    "it ends before a release that has no end": world(licences=[licence(valid_until="2027-04-01T00:00:00Z")], productions=[production(delivery={"release_until": None})]),
    "a synthetic performer of whom no notice is on record": world(replicas=[replica(category="synthetic")], licences=[licence(consent={"notice_at": None})]),
    "a synthetic performer without notice, by the agreement": (world(replicas=[replica(category="synthetic")], licences=[licence(consent={"notice_at": None})], productions=[production(**AGREED)]), [use()], {"packs": PACKS}),
    "an approval lacks": approved(),
    "an approval lacks of a shot without a version": (approved(), [use(version=None)]),
    "an approval of a part": approved(approval(source_range=[1001, 1013])),
    "an approval of a part of frames that cannot be told": (approved(approval(source_range=[1001, 1013])), [use(source_known=False)]),
    "an approval of another version": approved(approval(version="v003"), approval(version="v002", at="2026-10-01T00:00:00Z"), needed="per_version"),
    "an approval of a version, and the edit names none": (approved(approval(version="v003"), needed="per_version"), [use(version=None)]),
    "a rejection": approved(approval(decision="rejected", note="the jaw is wrong", version="v004")),
    "a rejection of a part without a word": approved(approval(at="2026-10-01T00:00:00Z"), approval(decision="rejected", source_range=[1005, 1010])),
    "a rejection of frames that cannot be told": (approved(approval(decision="rejected")), [use(source_known=False)]),
    "a forbidden depiction": (one_licence(forbidden_depictions=["violence", "drugs"]), [use(depictions=("violence", "drugs"))]),
    "one licence forbids what another grants": (world(licences=[licence(), licence(id="L-2", forbidden_depictions=["violence"])]), [use(depictions=("violence",))]),
    "background as principal": (world(replicas=[replica(category="background")], licences=[licence(scope={"uses": ["*"]})]), [use(uses=("principal", "dialogue"))]),
    "a strike": world(suspensions=[suspension("agreement", "sag-aftra")]),
    "a strike, and the production is not registered": (world(suspensions=[suspension("agreement", "sag-aftra")]), [use()], {"production": None}),
    "a dispute stops a production until February": world(suspensions=[suspension("production", "HELIOS", reason="dispute", until="2027-02-01T08:00:00Z")]),
    "a dispute stops a performer": world(suspensions=[suspension("performer", "perf-p1", reason="dispute")]),
    "everything is stopped": world(suspensions=[suspension("global", None, reason="court")]),
    "a face is replaced and nobody says so": (world(licences=[licence(scope={"alterations": ["face_replacement"]})], productions=[production(delivery={"disclosure": []})]), [use(alterations=("face_replacement",))]),
    "a face is replaced in the EU and nobody says so": (world(licences=[licence(scope={"alterations": ["face_replacement"]})], productions=[production(**EUROPE)]), [use(alterations=("face_replacement",))], {"packs": PACKS}),
    "an exemption without evidence": world(exemptions=[exemption(evidence=[])], licences=[]),
    "an exemption without anything": (world(exemptions=[exemption("first_amendment", evidence=[], claimant=" ", expires="2026-11-19")], licences=[]), [use()]),
    "an exemption for a dub that is none": (world(exemptions=[exemption("permitted_dub_or_double")], licences=[], replicas=[replica(default_use={"uses": ["principal"]})]), [use()]),
    "an exemption that nobody recorded": (world(), [use(exemption="X-7")]),
    "a dub that the agreement permits": (world(exemptions=[exemption("permitted_dub_or_double")], licences=[], replicas=[replica(**VOICE)], productions=[production(**AGREED)]), [use(**DUB)], {"packs": PACKS}),
    "a dub that the agreement no longer permits": (world(exemptions=[exemption("permitted_dub_or_double")], licences=[], replicas=[replica(**VOICE)], productions=[production(**LATE)]), [use(**DUB)], {"packs": PACKS}),
    "a dub that no agreement permits": (world(exemptions=[exemption("permitted_dub_or_double")], licences=[], replicas=[replica(**VOICE)]), [use(**DUB)]),
    "pay was due, which is waived": world(licences=[licence(compensation={"status": "due"})], waivers=[waiver("compensation-outstanding", reason=" agreed ")]),
    "the cap is passed in the second of three shots": capped(max_screen_time_s="1.5"),
    "the cap is passed by one frame": capped(max_screen_time_s="71/24"),
    "the cap is nearly reached": capped(max_screen_time_s="3.25"),
    "the cap is just reached": capped(max_screen_time_s="3"),
    "the cap is not nearly reached": capped(max_screen_time_s="60"),
    "too many shots": capped(max_shots=1),
    "one shot too many": capped(max_shots=2),
    "only a part of the cut is known": (*capped(max_shots=2, max_screen_time_s="60"), {"whole_cut": False}),
    "a word that nobody knows": (world(), [use(uses=("Stunt",))]),
    "a moment without a zone": (world(), [use()], {"now": datetime(2026, 11, 20)}),
}  # fmt: skip


def told(sentence):
    """A situation and all that is told of it, as lines."""
    found = SITUATIONS[sentence]
    doc, *asked_too = found if isinstance(found, tuple) else (found,)
    uses, changes = (*asked_too, *([use()], {})[len(asked_too) :])
    answer = ask(doc, uses, **{"policy": Policy(), **changes})
    lines = [f"# {sentence}"]
    for asked, one in zip(uses, answer.decisions, strict=True):
        of = f", {one.performer}" if one.performer else ""
        lines.append(
            f"{asked.shot}: {one.outcome.value}{of}, under {', '.join(one.licences) or 'no licence'}"
        )
        for reason in one.reasons:
            # Where in our code something failed is told exactly; here it is enough that it is.
            shown, remedy, detail = (
                re.sub(r"\b(\w+\.py):\d+", r"\1:LINE", text)
                for text in (
                    reason.message,
                    reason.remedy,
                    json.dumps(dict(reason.detail), sort_keys=True, ensure_ascii=False),
                )
            )
            licence_of = f" {reason.licence}" if reason.licence else ""
            lines.append(f"  {reason.severity.value} {reason.code}{licence_of} ({reason.who}): {shown}")
            lines.append(f"    {remedy}")
            if detail != "{}":
                lines.append(f"    {detail if len(detail) < 700 else f'{detail[:700]}... ({len(detail)})'}")
    for total in answer.totals:
        lines.append(f"  total {total}")
    return lines


@cache
def written():
    situations: dict[str, list[str]] = {}
    for line in TOLD.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            situations[line[2:]] = []
        if line:
            situations[next(reversed(situations))].append(line)
    return situations


@pytest.mark.parametrize("sentence", SITUATIONS)
def test_what_is_told_of_a_situation(sentence):
    assert told(sentence) == written()[sentence]


def test_every_situation_is_written_down_and_no_other():
    assert list(written()) == list(SITUATIONS)


if __name__ == "__main__":
    TOLD.write_text("\n\n".join("\n".join(told(each)) for each in SITUATIONS) + "\n", encoding="utf-8")
