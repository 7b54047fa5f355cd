"""The one weighted list of what counts for and against a match.

Each feature is a number between 0 and a few; its weight says how much one unit adds to the log-odds that the two are
the same party. By name that is a first look: what is not hopeless gets a second, by `trees.py`, which weigh what was
counted together and not each thing by itself. Weights of name features are fitted
(`benchmarks/screening_accuracy.py`) with their signs held, so that more that meets never counts against and more that
differs never counts for; weights of identifiers, birth dates, addresses and weak names are set from rates measured
across official lists, and stand in `SET` with their reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from math import exp

from enduse.screen import tables, trees
from enduse.screen.compared import Compared

NAME_FEATURES = (
    ("met_first", +1, "information of the words that met, up to 6 nats"),
    ("met_more", +1, "information of the words that met, from 6 to 12 nats"),
    ("met_much", +1, "information of the words that met, from 12 to 24 nats"),
    ("lost_share", -1, "share of that information lost to differences of spelling"),
    ("ours_share", -1, "share of our name that met nothing"),
    ("ours", -1, "information of our name that met nothing, in tens of nats"),
    ("theirs_share", -1, "share of the listed name that met nothing"),
    ("theirs_share_much", -1, "share of the listed name that met nothing, beyond 35 %"),
    ("theirs", -1, "information of the listed name that met nothing, in tens of nats"),
    ("both_share", -1, "both names have words the other lacks"),
    ("best", +1, "the most telling word that met"),
    ("single", -1, "at most one plain word met"),
    ("number_missing", -1, "one name has a number, the other none"),
    ("number_differs", -1, "the numbers in the names differ"),
    ("legal_same", +1, "legal form of the same class"),
    ("legal_differs", -1, "legal forms of different classes"),
    ("initials", -1, "initials met whole words"),
    ("mistaken", -1, "words met only nearly though ours is a word of its own"),
    ("whole", +1, "every word met, none spelt otherwise"),
    ("words_left", -1, "plain words of the listed name that met nothing"),
)
EVIDENCE_FEATURES = (
    ("country_agrees", +1, "a country in common"),
    ("country_differs", -1, "no country in common though both state one"),
)
SET = {
    # Across official lists the same person had another birth year in 1.2 % of 1,262 pairs; a year is shared by chance
    # by about one pair in forty, a whole date by one in fifteen thousand.
    "birth_date_agrees": 5.0,
    "birth_year_agrees": 3.0,
    "birth_year_close": 1.0,
    "birth_differs": -4.0,
    # An identifier unique in its register settles the matter; registers err, so not everything.
    "identifier_agrees": 12.0,
    "vessel_number_differs": -7.0,
    "register_number_differs": -3.0,
    "document_differs": -1.0,
    "address_agrees": 2.5,
    "address_near": 0.8,
    # What the publisher itself calls a weak alias is most often one word.
    "weak_alias": -0.8,
    "former_name": -0.2,
    # Initials of four letters met by chance 59 times in 24,000 ordinary bodies, rightly three times in 1,900 listed.
    "acronym": -2.3,
    # A bare word that three listed bodies of one's own country begin with: four of 26,000 ordinary bodies have one, and
    # three of the four are listed under it.
    "group_name": 2.0,
    # A name that ends within a word of a listed one may end in a word of its own.
    "cut_short": -1.0,
}
NAMES = tuple(name for name, _, _ in NAME_FEATURES)
SAYS = {name: says for name, _, says in (*NAME_FEATURES, *EVIDENCE_FEATURES)}
SECOND_LOOK = -7.0
"""Log-odds of the first look from which a match is worth a second, by the trees."""
SOFT = 2.0
"""Log-odds are divided by this before they become a score, so that scores near 1 still rank."""


@cache
def weights() -> tuple[dict[str, float], dict[str, float]]:
    """The fitted weights, for bodies and for persons."""
    person = {row[0]: float(row[1]) for row in tables.rows("weights")}
    body = {row[0]: float(row[2]) for row in tables.rows("weights")}
    return body, person


@cache
def most_by_country() -> float:
    """The most that countries can add to log-odds."""
    return max(w["country_agrees"] for w in weights())


@cache
def row(person: bool) -> tuple[float, ...]:
    """The weights in the order of `NAMES`, the start value first."""
    found = weights()[person]
    return (found["start"], *(found[name] for name in NAMES))


def values(c: Compared) -> tuple[float, ...]:
    """The features of one comparison of names, in the order of `NAMES`."""
    kept = (c.met - c.lost) / 100.0
    ours = c.ours / 100.0
    theirs = c.theirs / 100.0
    theirs_share = theirs / (kept + theirs) if theirs > 0.0 else 0.0
    both = ours if ours < theirs else theirs
    return (
        (kept if kept < 6.0 else 6.0) / 6.0,
        0.0 if kept < 6.0 else (kept - 6.0 if kept < 12.0 else 6.0) / 6.0,
        0.0 if kept < 12.0 else (kept - 12.0 if kept < 24.0 else 12.0) / 12.0,
        c.lost / c.met if c.met else 1.0,
        ours / (kept + ours) if ours > 0.0 else 0.0,
        (ours if ours < 10.0 else 10.0) / 10.0,
        theirs_share,
        theirs_share - 0.35 if theirs_share > 0.35 else 0.0,
        (theirs if theirs < 10.0 else 10.0) / 10.0,
        both / (kept + both) if both > 0.0 else 0.0,
        c.best / 900.0,
        1.0 if c.pairs <= 1 else 0.0,
        1.0 if c.numbers == 1 else 0.0,
        1.0 if c.numbers == 2 else 0.0,
        1.0 if c.legal == 1 else 0.0,
        1.0 if c.legal == 3 else 0.0,
        2.0 if c.initials > 2 else float(c.initials),
        (c.mistaken if c.mistaken < 900 else 900) / 900.0,
        1.0 if not (c.ours or c.theirs or c.lost) else 0.0,
        3.0 if c.plain_theirs > 3 else float(c.plain_theirs),
    )


def first_look(c: Compared, person: bool) -> float:
    """The log-odds of a match by name alone, each thing that counts weighed by itself."""
    weighed = row(person)
    total = weighed[0]
    for weight, value in zip(weighed[1:], values(c), strict=True):
        total += weight * value
    return total


def log_odds(compared: Sequence[Compared], persons: Sequence[bool]) -> list[float]:
    """The log-odds of matches by name alone: those of the first look, or of the trees where it is worth a second."""
    found = [first_look(c, p) for c, p in zip(compared, persons, strict=True)]
    for person, forest in zip((False, True), trees.forests(), strict=True):
        second = [i for i, p in enumerate(persons) if p == person and found[i] >= SECOND_LOOK]
        sums = trees.told(forest, [trees.counted(compared[i]) for i in second])
        for i, total in zip(second, sums, strict=True):
            found[i] = total / trees.UNIT + (number_differs(person) if compared[i].numbers == 2 else 0.0)
    return found


def number_differs(person: bool) -> float:
    """What two numbers that differ count, apart from everything else."""
    return weights()[person]["number_differs"]


def score(odds: float) -> float:
    """Log-odds as a score between 0 and 1 that keeps ranking near its ends."""
    return 1.0 / (1.0 + exp(-odds / SOFT)) if odds > -60.0 else 0.0
