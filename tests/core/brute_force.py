"""A second evaluator, written from domain.md alone: slow, linear, one atom after the other. It shares no judgement
with `core.evaluate`; only values (registry, uses) and plain vocabularies are the same.

It answers outcome, codes that hinder, licences charged, and totals: enough to find a false clear.
"""

from __future__ import annotations

import itertools
from datetime import date, datetime, timezone
from fractions import Fraction

EU = set("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())
MEDIA = ["theatrical", "svod", "tvod", "avod", "broadcast", "home_video", "airline", "game", "promo"]
NEVER = {"licence-revoked", "licence-suspended", "strike-suspended", "minor-prohibited", "approval-rejected",
         "unknown-replica", "evaluation-error"}  # fmt: skip
PRODUCER = {"licence-expires-soon", "licence-expires-before-release", "consent-notice-short", "media-out-of-scope",
            "territory-out-of-scope", "language-out-of-scope", "delivery-profile-missing", "approval-required",
            "approval-version-outdated", "approval-range-exceeded", "compensation-outstanding",
            "disclosure-missing"}  # fmt: skip
WARNINGS = {"licence-expires-soon", "licence-expires-before-release", "consent-notice-short", "term-too-long",
            "delivery-profile-missing", "disclosure-missing"}  # fmt: skip
DUTIES = {"compensation-outstanding", "disclosure-missing", "approval-required", "approval-version-outdated",
          "approval-range-exceeded", "synthetic-notice-missing"}  # fmt: skip
LIVING = {"self", "agent", "guardian"}


def glob(pattern, name):
    if name is None:
        return pattern == "*"
    if not pattern:
        return not name
    if pattern[0] == "*":
        return glob(pattern[1:], name) or (name != "" and glob(pattern, name[1:]))
    return name != "" and pattern[0] in ("?", name[0]) and glob(pattern[1:], name[1:])


def globs(patterns, name):
    return any(glob(pattern, name) for pattern in patterns)


def utc_day(moment):
    return moment.astimezone(timezone.utc).date()


def age(born, day):
    years = day.year - born.year
    return years if (day.month, day.day) >= (born.month, born.day) else years - 1


class Brute:
    """One request over one registry, without rule packs and without rules of severity."""

    def __init__(self, request, registry, now):
        self.request, self.registry, self.now, self.today = request, registry, now, utc_day(now)
        self.production = registry.productions.get(request.production)

    # -- waivers --------------------------------------------------------------------------------------------

    def hinders(self, code, shot):
        if code in WARNINGS:
            return False
        if code in NEVER:
            return True
        for waiver in self.registry.waivers.values():
            role_ok = waiver.role == "legal" or (waiver.role == "producer" and code in PRODUCER)
            persons = waiver.by.strip().lower(), waiver.approved_by.strip().lower()
            if (
                code in waiver.codes
                and role_ok
                and waiver.production == self.request.production
                and globs(waiver.shots, shot)
                and self.now < waiver.until
                and all(persons)
                and persons[0] != persons[1]
                and waiver.reason.strip()
            ):
                return False
        return True

    # -- a licence's own terms -------------------------------------------------------------------------------

    def state(self, licence):
        if licence.status_at is not None and self.now < licence.status_at and licence.status.value != "draft":
            return "draft" if licence.status.value == "active" else "active"
        return licence.status.value

    def running(self, licence):
        start = licence.valid_from or licence.consent.signed_at
        return (
            start is not None
            and start <= self.now
            and (licence.valid_until is None or self.now < licence.valid_until)
        )

    def terms(self, use, demand, replica, performer, licence):
        codes = []
        signed = licence.consent.signed_at
        state = self.state(licence)
        if state == "draft" or signed is None or signed > self.now:
            codes.append("licence-draft")
        elif state != "active":
            codes.append(f"licence-{state}")
        start = licence.valid_from or signed
        if start is None or self.now < start:
            codes.append("licence-not-yet-valid")
        if licence.valid_until is not None and not self.now < licence.valid_until:
            codes.append("licence-expired")
        for one in self.suspensions():
            if one.kind == "licence" and one.value == licence.id:
                codes.append("strike-suspended" if one.reason == "strike" else "licence-suspended")
        codes += self.authority(performer, licence)
        if not licence.consent.description.strip() and licence.consent.represented_by == "none":
            codes.append("consent-not-specific")
        born = performer.born
        if born is not None and (signed or start) is not None and age(born, utc_day(signed or start)) < 18:
            if {"nudity", "simulated_sex"} & set(demand["depictions"]):
                codes.append("minor-prohibited")
            authority = self.registry.authorities.get(licence.authority)
            if authority is None or authority.kind.value not in ("guardian", "court"):
                codes.append("minor-approval-missing")
        scope = licence.scope
        for name, granted in (
            ("episode", scope.episodes),
            ("sequence", scope.sequences),
            ("shot", scope.shots),
        ):
            if not globs(granted, demand[name]):
                codes.append(f"{name}-out-of-scope")
        for name, granted in (("production", scope.productions), ("character", scope.characters)):
            if granted != ("*",) and demand[name] not in granted:
                codes.append(f"{name}-out-of-scope")
        if licence.licensees != ("*",) and self.request.facility not in licence.licensees:
            codes.append("facility-not-authorised")
        pay = licence.compensation
        if pay.status == "disputed" or (pay.status == "due" and (pay.due is None or pay.due <= self.today)):
            codes.append("compensation-outstanding")
        if use.models or replica.capture_source.value == "trained_model":
            if licence.training.value == "none":
                codes.append("training-not-permitted")
            elif replica.trained_for != self.request.production and not (
                licence.training.value == "general" and replica.trained_for in ("general", None)
            ):
                codes.append("model-out-of-scope")
        if replica.category.value == "synthetic" and licence.consent.notice_at is None:
            codes.append("synthetic-notice-missing")
        shown = set(demand["depictions"])
        if shown & set(licence.forbidden_depictions) and licence not in self.forbidding(performer, shown):
            codes.append("depiction-forbidden")  # not in force here, and whoever relies on it is bound by it
        return codes + self.approvals(use, licence)

    def authority(self, performer, licence):
        authority = self.registry.authorities.get(licence.authority)
        if authority is None:
            return ["authority-not-verified"]
        codes = []
        if authority.performer != licence.performer:
            codes.append("authority-not-verified")
        if not authority.verified:
            codes.append("authority-not-verified")
        signed = licence.consent.signed_at

        def held(day):
            return (authority.valid_from or date.min) <= day <= (authority.valid_until or date.max)

        if signed is not None and not held(utc_day(signed)):
            codes.append("authority-expired")
        if performer.died is not None and performer.died < self.today and authority.kind.value in LIVING:
            if (
                signed is not None and utc_day(signed) > performer.died
            ) or not licence.consent.survives_death:
                codes.append("authority-expired")
        elif not held(self.today):
            codes.append("authority-expired")
        return codes

    def approvals(self, use, licence):
        known = [
            a
            for a in self.registry.approvals
            if a.licence == licence.id
            and a.at <= self.now
            and (a.shot == use.shot or (not a.approved and a.shot.lower() == use.shot.lower()))
        ]
        needed = licence.approval.value

        def is_about(a):
            if needed != "per_version" or a.version is None or a.version == use.version:
                return True
            return not a.approved and (use.version is None or a.version.lower() == use.version.lower())

        about = [a for a in known if is_about(a)]
        # Where no frames are known any may be used: one of every part that decisions speak of stands for the rest.
        edges = {edge for a in about if a.source_range is not None for edge in a.source_range}
        frames = (
            [f for r in use.source for f in range(r.first, r.end)]
            if use.source_known and use.source
            else [*sorted(edges), -1]
        )
        states = []
        for frame in frames:
            latest = None
            for a in sorted(about, key=lambda a: (a.at, not a.approved)):
                if a.source_range is None or a.source_range.first <= frame < a.source_range.end:
                    latest = a.approved
            states.append(latest)
        if False in states:
            return ["approval-rejected"]
        if needed == "none" or all(state is True for state in states):
            return []
        if True in states:
            return ["approval-range-exceeded"]
        if needed == "per_version" and any(a.approved for a in known):
            return ["approval-version-outdated"]
        return ["approval-required"]

    # -- what stands against the use -----------------------------------------------------------------------------

    def suspensions(self):
        return [
            s
            for s in self.registry.suspensions.values()
            if s.from_ <= self.now and (s.until is None or self.now < s.until)
        ]

    def against(self, demand, replica, performer, exempt):
        """(code, True when it is only not known)."""
        found = []
        shown = {"nudity", "simulated_sex"} & set(demand["depictions"])
        if shown and performer.born is None:
            found.append(("minor-prohibited", True))
        elif shown:
            if age(performer.born, min(self.today, performer.died or self.today)) < 18:
                found.append(("minor-prohibited", False))
            if replica.captured_on is not None and age(performer.born, replica.captured_on) < 18:
                found.append(("minor-prohibited", False))
            source = replica.capture_source.value
            young = age(performer.born, date(2000, 1, 1)) < 18 and source in (
                "scan_session",
                "onset_photography",
            )
            if replica.captured_on is None and (
                young or source in ("archival", "third_party", "trained_model")
            ):
                found.append(("minor-prohibited", True))
            if "de_age" in demand["alteration"]:
                found.append(("minor-prohibited", True))
        for one in self.suspensions():
            reaches = (
                one.kind == "global"
                or (one.kind == "agreement" and self.production.agreement.startswith(one.value))
                or (one.kind == "production" and one.value == self.production.id)
                or (one.kind == "performer" and one.value == performer.id)
            )
            if reaches and not (exempt and one.reason == "strike"):
                found.append(("strike-suspended" if one.reason == "strike" else "licence-suspended", False))
        for licence in self.forbidding(performer, set(demand["depictions"])):
            del licence
            found.append(("depiction-forbidden", False))
        if replica.category.value == "background" and {"principal", "dialogue", "dub"} & set(demand["use"]):
            found.append(("background-as-principal", False))
        return found

    def forbidding(self, performer, depictions):
        for licence in self.registry.licences.values():
            covers = licence.scope.productions == ("*",) or self.production.id in licence.scope.productions
            if (
                licence.performer == performer.id
                and covers
                and self.running(licence)
                and self.state(licence) in ("active", "suspended", "revoked")
                and depictions & set(licence.forbidden_depictions)
            ):
                yield licence

    # -- atoms ---------------------------------------------------------------------------------------------------

    def demand(self, use, replica):
        delivery = self.production.delivery
        declared, usual = use.declared, replica.default_use
        places = delivery.territories if delivery and delivery.territories else ("WORLD",)
        media = list(delivery.media) if delivery and delivery.media else MEDIA
        languages = list(delivery.languages) if delivery and delivery.languages else ["*"]
        territories = set()
        for place in places:
            # WORLD stands for every country: three tokens suffice to tell grants of this world's licences apart.
            territories |= (
                EU | {"US", "CA", "JP", "<rest>"} if place == "WORLD" else EU if place == "EU" else {place}
            )
        return {
            "production": self.production.id, "episode": use.episode, "sequence": use.sequence, "shot": use.shot,
            "character": declared.character, "use": declared.uses or usual.uses,
            "alteration": declared.alterations or usual.alterations or [None],
            "modality": declared.modalities or replica.modalities, "media": media, "territory": sorted(territories),
            "language": [declared.language] if declared.language else languages,
            "depictions": declared.depictions or usual.depictions,
        }  # fmt: skip

    def atom_failures(self, scope, atom):
        use, alteration, modality, medium, territory, language = atom
        failures = []
        for code, value, granted in (
            ("use-not-permitted", use, scope.uses), ("alteration-not-permitted", alteration, scope.alterations),
            ("modality-not-permitted", modality, scope.modalities), ("media-out-of-scope", medium, scope.media),
        ):  # fmt: skip
            if value is not None and granted != ("*",) and value not in granted:
                failures.append(code)
        country = territory.split("-")[0]
        inside = (
            territory in scope.territories or country in scope.territories or "WORLD" in scope.territories
        )
        inside = inside or scope.territories == ("*",) or (country in EU and "EU" in scope.territories)
        if not inside:
            failures.append("territory-out-of-scope")
        wanted = language.lower()
        if not any(
            r == "*" or (wanted != "*" and (wanted + "-").startswith(r.lower() + "-"))
            for r in scope.languages
        ):
            failures.append("language-out-of-scope")
        return failures

    # -- one use ---------------------------------------------------------------------------------------------------

    def use(self, use):
        """(outcome before caps, codes that hinder, ids of the licences charged)."""
        replica = self.registry.replicas.get(use.replica)
        if replica is None:
            return "unknown", {"unknown-replica"}, set()
        if replica.performer is None:
            return "blocked", {"unknown-performer"}, set()
        performer = self.registry.performers[replica.performer]
        demand = self.demand(use, replica)
        claims = [
            x for x in self.registry.exemptions.values()
            if x.production == self.production.id and x.replica == replica.id and globs(x.shots, use.shot)
        ]  # fmt: skip
        exempt = any(self.claim_holds(x, demand) for x in claims)
        blocked, unknown, duties = set(), set(), set()
        for code, only_unknown in self.against(demand, replica, performer, exempt):
            if self.hinders(code, use.shot):
                (unknown if only_unknown else blocked).add(code)
        if use.biometric and self.hinders("biometric-in-publish", use.shot):
            blocked.add("biometric-in-publish")
        # What nobody said leaves the use unknown, and hinders no licence: they are asked about the rest.
        for dimension, code in (("use", "use-not-permitted"), ("modality", "modality-not-permitted")):
            if not demand[dimension]:
                unknown.add(code)
                demand[dimension] = [None]
        listing = [
            x for x in self.registry.licences.values()
            if x.performer == performer.id and (x.replicas == ("*",) or replica.id in x.replicas)
        ]  # fmt: skip
        if exempt:
            # No consent is needed to be shown; to be trained on it is.
            permitting = [
                x for x in listing
                if x.training.value != "none" and self.state(x) == "active" and self.running(x)
                and (x.scope.productions == ("*",) or self.request.production in x.scope.productions)
            ]  # fmt: skip
            fits = [
                x for x in permitting
                if replica.trained_for == self.request.production
                or (x.training.value == "general" and replica.trained_for in ("general", None))
            ]  # fmt: skip
            code = None if fits else "model-out-of-scope" if permitting else "training-not-permitted"
            if use.models and code is not None and self.hinders(code, use.shot):
                blocked.add(code)
            return self.result("exempt", blocked, unknown, duties), blocked | unknown, set()
        terms = {x.id: self.terms(use, demand, replica, performer, x) for x in listing}
        alive = [x for x in listing if not any(self.hinders(code, use.shot) for code in terms[x.id])]

        def owing(licence):
            return any(code in DUTIES for code in terms[licence.id])

        order = sorted(
            alive, key=lambda x: (owing(x), x.valid_until or datetime.max.replace(tzinfo=timezone.utc), x.id)
        )
        atoms = itertools.product(
            *(demand[d] for d in ("use", "alteration", "modality", "media", "territory", "language"))
        )
        charged, granting, complete = set(), set(), True
        without = not listing and not self.hinders("no-licence", use.shot)
        for atom in atoms:
            failures = {x.id: self.atom_failures(x.scope, atom) for x in listing}
            could = [x for x in order if not any(self.hinders(code, use.shot) for code in failures[x.id])]
            first = next(iter(sorted(could, key=lambda x: (owing(x), bool(failures[x.id])))), None)
            if first is not None:
                charged.add(first.id)
                granting.add(first.id)
                if owing(first):
                    duties.add("owed")
            elif not without:
                complete = False
            else:
                duties.add("no-licence")
        if not complete:
            blocked.add("not-granted")
        for one in granting:
            licence = self.registry.licences[one]
            for other in self.forbidding(
                performer, set(demand["depictions"]) - set(licence.forbidden_depictions)
            ):
                if (
                    other.id != one
                    and self.state(other) == "active"
                    and self.hinders("licence-conflict", use.shot)
                ):
                    blocked.add("licence-conflict")
        if ("face_replacement" in demand["alteration"] or replica.category.value == "synthetic") and not (
            self.production.delivery and self.production.delivery.disclosure
        ):
            duties.add("disclosure-missing")
        return self.result("cleared", blocked, unknown, duties), blocked | unknown, charged

    def claim_holds(self, x, demand):
        # Without a rule pack nothing permits a dub or a double.
        return x.basis != "permitted_dub_or_double" and not self.claim_is_faulty(x, demand)

    def claim_is_faulty(self, x, demand):
        if not any(e.uri.strip() for e in x.evidence) or not x.claimant.strip():
            return True
        if x.basis == "first_amendment" and x.role != "legal":
            return True
        doubles = {"dub", "stunt", "reshoot"} & set(demand["use"]) or "lip_resync" in demand["alteration"]
        if x.basis == "permitted_dub_or_double" and not doubles:
            return True
        if x.expires is None:
            return False
        return not (self.now < x.expires if isinstance(x.expires, datetime) else self.today <= x.expires)

    @staticmethod
    def result(best, blocked, unknown, duties):
        return "blocked" if blocked else "unknown" if unknown else "cleared_with_duties" if duties else best

    # -- the cut ---------------------------------------------------------------------------------------------------

    def cut(self):
        """Outcomes with caps, licences charged (those granting at least), and total ticks per licence granting."""
        answers = [self.use(use) for use in self.request.uses]
        return answers

    def caps(self, charged):
        """Given which licences each use is charged to: the uses (by index) that a cap blocks or leaves unknown."""
        blocked, unknown, totals = set(), set(), {}
        rate = self.request.timebase.rate * self.request.timebase.ticks_per_frame
        for name in sorted(set().union(*charged)) if charged else ():
            licence = self.registry.licences[name]
            mine = [i for i, names in enumerate(charged) if name in names]
            ticks, shots = set(), []
            passed = {}
            for i in mine:
                use = self.request.uses[i]
                ticks |= {t for r in use.screen for t in range(r.first, r.end)}
                if use.shot not in shots:
                    shots.append(use.shot)
                cap = licence.max_screen_time_s
                if cap is not None and Fraction(len(ticks)) / rate > cap:
                    passed.setdefault("time", i)
                if licence.max_shots is not None and len(shots) > licence.max_shots:
                    passed.setdefault("shots", i)
            totals[name] = len(ticks)
            if not self.request.whole_cut:
                caps = {"time": licence.max_screen_time_s, "shots": licence.max_shots}
                unknown |= {(i, kind) for kind, cap in caps.items() if cap is not None for i in mine}
                continue
            for kind, at in passed.items():
                blocked |= {
                    (i, kind)
                    for i in mine
                    if i >= at or self.request.uses[i].shot == self.request.uses[at].shot
                }
        codes = {"time": "screen-time-exceeded", "shots": "shot-count-exceeded"}
        keep = lambda found: {i for i, kind in found if self.hinders(codes[kind], self.request.uses[i].shot)}  # noqa: E731
        return keep(blocked), keep(unknown), totals
