"""A hit in words: which value met which, and what each contributed to the log-odds."""

from __future__ import annotations

from collections.abc import Sequence

from enduse.model.hit import Feature, Hit
from enduse.model.party import PartyKind
from enduse.screen import features, match, trees, weigh
from enduse.screen.calibrate import probability
from enduse.screen.compared import Compared
from enduse.screen.evidence import Evidence
from enduse.screen.find import Ranked
from enduse.screen.index import Index
from enduse.screen.text import PERSON, fold
from enduse.screen.vocabulary import EXACT

GROUPS = (
    ("words_met", ("met_first", "met_more", "met_much", "best")),
    ("spelling", ("lost_share", "mistaken")),
    ("words_ours_alone", ("ours_share", "ours")),
    ("words_theirs_alone", ("theirs_share", "theirs_share_much", "theirs", "words_left")),
    ("whole_name", ("whole",)),
    ("words_both_alone", ("both_share",)),
    ("single_word", ("single",)),
    ("number_missing", ("number_missing",)),
    ("number_differs", ("number_differs",)),
    ("legal_form_same", ("legal_same",)),
    ("legal_form_differs", ("legal_differs",)),
    ("initials", ("initials",)),
)
SAID = {
    "start": "before anything is compared",
    "words_met": "words that met, weighed by how rare they are",
    "spelling": "they are not spelt alike",
    "words_ours_alone": "words of our name that met nothing",
    "words_theirs_alone": "words of the listed name that met nothing",
    "words_both_alone": "each name has words the other lacks",
    "whole_name": "every word met and is spelt alike",
    "word_for_word": "the very words of the listed name",
    "single_word": "at most one distinctive word met",
    "number_missing": "one name has a number, the other none",
    "number_differs": "the numbers in the names differ",
    "legal_form_same": "legal form of the same class",
    "legal_form_differs": "legal forms of different classes",
    "initials": "an initial met a whole word",
    "length": "how many words the two names have, and how telling they are",
    "weak_alias": "the publisher calls this alias weak",
    "former_name": "a former name",
    "acronym": "initials of the listed name",
    "country_agrees": "a country in common",
    "country_differs": "no country in common",
    "birth_date_agrees": "same date of birth",
    "birth_year_agrees": "same year of birth",
    "birth_year_close": "birth years one apart",
    "birth_differs": "born in different years",
    "identifier_agrees": "same identifier",
    "vessel_number_differs": "different ship numbers",
    "register_number_differs": "different numbers in a register that gives one to each",
    "document_differs": "different documents",
    "address_agrees": "same address",
    "address_near": "similar address",
    "found_without_name": "found by number or address, not by name",
}
OTHERWISE = {
    "words_met": "few words met, or only common ones",
    "spelling": "spelt alike, or nearly",
    "words_ours_alone": "hardly a word of our name is left over",
    "words_theirs_alone": "hardly a word of the listed name is left over",
    "whole_name": "not every word met and is spelt alike",
    "legal_form_same": "no legal form in common",
    "legal_form_differs": "no legal forms that differ",
    "number_missing": "no number that the other lacks",
    "initials": "no initial stands for a word",
}
"""What is said where a name's trees count it the other way: a thing that speaks for, absent, speaks against."""
FOR = frozenset({"words_met", "whole_name", "legal_form_same"})
SAID_OF_OURS = {
    "acronym": "the listed name is the initials of ours",
    "group_name": "the bare name of a group: several listed bodies of the same country begin with it",
    "cut_short": "our name is the beginning of the listed one, cut within a word",
}


def hit(index: Index, found: Ranked, names: tuple[str, ...], kinds: int, evidence: Evidence) -> Hit:
    """A ranked party as a hit that explains itself."""
    party = index.party(found.party)
    score = features.score(found.odds)
    asked = found.read or (names[found.asked] if names else "")
    told = _name_features(index, found, asked, kinds) if found.name >= 0 else [_nameless()]
    if weigh.named(index, asked, found.party, found.name, kinds, evidence):
        told.append(Feature(name="word_for_word", said=SAID["word_for_word"]))
    if found.why:
        said, given = SAID_OF_OURS[found.why], features.SET[found.why]
        theirs = found.read or index.names[found.name]
        told.append(Feature(name=found.why, said=said, ours=names[found.asked], theirs=theirs, contribution=given))
    steps = weigh.steps(index, found.party, found.name, kinds, evidence)
    told += [
        Feature(name=name, said=SAID[name], ours=ours or None, theirs=theirs or None, contribution=odds)
        for name, odds, ours, theirs in steps
    ]
    return Hit(
        list=party["list"],
        id=party["id"],
        source=party["source"],
        kind=PartyKind(party["kind"]),
        name=party["name"],
        matched_name=index.names[found.name] if found.name >= 0 else party["name"],
        query_name=asked,
        score=score,
        probability=probability(score, weigh.place_of(steps)),
        programmes=tuple(party["programmes"]),
        features=tuple(told),
    )


def _nameless() -> Feature:
    return Feature(name="found_without_name", said=SAID["found_without_name"], contribution=weigh.NAMELESS)


def _name_features(index: Index, found: Ranked, asked: str, kinds: int) -> list[Feature]:
    query = match.prepare(index, fold(asked, kinds), kinds)
    compared, met = match.laid(index, query, found.name)
    person = kinds == PERSON or index.kind[found.name] == PERSON
    start, gave = _gave(index, compared, person)
    ours, theirs = _words(index, query, found.name, met)
    told = [Feature(name="start", said=SAID["start"], contribution=start)]
    for group, contribution in gave.items():
        if contribution:
            told.append(
                Feature(
                    name=group,
                    said=SAID[group] if (contribution > 0) == (group in FOR) else OTHERWISE.get(group, SAID[group]),
                    ours=ours.get(group),
                    theirs=theirs.get(group),
                    contribution=contribution,
                )
            )
    return told


def _gave(index: Index, compared: Compared, person: bool) -> tuple[float, dict[str, float]]:
    """What the log-odds by name come from: before anything is compared, and by what is told under one name."""
    if features.first_look(compared, person) < features.SECOND_LOOK:
        weights = features.row(person)
        gave = {n: w * v for n, w, v in zip(features.NAMES, weights[1:], features.values(compared), strict=True)}
        return weights[0], {group: sum(gave[m] for m in members) for group, members in GROUPS}
    row = trees.counted(compared)
    start, changed = index.engine.shares(person, row) if index.engine else trees.shares(trees.forests()[person], row)
    found = {group: share / trees.UNIT for group, share in trees.by_group(changed).items()}
    found["number_differs"] = features.number_differs(person) if compared.numbers == 2 else 0.0
    return start / trees.UNIT, found


def _picked(words: Sequence[str], mask: int) -> str:
    return "".join(w for k, w in enumerate(words) if mask >> k & 1)


def _words(
    index: Index, query: match.Query, name: int, met: list[tuple[int, int, int]]
) -> tuple[dict[str, str], dict[str, str]]:
    """For each group, the words of ours and theirs it speaks of; `met` holds bit masks of the words that met."""
    mine = query.name.words
    thine = [index.words[w] for w in index.tokens_of(index.token_at[name], index.token_at[name + 1])[0]]
    pairs = [(_picked(mine, a), _picked(thine, b), value) for a, b, value in sorted(met)]
    unlike = [p for p in pairs if p[2] < EXACT]
    used_ours = sum(a for a, _, _ in met)
    used_theirs = sum(b for _, b, _ in met)
    alone_ours = " ".join(w for k, w in enumerate(mine) if not used_ours >> k & 1)
    alone_theirs = " ".join(w for k, w in enumerate(thine) if not used_theirs >> k & 1)
    ours = {
        "words_met": " ".join(p[0] for p in pairs),
        "spelling": " ".join(p[0] for p in unlike),
        "words_ours_alone": alone_ours,
        "words_both_alone": alone_ours,
    }
    theirs = {
        "words_met": " ".join(p[1] for p in pairs),
        "spelling": " ".join(p[1] for p in unlike),
        "words_theirs_alone": alone_theirs,
        "words_both_alone": alone_theirs,
    }
    return ours, theirs
