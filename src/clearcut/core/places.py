"""Places: countries, their subdivisions, the European Union, the world, and which holds which.

ISO 3166-1 alpha-2 and ISO 3166-2 codes; a subdivision is known by its country and form (`US-CA`), for the list of
all subdivisions changes yearly and a licence may name one that is new.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

WORLD = "WORLD"
EU = "EU"

_EU_CODES = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
_COUNTRY_CODES = """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY
    BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM
    FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT
    JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN
    MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT
    PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL
    TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"""
EU_MEMBERS = frozenset(_EU_CODES.split())
COUNTRIES = frozenset(_COUNTRY_CODES.split())
# Overseas parts of members to which the treaties do not extend (TEU 52, TFEU 355.2): their country holds them, the
# Union does not.
_BEYOND = "FR-BL FR-CP FR-NC FR-PF FR-PM FR-TF FR-WF NL-AW NL-BQ1 NL-BQ2 NL-BQ3 NL-CW NL-SX"
_BEYOND_THE_UNION = frozenset(_BEYOND.split())
_SUBDIVISION = re.compile(r"([A-Z]{2})-[A-Z0-9]{1,3}", re.ASCII)


def unknown_place(place: object) -> str | None:
    """What is wrong with `place` as a territory, with a suggestion; None when it is known."""
    if isinstance(place, str):
        if place in COUNTRIES or place in (WORLD, EU):
            return None
        parts = _SUBDIVISION.fullmatch(place)
        if parts and parts[1] in COUNTRIES:
            return None
        if place.upper() != place and unknown_place(place.upper()) is None:
            return f"unknown territory {place!r} (did you mean {place.upper()!r}?)"
        near = {"UK": "GB", "EL": "GR", "USA": "US", "*": WORLD}.get(place.upper())
        near = near or next(iter(get_close_matches(place, (WORLD,), n=1)), None)
        if near:
            return f"unknown territory {place!r} (did you mean {near!r}?)"
    return f"unknown territory {place!r} (ISO 3166-1 alpha-2, ISO 3166-2, EU or WORLD)"


def holders(place: str) -> tuple[str, ...]:
    """Every place that holds all of `place`, itself included: `DE-BY` lies in DE, EU and WORLD, `FR-NC` not in EU."""
    if place == WORLD:
        return (WORLD,)
    if place == EU:
        return (EU, WORLD)
    country = place[:2]
    in_union = country in EU_MEMBERS and place not in _BEYOND_THE_UNION
    around = (country, EU, WORLD) if in_union else (country, WORLD)
    return around if place == country else (place, *around)


def parts(place: str) -> frozenset[str]:
    """The countries a place is made of: WORLD all, EU its members, any other place itself."""
    if place == WORLD:
        return COUNTRIES
    return EU_MEMBERS if place == EU else frozenset((place,))


def reaches(delivered: Iterable[str], place: str) -> bool:
    """Whether a delivery touches any part of `place`, in either direction: WORLD reaches EU, DE reaches EU."""
    return any(one == WORLD or place in holders(one) or one in holders(place) for one in delivered)
