"""What the second column of a control row demands, as one of a few words a rule can act on.

`requirement` is one of
    chart          look the destination up in `chart_column`
    destinations   a licence for every place in `places` that is not in `except_places`
    listed_party   a licence when a party carries the list footnote named in `places` (`FN5`)
    short_supply   Part 754 decides
    judgement      nobody but a person can say; the row's question says what to find out
`places` and `except_places` hold ISO codes, group names (`D:5`, `CWC:non_party`, `UN:746.1(b)`) or `*`
for everywhere. A country named in `places` counts even when a group in `except_places` contains it.
"""

from __future__ import annotations

import re

from enduse.model.base import Value
from enduse.packs.us_ear.build.text import plain


class Requirement(Value):
    """The normalised demand of one control row."""

    requirement: str
    column: str = ""
    places: str = ""
    except_places: str = ""
    basis: str = ""


_SECTION = re.compile(r"(?:§+\s*|§ [\d.()a-zA-Z]+ and )(7\d\d\.\d+(?:\([a-zA-Z0-9]+\))*)")

_PATTERNS: tuple[tuple[str, str, str, str, str], ...] = (
    # pattern, requirement, places, except_places, basis when the text names none that decides
    (r"for UN controls", "destinations", "UN:746.1(b)", "", "746.1(b)"),
    (r"^China, Russia,? or Venezuela", "destinations", "CN RU VE", "", "742.6(a)(7)"),
    (r"742\.6\(a\)\(6\)\(iii\)\(A\)", "destinations", "*", "", "742.6(a)(6)(iii)(A)"),
    (
        r"^To or within (the United Arab Emirates or )?destinations specified in Country Groups D:1, D:4, and D:5",
        "destinations",
        "D:1 D:4 D:5",
        "A:5 A:6",
        "742.6(a)(6)(iii)(B)",
    ),
    (r"^To or within Macau or a destination specified in Country Group D:5", "destinations", "MO D:5", "", ""),
    (r"^To or within any destination worldwide", "destinations", "*", "", ""),
    (r"^Worldwide \(see § 742\.6\(a\)\(6\)\(ii\)\)", "destinations", "*", "A:5 A:6", "742.6(a)(6)(ii)"),
    (r"^Worldwide control", "destinations", "*", "", ""),
    (r"742\.6\(a\)\(11\)", "listed_party", "FN5", "", "742.6(a)(11)"),
    (r"746\.8 for specific license requirements", "destinations", "RU BY", "", "746.8"),
    (r"ALL destinations, except Canada", "destinations", "*", "CA", "742.7"),
    (r"ALL destinations,? regardless", "destinations", "*", "", "742.7"),
    (r"all destinations, as specified in § 742\.13", "destinations", "*", "", "742.13"),
    (r"all destinations, including Australia", "destinations", "*", "", "742.18(a)(1)"),
    (r"742\.15 of the EAR", "destinations", "*", "CA", "742.15"),
    (r"742\.14 of the EAR", "destinations", "*", "AU CA GB", "742.14"),
    (r"to Iran and North Korea", "destinations", "IR KP", "", "742.19"),
    (r"to North Korea for anti-terrorism", "destinations", "KP", "", "742.19"),
    (r"to Iraq or Pakistan", "destinations", "IQ PK", "", "742.6(a)(5) 742.6(a)(12) 746.3"),
    (r"to Pakistan or transfer", "destinations", "PK", "", "742.6(a)(12)"),
    (r"to Iraq (?:or|and) transfer", "destinations", "IQ", "", "742.6(a)(5) 746.3"),
    (r"country in Country Group E:1", "destinations", "E:1", "", "742.8 742.19 746.1"),
    (r"non-States Parties .* except for Israel and Taiwan", "destinations", "CWC:non_party", "IL TW", "742.18(a)(4)"),
    (r"proceed directly to part 754", "short_supply", "", "", "754"),
    (r"States not Party to the CWC", "destinations", "CWC:non_party", "", "742.18(a)"),
)


def read_requirement(cell: str, *, reason: str = "") -> Requirement | None:
    """The demand a cell states, or None when its wording is not one we know."""
    text = re.sub(r"^Column (?=\d$)", f"{reason} Column ", plain(cell))
    if match := re.match(r"^([A-Z]{2}) Column (\d)(?:, See § (742\.6\(a\)\(3\)) for license requirements)?$", text):
        basis = f"738.4(a) {match[3] or ''}".strip()
        return Requirement(requirement="chart", column=match[1] + match[2], basis=basis)
    for pattern, requirement, places, except_places, basis in _PATTERNS:
        if match := re.search(pattern, text):
            emirates = "AE " if match.groups() and match[1] else ""
            return Requirement(
                requirement=requirement,
                places=emirates + places,
                except_places=except_places,
                basis=basis or _basis(text),
            )
    return None


def _basis(text: str) -> str:
    return " ".join(dict.fromkeys(_SECTION.findall(text)))
