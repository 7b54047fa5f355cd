"""Who takes part, as facts and outcomes: listings, footnotes, owners, and what descriptions say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from enduse.model.listing import ListedName, ListedParty
from enduse.model.party import Owner, Party, Role
from enduse.model.transaction import Activity, EndUse, Line, Transaction
from enduse.packs.us_ear.derive.parties import derive
from enduse.rules.facts import Facts, flatten
from enduse.rules.pack import Listed, Listings, Question
from enduse.rules.readings import read
from enduse.shelf import open_pack

DAY = date(2026, 8, 15)


def order(code: str | None = "3A991", place: str = "CN", *parties: Party, use: str | None = None) -> Transaction:
    """An order from the United States."""
    codes = {"us_ccl": code} if code else {}
    line = Line.model_validate({"item": {"description": "goods", "kind": "commodity", "codes": codes}})
    return Transaction(
        activity=Activity.EXPORT,
        exporter_country="US",
        destination=place,
        lines=(line,),
        parties=parties,
        end_use=EndUse(statement=use),
    )


def derived(transaction: Transaction, listings: Listings = Listings()) -> Facts:
    """What the parties module finds, on top of the plain facts."""
    pack = open_pack("us_ear")
    facts = Facts(pack.types, flatten(transaction, 1, control_list="us_ccl"))
    tables = pack.at(DAY).tables
    return facts.with_(derive(Question(transaction, 1, facts, tables, listings)))


def entry(text: str | None = None, *, source: str = "EL", programmes: tuple[str, ...] = ()) -> ListedParty:
    """One entry of the Consolidated Screening List, made up."""
    return ListedParty(
        list="us_csl",
        id="1",
        source=source,
        names=(ListedName(text="Zenda Works"),),
        licence_requirement=text,
        programmes=programmes,
    )


def on_list(tag: str, party: Party, *, certain: bool = True, of: ListedParty | None = None) -> Listings:
    """One hit, on lists that were all asked."""
    return Listings((Listed(party, tag, certain, "Zenda Works matches", of),), {"us_csl": "2026-08-10"})


BUYER = Party(name="Zenda Works", roles=(Role.PURCHASER,))
ALL_ITEMS = "For all items subject to the EAR. (See §744.11 of the EAR)"


@pytest.mark.parametrize("role", [Role.PURCHASER, Role.INTERMEDIATE_CONSIGNEE, Role.ULTIMATE_CONSIGNEE, Role.END_USER])
def test_the_four_roles_of_748_5_count(role: Role):
    """An Entity List party in any of them makes the listing a fact."""
    party = Party(name="Zenda Works", roles=(role,))
    assert derived(order("EAR99", "CN", party), on_list("us_csl:EL", party)).flag("parties.entity_list") is True


def test_a_seller_on_the_entity_list_sets_no_requirement_but_a_denied_one_does():
    """748.5(c) to (f) leave out the seller; a denial order binds whoever takes part."""
    seller = Party(name="Zenda Works", roles=(Role.SELLER,))
    assert derived(order("EAR99", "CN", seller), on_list("us_csl:EL", seller)).flag("parties.entity_list") is False
    assert derived(order("EAR99", "CN", seller), on_list("us_csl:DPL", seller)).flag("parties.denied") is True


def test_a_listed_forwarder_is_a_question():
    """A forwarder may be an intermediate consignee, so the listing is neither yes nor no."""
    party = Party(name="Zenda Works", roles=(Role.FORWARDER,))
    fact = derived(order("EAR99", "CN", party), on_list("us_csl:EL", party)).get("parties.entity_list")
    assert fact is not None
    assert fact.value is None


def test_an_uncertain_hit_is_unknown_and_silence_is_an_assumption():
    """A possible match is unknown; a list asked without a hit is a plain no; a list not asked is left to assumption."""
    unsure = derived(order("EAR99", "CN", BUYER), on_list("us_csl:EL", BUYER, certain=False)).get("parties.entity_list")
    assert unsure is not None
    assert (unsure.value, unsure.assumed) == (None, False)
    asked = derived(order("EAR99", "CN", BUYER), Listings((), {"us_csl": "2026-08-10"})).get("parties.entity_list")
    assert asked is not None
    assert (asked.value, asked.assumed) == (False, False)
    assert "2026-08-10" in asked.evidence
    silent = derived(order("EAR99", "CN", BUYER)).get("parties.entity_list")
    assert silent is not None
    assert (silent.value, silent.assumed) == (False, True)


@pytest.mark.parametrize(
    ("text", "code", "left_out"),
    [
        (ALL_ITEMS, "EAR99", False),
        ("For all items on the CCL (see §744.11)", "EAR99", True),
        ("For all items on the CCL (see §744.11)", "3A991", False),
        ("All items subject to the EAR not designated as EAR99", "EAR99", True),
        ("For all items on the CCL and whatever else the Secretary lists", "EAR99", None),
        ("For any item subject to the EAR listed in supplement no. 2 to part 744", "3A991", False),
        ("For any item subject to the EAR listed in supplement no. 2 to part 744", "EAR99", True),
        ("For any item subject to the EAR listed in supplement no. 2 to part 744", "2A991", None),
        ("Whatever the Secretary may think fit", "EAR99", None),
    ],
)
def test_the_entrys_own_requirement_sets_the_extent(text: str, code: str, left_out: bool | None):
    """What an entry surely leaves out is left out; what it covers is not; what cannot be read stays unknown."""
    facts = derived(order(code, "CN", BUYER), on_list("us_csl:EL", BUYER, of=entry(text)))
    assert facts.flag("parties.entity_list") is True
    assert facts.flag("parties.entity_list_leaves_out") is left_out


def test_each_publisher_s_own_list_counts_too():
    """The Bureau's own lists, with or without a part, are the same lists."""
    for tag in ("us_bis_entity_list", "us_bis_entity_list:EL"):
        assert derived(order("EAR99", "CN", BUYER), on_list(tag, BUYER)).flag("parties.entity_list") is True


def test_footnotes_are_read_from_the_entry():
    """Footnote 4 of the entry is a fact; the others are not."""
    text = "For all items subject to the EAR. (See §§734.9(e)(2) and 744.11 of the EAR)"
    facts = derived(order("EAR99", "CN", BUYER), on_list("us_csl:EL", BUYER, of=entry(text)))
    assert facts.flag("parties.entity_list_footnote_4") is True
    assert facts.flag("parties.entity_list_footnote_1") is False


def test_only_the_programmes_of_744_8_count():
    """A party blocked as a terrorist counts; one blocked under another programme does not."""
    terror = entry(source="SDN", programmes=("SDGT",))
    other = entry(source="SDN", programmes=("GLOMAG",))
    assert derived(order("EAR99", "AE", BUYER), on_list("us_csl:SDN", BUYER, of=terror)).flag("parties.sdn_programme")
    facts = derived(order("EAR99", "AE", BUYER), on_list("us_csl:SDN", BUYER, of=other))
    assert facts.flag("parties.sdn_programme") is False
    assert facts.flag("parties.sdn") is True


def test_half_owned_by_listed_parties_is_a_fact_and_less_is_a_red_flag():
    """Two listed owners with 25 each make half; one with 30 is only an owner; an unknown share cannot be told."""

    def buyer(*owners: Owner) -> Party:
        return Party(name="Strelsau Trading", roles=(Role.PURCHASER,), owners=owners)

    def listed(share: int | None) -> Owner:
        return Owner(name="Zenda", share=None if share is None else Decimal(share), listed_on=("us_csl:EL",))

    half = derived(order("EAR99", "AE", buyer(listed(25), listed(25))))
    assert half.flag("parties.owned_by_listed") is True
    less = derived(order("EAR99", "AE", buyer(listed(30))))
    assert less.flag("parties.owned_by_listed") is False
    assert less.flag("parties.owner_listed") is True
    unsure = derived(order("EAR99", "AE", buyer(listed(None)))).get("parties.owned_by_listed")
    assert unsure is not None
    assert unsure.value is None
    none = derived(order("EAR99", "AE", BUYER))
    assert "parties.owned_by_listed" not in none.known()


@pytest.mark.parametrize(("code", "inside"), [("3A991.a.1", True), ("EAR99", False), ("4A994", None), ("9A012", None)])
def test_the_supplement_of_military_items(code: str, inside: bool | None):
    """Whole entries are in, others out, and entries listed only in part ask."""
    assert derived(order(code, "CN")).flag("item.military_supplement") is inside


def test_the_parent_in_china_is_seen_from_the_owners():
    """A Singapore firm owned from China is known to be headquartered there; one owned from Japan is not."""
    chinese = Party(name="A", roles=(Role.END_USER,), country="SG", owners=(Owner(name="P", country="CN"),))
    assert derived(order("3A090.a", "SG", chinese)).flag("parties.headquartered_d5") is True
    japanese = chinese.model_copy(update={"owners": (Owner(name="P", country="JP"),)})
    assert "parties.headquartered_d5" not in derived(order("3A090.a", "SG", japanese)).known()


@pytest.mark.parametrize(
    ("words", "military"),
    [
        ("company that also develops and produces military items", True),
        ("aerospace firm that makes munitions", True),
        ("Ministry of Defence", True),
        ("naval shipyard of the navy", True),
        ("arms manufacturer", True),
        ("military medical university", True),
        ("defence contractor", True),
        ("private manufacturer of kitchen goods", False),
        ("non-military research institute", False),
        ("public hospital", False),
        ("municipal water company", False),
    ],
)
def test_descriptions_of_military_end_users(words: str, military: bool):
    """The trade's ways of saying it are read; civil bodies are not."""
    party = Party(roles=(Role.END_USER,), description=words)
    found = read(order("3A991", "CN", party), 1, open_pack("us_ear").readings)
    assert ("end_user.military" in found) is military


@pytest.mark.parametrize(
    ("words", "fact"),
    [
        ("uranium enrichment plant", "end_use.nuclear"),
        ("production of ballistic missiles", "end_use.missile"),
        ("manufacture of chemical weapons", "end_use.chemical_biological"),
        ("repair of military aircraft", "end_use.military"),
        ("for the army", "end_use.military"),
        ("supercomputer centre", "end_use.supercomputer"),
        ("logic chips at 7 nm", "end_use.advanced_node"),
        ("development of semiconductor manufacturing equipment", "end_use.sme"),
        ("nuclear submarine project", "end_use.nuclear_propulsion"),
        ("civil production line", None),
        ("nuclear medicine in a hospital", None),
        ("detection of chemical warfare agents in airports", None),
        ("university research, no publication restriction accepted", None),
    ],
)
def test_stated_end_uses(words: str, fact: str | None):
    """What the statement says is read as the fact the law asks about, and ordinary uses as none of them."""
    found = read(order("3A991", "CN", use=words), 1, open_pack("us_ear").readings)
    uses = {n for n in found if n.startswith("end_use.")}
    assert uses == ({fact} if fact else set())
