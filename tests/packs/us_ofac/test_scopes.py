"""What the rules of the sanctions pack name, and since when: written out a second time, to show slips."""

from __future__ import annotations

import pytest

from enduse.model.law import Rule
from enduse.rules.files import leaves, read_pack
from enduse.shelf import OURS, pack_files

PACK = read_pack(pack_files(OURS / "us_ofac"))
RULES = PACK.rules
BEGINNING = (("2025-01-01", None, "in_force"),)
"""A text that did not change since the first day the pack covers."""

LISTS: dict[str, tuple[str, ...]] = {
    "us.ofac.515-204.transit": ("US PR",),
    "us.ofac.515-533.exports": ("export reexport",),
    "us.ofac.515-533.agricultural": ("export reexport",),
    "us.ofac.542-207.services": ("service technical_assistance facilitation brokering dealing employment",),
    "us.ofac.560-204.exports": ("export reexport in_country_transfer technical_assistance service",),
    "us.ofac.560-206.dealings": ("dealing brokering domestic_supply",),
    "us.ofac.560-205.reexports": (
        "export reexport in_country_transfer transit technical_assistance service brokering",
    ),
    "us.ofac.560-406.transit": ("US PR",),
    "us.ofac.560-418.release": ("deemed_export deemed_reexport",),
    "us.ofac.560-407.incorporated": ("import dealing brokering",),
    "us.ofac.560-540.internet": ("EAR99 5D992.c 5A992.c 5A991.b.2 5A991.b.4",),
    "us.ofac.587.services": (
        "RU",
        "service technical_assistance facilitation",
    ),
    "us.ofac.587.investment": ("RU",),
    "us.ofac.587.oil_imports": ("RU",),
    "us.ofac.591.humanitarian": ("VE",),
    "us.ofac.scope.us_owned": ("@programme_places:iran @programme_places:cuba",),
    "us.ofac.scope.transit": (
        (
            "@programme_places:iran @programme_places:cuba "
            "@programme_places:north_korea @programme_places:syria @programme_places:occupied_ukraine"
        ),
        "US PR",
    ),
}
"""The lists of codes, places and activities each rule names, one text per list."""

DATES: dict[str, tuple[tuple[str, str | None, str], ...]] = {
    "us.ofac.510-206.exports": (("2016-03-16", None, "in_force"),),
    "us.ofac.510-201.government": (("2016-03-16", None, "in_force"),),
    "us.ofac.510-208.causing": (("2016-03-16", None, "in_force"),),
    "us.ofac.510-213.informational": (("2018-03-05", None, "in_force"),),
    "us.ofac.510-213.communications": (("2018-03-05", None, "in_force"),),
    "us.ofac.510-512.ngo": (("2018-03-05", None, "in_force"),),
    "us.ofac.510-514.organisations": (("2018-03-05", None, "in_force"),),
    "us.ofac.510-511.remittances": (("2018-03-05", None, "in_force"),),
    "us.ofac.510-517.patents": (("2018-03-05", None, "in_force"),),
    "us.ofac.510-507.legal": (("2018-03-05", None, "in_force"),),
    "us.ofac.510-516.telecommunications": (("2018-03-05", None, "in_force"),),
    "us.ofac.515-201.dealings": (("1963-07-08", None, "in_force"),),
    "us.ofac.515-204.transit": (("1963-07-08", None, "in_force"),),
    "us.ofac.515-201.connected": (("1963-07-08", None, "in_force"),),
    "us.ofac.515-206.informational": (("2015-01-16", None, "in_force"),),
    "us.ofac.515-533.exports": (("2015-01-16", None, "in_force"),),
    "us.ofac.515-533.agricultural": (("2015-01-16", None, "in_force"),),
    "us.ofac.515-564.research": (("2015-01-16", None, "in_force"),),
    "us.ofac.515-565.education": (("2015-01-16", None, "in_force"),),
    "us.ofac.515-567.performances": (("2015-01-16", None, "in_force"),),
    "us.ofac.515-574.people": (("2015-01-16", None, "in_force"),),
    "us.ofac.515-570.remittances": (("2015-01-16", None, "in_force"),),
    "us.ofac.515-578.internet": (("2015-01-16", None, "in_force"),),
    "us.ofac.515-542.telecommunications": (("2015-01-16", None, "in_force"),),
    "us.ofac.515-512.legal": (("2015-01-16", None, "in_force"),),
    "us.ofac.515-527.patents": (("2015-01-16", None, "in_force"),),
    "us.ofac.515-560.travel": (("2015-01-16", None, "in_force"),),
    "us.ofac.515-577.publishing": (("2015-01-16", None, "in_force"),),
    "us.ofac.515-571.visit": (("2015-01-16", None, "in_force"),),
    "us.ofac.515-505.unblocked": (("2015-01-16", None, "in_force"),),
    "us.ofac.515-562.organisations": (("2015-01-16", None, "in_force"),),
    "us.ofac.542-207.services": (("2011-08-18", "2025-07-01", "in_force"),),
    "us.ofac.542-gl25.transition": (("2025-05-23", "2025-07-01", "in_force"),),
    "us.ofac.542-211.informational": (("2011-08-18", "2025-07-01", "in_force"),),
    "us.ofac.542-525.medical": (("2011-08-18", "2025-07-01", "in_force"),),
    "us.ofac.542-516.ngo": (("2011-08-18", "2025-07-01", "in_force"),),
    "us.ofac.542-511.internet": (("2011-08-18", "2025-07-01", "in_force"),),
    "us.ofac.560-204.exports": (("2012-10-22", None, "in_force"),),
    "us.ofac.560-204.diversion": (("2012-10-22", None, "in_force"),),
    "us.ofac.560-201.imports": (("2012-10-22", None, "in_force"),),
    "us.ofac.560-206.dealings": (("2012-10-22", None, "in_force"),),
    "us.ofac.560-207.investment": (("2012-10-22", None, "in_force"),),
    "us.ofac.560-208.facilitation": (("2012-10-22", None, "in_force"),),
    "us.ofac.560-205.reexports": (("2012-10-22", None, "in_force"),),
    "us.ofac.560-215.us_owned": (("2012-10-09", None, "in_force"),),
    "us.ofac.560-211.government": (("2012-02-06", None, "in_force"),),
    "us.ofac.560-406.transit": (("2012-10-22", None, "in_force"),),
    "us.ofac.560-418.release": (("2012-10-22", None, "in_force"),),
    "us.ofac.560-419.hiring": (("2012-10-22", None, "in_force"),),
    "us.ofac.560-203.causing": (("2012-10-22", None, "in_force"),),
    "us.ofac.560-210.informational": (("2012-10-22", None, "in_force"),),
    "us.ofac.560-210.communications": (("2012-10-22", None, "in_force"),),
    "us.ofac.560-210.donations": (("2012-10-22", None, "in_force"),),
    "us.ofac.560-210.travel": (("2012-10-22", None, "in_force"),),
    "us.ofac.560-505.visa": (("2012-10-22", None, "in_force"),),
    "us.ofac.560-505.students": (("2012-10-22", None, "in_force"),),
    "us.ofac.560-506.gifts": (("2012-10-22", None, "in_force"),),
    "us.ofac.560-407.incorporated": (("2012-10-22", None, "in_force"),),
    "us.ofac.560-509.patents": (("2012-10-22", None, "in_force"),),
    "us.ofac.560-529.bunkers": (("2012-10-22", None, "in_force"),),
    "us.ofac.560-542.remains": (("2012-10-22", None, "in_force"),),
    "us.ofac.560-543.property": (("2012-10-22", None, "in_force"),),
    "us.ofac.560-551.student_loans": (("2012-10-22", None, "in_force"),),
    "us.ofac.560-552.living": (("2012-10-22", None, "in_force"),),
    "us.ofac.560-508.telecommunications": (("2012-10-22", None, "in_force"),),
    "us.ofac.560-530.agricultural": (("2011-10-12", None, "in_force"),),
    "us.ofac.560-530.medicine": (("2011-10-12", None, "in_force"),),
    "us.ofac.560-530.devices": (("2016-12-22", None, "in_force"),),
    "us.ofac.560-530.spares": (("2016-12-22", None, "in_force"),),
    "us.ofac.560-530.purchasers": (("2011-10-12", None, "in_force"),),
    "us.ofac.560-538.publishing": (("2012-10-22", None, "in_force"),),
    "us.ofac.560-539.organisations": (("2012-10-22", None, "in_force"),),
    "us.ofac.560-540.internet": (("2012-10-22", None, "in_force"),),
    "us.ofac.560-540.government": (("2012-10-22", None, "in_force"),),
    "us.ofac.560-554.conferences": (("2012-10-22", None, "in_force"),),
    "us.ofac.560-544.academic": (("2012-10-22", None, "in_force"),),
    "us.ofac.560-550.remittances": (("2012-10-22", None, "in_force"),),
    "us.ofac.560-525.legal": (("2012-10-22", None, "in_force"),),
    "us.ofac.560-ngo.activities": (("2012-10-22", None, "in_force"),),
    "us.ofac.560-sports.exchange": (("2012-10-22", None, "in_force"),),
    "us.ofac.587.services": (("2024-09-12", None, "in_force"),),
    "us.ofac.587.us_owned": (("2022-06-07", None, "in_force"),),
    "us.ofac.587.investment": (("2022-04-06", None, "in_force"),),
    "us.ofac.587.oil_imports": (("2022-03-08", None, "in_force"),),
    "us.ofac.589.occupied": (("2022-02-21", None, "in_force"),),
    "us.ofac.589-relief.informational": (("2022-02-21", None, "in_force"),),
    "us.ofac.589-relief.communications": (("2022-02-21", None, "in_force"),),
    "us.ofac.589-relief.agricultural": (("2022-02-21", None, "in_force"),),
    "us.ofac.589-relief.medicine": (("2022-02-21", None, "in_force"),),
    "us.ofac.589-relief.medical_device": (("2022-02-21", None, "in_force"),),
    "us.ofac.589-relief.telecommunications": (("2022-02-21", None, "in_force"),),
    "us.ofac.589-relief.internet": (("2022-02-21", None, "in_force"),),
    "us.ofac.589-relief.organisations": (("2022-02-21", None, "in_force"),),
    "us.ofac.589-relief.ngo": (("2022-02-21", None, "in_force"),),
    "us.ofac.589-relief.remittances": (("2022-02-21", None, "in_force"),),
    "us.ofac.591.government": (("2019-08-05", None, "in_force"),),
    "us.ofac.591.humanitarian": (("2019-08-05", None, "in_force"),),
    "us.ofac.blocked.evaders": (("2012-05-01", None, "in_force"),),
    "us.ofac.blocked.owned": (("2014-08-13", None, "in_force"),),
    "us.ofac.blocked.behind": (("2014-08-13", None, "in_force"),),
    "us.ofac.records": (("2025-01-01", "2025-03-12", "in_force"), ("2025-03-12", None, "in_force")),
}
"""From when to when each text stands, where that is not simply since the first day covered."""


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_the_lists_a_rule_names_are_whole(rule: Rule):
    """A code, place or activity dropped from a rule, or added to it, is seen."""
    tests = [t for v in rule.versions if v.when for t in leaves(v.when)]
    named = tuple(dict.fromkeys(" ".join(t.operand) for t in tests if isinstance(t.operand, tuple)))
    assert named == LISTS.get(rule.id, ())


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_the_days_a_text_stands(rule: Rule):
    """Every beginning, end and suspension is the one the sources give."""
    days = tuple((v.from_.isoformat(), v.to.isoformat() if v.to else None, v.status) for v in rule.versions)
    assert days == DATES.get(rule.id, BEGINNING)
