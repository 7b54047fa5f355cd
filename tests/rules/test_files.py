"""Reading a pack: each mistake is refused with file, line, field and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from enduse.errors import RuleError
from enduse.rules.files import digest_of, read_pack
from enduse.shelf import OURS, pack_files

RULE = """
id = "zz.9-1"
title = "Bells"

[[versions]]
from = 2020-01-01
effect = "requires"
reason = "BELLS"
when = { fact = "item.handmade", is = true }
says = "Bells need a licence."
cites = [{ source = "Trade Act 2020", pinpoint = "s. 9(1)" }]
"""


def files(**changed: str) -> dict[str, bytes]:
    """Ruritania's files with some of them put differently (`rules__9` is `rules/9.toml`)."""
    names = {k.replace("__", "/") + ".toml": v.encode() for k, v in changed.items()}
    return {**pack_files(OURS / "zz_ruritania"), **names}


def refusal(found: Mapping[str, bytes]) -> RuleError:
    """The refusal of these files."""
    with pytest.raises(RuleError) as error:
        read_pack(found)
    return error.value


def test_the_template_reads() -> None:
    """And a further rule beside it."""
    pack = read_pack(files(rules__9=RULE))
    assert "zz.9-1" in {r.id for r in pack.rules}
    assert next(r for r in pack.rules if r.id == "zz.9-1").at(date(2020, 1, 1)) is not None


@pytest.mark.parametrize(
    ("old", "new", "message", "hint", "line"),
    [
        ("item.handmade", "item.handmaid", "unknown fact 'item.handmaid'", "did you mean 'item.handmade'?", 9),
        ("is = true", 'is = "yes"', "item.handmade is a flag and cannot be asked `is yes`", "a flag takes is", 9),
        ("is = true", "above = 3", "cannot be asked `above 3`", "a flag takes is", 9),
        ('reason = "BELLS"', "", "must give its `reason`", "problem", None),
        ('effect = "requires"', 'effect = "forbids"', "effect", "problem", 7),
        ("says =", "sais =", "sais", "problem", 10),
        ('"s. 9(1)" }]', '"s. 9(1)", page = 3 }]', "page", "problem", 11),
        ('[{ source = "Trade Act 2020", pinpoint = "s. 9(1)" }]', "[]", "at least 1 item", "problem", 11),
        ('id = "zz.9-1"', 'id = "Zz 9"', "id", "problem", 2),
        (
            "from = 2020-01-01",
            "from = 2020-01-01\nto = 2019-01-01",
            "ends on 2019-01-01, before it begins",
            "problem",
            None,
        ),
        ("from = 2020-01-01", 'from = "soon"', "from", "problem", 6),
        ("is = true }", "is = true, above = 3 }", "exactly one of", "problem", None),
        ("when = {", "when = {{", "", "the file must be TOML in UTF-8", None),
    ],
)
def test_a_mistake_in_a_rule_is_refused_with_its_place(
    old: str, new: str, message: str, hint: str, line: int | None
) -> None:
    """File, line as far as it can be told, what is wrong, what to do."""
    assert old in RULE
    error = refusal(files(rules__9=RULE.replace(old, new)))
    assert message in error.message
    assert hint in error.hint
    assert error.place.startswith("rules/9.toml")
    if line is not None:
        assert error.place == f"rules/9.toml:{line}"


def test_a_code_written_as_a_number_is_refused() -> None:
    """5E002 unquoted reads as 500 and is no code."""
    error = refusal(
        files(rules__9=RULE.replace('fact = "item.handmade", is = true', 'fact = "item.control", is = 5E002'))
    )
    assert error.place.startswith("rules/9.toml")


def test_a_value_the_fact_never_takes_is_refused() -> None:
    """A closed list of values is closed for rules too."""
    facts = '[[facts]]\nname = "item.finish"\nkind = "text"\nvalues = ["matt", "gloss"]\nquestion = "Which finish?"\n'
    rule = RULE.replace('"item.handmade", is = true', '"item.finish", is = "glossy"')
    error = refusal(files(facts__more=facts, rules__9=rule))
    assert error.message == "zz.9-1: item.finish never is 'glossy'"
    assert error.hint == "values: matt, gloss"


@pytest.mark.parametrize(
    ("reference", "hint"),
    [("@country_group:Duchies", "country_groups"), ("@country_groups:Duchy", "Duchies"), ("@x:y", "tables:")],
)
def test_an_absent_table_or_key_is_refused_with_the_nearest(reference: str, hint: str) -> None:
    """Nobody is in a group that does not exist; that must not pass for "no"."""
    rule = RULE.replace('"item.handmade", is = true', f'"transaction.destination", in = "{reference}"')
    error = refusal(files(rules__9=rule))
    assert f"no table {reference}" in error.message
    assert hint in error.hint


def test_two_rules_with_one_id_are_refused() -> None:
    """Amend by adding a version."""
    error = refusal(files(rules__8=RULE, rules__9=RULE))
    assert error.message == "zz.9-1 is defined twice"
    assert error.place == "rules/8.toml, rules/9.toml"


def test_a_fact_declared_twice_is_refused() -> None:
    """Also when a core fact is declared again."""
    again = '[[facts]]\nname = "item.control"\nkind = "code"\nquestion = "Which?"\n'
    assert refusal(files(facts__more=again)).message == "item.control is declared twice"


def test_a_reading_of_an_unknown_fact_or_a_broken_expression_is_refused() -> None:
    """Words can only be read into facts that exist and may be stated."""
    reading = '[[readings]]\nfact = "{}"\nwhere = ["item"]\nwords = ["{}"]\n'
    assert "cannot be read from text" in refusal(files(readings=reading.format("no.such", "x"))).message
    assert "cannot be read from text" in refusal(files(readings=reading.format("item.control", "x"))).message
    assert "regular expression" in refusal(files(readings=reading.format("item.handmade", "("))).message


def test_a_table_row_that_does_not_fit_its_header_is_refused() -> None:
    """With its row."""
    broken = {**files(), "tables/more.csv": b"group,place\nA,FR\nB\n"}
    error = refusal(broken)
    assert error.place == "tables/more.csv:3"


def test_a_pack_without_its_own_statement_is_refused() -> None:
    """pack.toml says what it is."""
    found = files()
    del found["pack.toml"]
    assert refusal(found).place == "pack.toml"


def test_a_pack_with_a_control_list_says_what_an_unstated_code_means() -> None:
    """Silence about the code must not pass for "not controlled"."""
    text = files()["pack.toml"].decode()
    assert "[unknown_code]" in text
    head, _, rest = text.partition("[unknown_code]")
    error = refusal(files(pack=head + "[unknown_place]" + rest.partition("[unknown_place]")[2]))
    assert "[unknown_code]" in error.message


def test_the_digest_depends_on_every_byte_and_name() -> None:
    """And on nothing else."""
    found = files()
    assert digest_of(found) == digest_of(dict(reversed(list(found.items()))))
    assert digest_of({**found, "facts.toml": found["facts.toml"] + b"\n"}) != digest_of(found)
    assert digest_of({"a": b"x"}) != digest_of({"b": b"x"})
