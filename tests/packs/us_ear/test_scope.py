"""Part 734: what is subject to the EAR, what is no export, and to whom a release goes."""

from __future__ import annotations

import pytest

from ear_orders import abroad, answer, order, outcome, released

NLR, REQUIRED, OPEN, OUT = "no_licence_required", "licence_required", "undetermined", "not_subject"


@pytest.mark.parametrize("to", ["PR", "GU", "VI", "US"])
def test_territories_are_domestic(to: str) -> None:
    """Shipping to Puerto Rico is no export, whatever the item."""
    assert outcome(order("9A610.x", to)) == NLR
    assert outcome(order(None, to)) == NLR


def test_passing_through_puerto_rico_is_an_export_all_the_same() -> None:
    """The final destination counts."""
    assert outcome(order(None, "VE", route={"transit": ["PR"]})) == OPEN


@pytest.mark.parametrize(
    "words",
    [
        "Published textbook on radar design",
        "Paper given at a conference open to all technically qualified members of the public, notes allowed",
        "Results of basic and applied university research intended for open publication",
        "Content of a catalogue course taught to foreign students",
        "Technology disclosed in a published patent application",
    ],
)
def test_open_information_is_outside(words: str) -> None:
    """Published, fundamental research, taught, patented: not subject, whoever receives it."""
    assert outcome(released(None, "IR", item={"description": words})) == OUT


@pytest.mark.parametrize(
    "words",
    [
        "Unpublished paper on radar design",
        "Research results; the sponsor has the right to withhold publication",
        "Paper given at a closed conference by invitation only",
        "Proprietary process data",
    ],
)
def test_closed_information_is_inside(words: str) -> None:
    """A restriction takes it out of the exclusion, and the code is asked for."""
    got = answer(released(None, "CN", item={"description": words}))
    assert got.outcome.value == OPEN
    assert "item.control" in {q.fact for q in got.missing}


def test_published_encryption_software_stays_subject() -> None:
    """5D002 software is not freed by being published unless 742.15(b) is met."""
    item = {"kind": "software", "description": "published encryption software"}
    assert outcome(order("5D002.c.1", "CN", item=item)) == REQUIRED
    facts = {"item.encryption_public_source": True}
    assert outcome(order("5D002.c.1", "CN", item=item, facts=facts)) == OUT


def test_commodities_are_never_published() -> None:
    """A published design does not free the machine."""
    assert outcome(order("2B001.b.2", "CN", item={"description": "machine of a published design"})) == REQUIRED


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("foreign-born researcher with US permanent residence", NLR),
        ("green card holder", NLR),
        ("person granted refugee or asylum protection in the US", NLR),
        ("naturalised US citizen", NLR),
        ("visiting engineer on a work visa", REQUIRED),
        ("green card applicant on an H-1B visa", REQUIRED),
        ("lawful permanent resident of Pakistan", REQUIRED),
        ("engineer granted asylum in Germany", REQUIRED),
    ],
)
def test_status_of_the_recipient(words: str, expected: str) -> None:
    """Permanent residents and protected persons are no foreign persons; visa holders and applicants are."""
    assert outcome(released("3E001", "CN", party={"description": words})) == expected


def test_the_most_recent_citizenship_decides() -> None:
    """Stated, it decides; two different ones leave the question open."""
    facts = {"recipient.most_recent_country": "CA"}
    assert outcome(released("3E001", "IR", facts=facts)) == NLR
    two = {"nationalities": ["IR"], "permanent_residence": "CA"}
    assert outcome(released("3E001", "IR", party=two)) == OPEN


def test_a_later_residence_is_read_from_words() -> None:
    """An Iranian national who is a permanent resident of Canada counts as Canadian."""
    party = {"description": "Iranian national who is a permanent resident of Canada"}
    assert outcome(released("3E001", "IR", party=party)) == NLR


def test_a_commodity_is_not_released() -> None:
    """Letting a foreign colleague use a machine releases nothing."""
    assert outcome(released("2B001.b.2", "CN", item={"kind": "commodity"})) == NLR


def test_a_service_alone_is_no_item() -> None:
    """Computing as a service is outside; a client program sent along is not."""
    alone = order(None, None, activity="service", item={"kind": "service", "description": "computing capacity"})
    assert outcome(alone) == OUT
    facts = {"service.transfers_items": True}
    assert outcome(order(None, "CN", activity="service", item={"kind": "service"}, facts=facts)) == OPEN


@pytest.mark.parametrize(
    ("to", "extra"),
    [
        ("IE", {}),
        ("IE", {"transfer.stored_in_d5": True}),
        ("IE", {"transfer.keys_released": True}),
        ("IE", {"transfer.only_stored_or_in_transit": False}),
        ("CN", {}),
    ],
)
def test_end_to_end_encryption(to: str, extra: dict[str, bool]) -> None:
    """Stored encrypted in Ireland it is no export; stored in China, sent with its keys or read there it is."""
    facts = {"transfer.encrypted_end_to_end": True, "transfer.only_stored_or_in_transit": True, **extra}
    item = {"serves": "3A001.a.7"}
    free = outcome(order("3E001", to, item=item, facts=facts)) == NLR
    assert free is (to == "IE" and not extra)


def test_a_foreign_item_is_not_us_origin_by_default() -> None:
    """A foreign exporter's foreign item is not presumed subject: the content is asked."""
    got = answer(abroad("3A001.a.7", "DE", "CN"))
    assert got.outcome.value == OPEN
    assert {"content.controlled_share", "item.us_controlled_content"} & {q.fact for q in got.missing}


def test_us_origin_follows_the_item() -> None:
    """US origin is subject wherever it is, said in a field or in words."""
    assert outcome(abroad("3A001.a.7", "DE", "CN", origin="US")) == REQUIRED
    words = order("3A001.a.7", "CN", activity="reexport", exporter_country="DE", item={"description": "US-origin FPGA"})
    assert outcome(words) == REQUIRED


def test_passing_through_a_listed_country_needs_a_licence_there() -> None:
    """General Prohibition 8: a 9x515 part by way of Kazakhstan."""
    got = answer(order("9A515.x", "GB", route={"transit": ["RU"]}))
    assert "736.2(b)(8)" in got.reasons


def test_an_item_under_another_agency_is_outside() -> None:
    """ITAR items are State's."""
    assert outcome(order(None, "CN", item={"description": "rifle scope subject to the ITAR"})) == OUT


def test_an_authorised_company_may_release_to_a5_staff() -> None:
    """734.20(b)."""
    facts = dict.fromkeys(
        ("recipient.entity_authorised", "recipient.bona_fide_employee", "recipient.a5_nationals_only"), True
    )
    party = {"roles": ["recipient"], "nationalities": ["DE"]}
    whole = {"activity": "deemed_reexport", "exporter_country": "JP", "parties": [party]}
    item = {"kind": "technology", "origin": "US", "serves": "3A001.a.7"}
    assert outcome(order("3E001", "JP", item=item, facts=facts, **whole)) == NLR
    assert outcome(order("3E001", "JP", item=item, **whole)) != NLR


def test_software_used_from_afar_is_not_sent() -> None:
    """A hosted program is a service; a program that is installed is an export."""
    hosted = {"kind": "software", "description": "CAD software offered as a service, accessed remotely"}
    assert outcome(order("EAR99", "CN", item=hosted)) == OUT
    assert outcome(order("EAR99", "CN", item={"kind": "software", "description": "CAD software"})) == NLR


def test_a_weapon_is_not_ear99_by_being_called_so() -> None:
    """The US Munitions List comes first: an open question, settled by a ruling."""
    item = {"kind": "commodity", "description": "actuator specially designed for cruise missiles"}
    got = answer(order("EAR99", "JP", item=item))
    assert got.outcome.value == OPEN
    assert got.missing[0].fact == "item.jurisdiction_settled"
    assert outcome(order("EAR99", "JP", item=item, facts={"item.jurisdiction_settled": True})) == NLR


def test_software_loaded_on_a_laptop_keeps_its_control() -> None:
    """5A992.c is free to Brazil, the 5D002 program on it is not; one that is free itself changes nothing."""

    def laptop(software: str) -> str:
        part = {"description": "software", "kind": "software", "codes": {"us_ccl": software}}
        return outcome(order("5A992.c", "BR", item={"kind": "commodity", "components": [part]}))

    assert laptop("5D002.c.1") == REQUIRED
    assert laptop("5D992.c") == NLR


@pytest.mark.parametrize(
    ("code", "country", "expected"),
    [
        ("3E901", "CN", "exception_available"),
        ("3E905", "DE", NLR),
        ("2E910", "IN", NLR),
        ("2E910", "CN", REQUIRED),
    ],
)
def test_releases_of_emerging_technology(code: str, country: str, expected: str) -> None:
    """Worldwide controls of September 2024: only D:1 and D:5 nationals are caught; quantum has General Order No. 6."""
    assert outcome(released(code, country)) == expected


@pytest.mark.parametrize(
    ("code", "through", "expected"),
    [("3A991", "RU", REQUIRED), ("EAR99", "RU", OPEN), ("3A991", "UA", NLR), ("3A991", "DE", NLR)],
)
def test_goods_by_way_of_a_listed_country(code: str, through: str, expected: str) -> None:
    """General Prohibition 8 asks whether the item could go to the country it passes through."""
    assert outcome(order(code, "KZ", route={"transit": [through]})) == expected


def test_a_munitions_list_code_is_the_state_departments() -> None:
    """An item with a USML category and no ECCN is outside the EAR."""
    assert outcome(order(None, "FR", item={"codes": {"us_usml": "XI(c)"}})) == OUT


@pytest.mark.parametrize("words", ["Vaccine refrigerators", "Milk packaging machines", "Software tender documents"])
def test_words_that_only_look_like_the_goods(words: str) -> None:
    """A refrigerator for vaccines is no medicine, a packaging machine no food."""
    assert outcome(order("EAR99", "SY", item={"kind": "commodity", "description": words})) != NLR


def test_a_published_tender_publishes_no_technology() -> None:
    """The notice is public, the know-how is not."""
    told = {"circumstances": {"documents": "published tender notice"}}
    assert outcome(released(None, "CN", item={"description": "radar know-how"}, **told)) == OPEN


def test_free_for_anyone_without_restriction_is_published() -> None:
    """A restriction named only to be denied is none."""
    item = {"kind": "software", "description": "Software distributed free of charge to anyone without restriction"}
    assert outcome(order(None, "DE", item=item)) == OUT


def test_a_release_under_a_commoditys_code_is_not_taken_for_a_commodity() -> None:
    """Who writes 3A001 for the technology of a 3A001 circuit still releases technology."""
    party = {"roles": ["recipient"], "nationalities": ["CN"]}
    silent = order("3A001.a.7", "US", activity="deemed_export", parties=[party])
    assert outcome(silent) == REQUIRED
