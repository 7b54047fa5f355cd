"""One fact in the many words of orders and universities, and words that only look like it."""

from __future__ import annotations

import pytest

from ear_orders import abroad, answer, order, outcome, released

NLR, BY_EXCEPTION, REQUIRED = "no_licence_required", "exception_available", "licence_required"
OPEN, OUT = "undetermined", "not_subject"


def _end_user(words: str, country: str) -> list[dict[str, object]]:
    return [{"roles": ["end_user"], "description": words, "country": country}]


@pytest.mark.parametrize(
    "words",
    [
        "lawful permanent resident born in Iran",
        "LPR",
        "legal permanent resident",
        "Chinese national holding a US green card",
        "asylee",
        "refugee admitted to the United States",
        "naturalised US citizen born in China",
        "protected individual",
        "Chinese-born citizen of the United States",
    ],
)
def test_persons_who_are_not_foreign(words: str) -> None:
    """Citizens, permanent residents and protected persons are no foreign persons, however it is said."""
    assert outcome(released("3E001", "CN", party={"description": words})) == NLR


@pytest.mark.parametrize(
    "words",
    [
        "green card applicant",
        "student sponsored by a US citizen",
        "spouse of a green card holder",
        "engineer employed at a US national laboratory",
        "former US permanent resident",
        "engineer with a UK green card equivalent",
        "asylum seeker",
        "employee of a US citizen",
        "not a US citizen",
        "plans to apply for US permanent residence",
    ],
)
def test_persons_who_stay_foreign(words: str) -> None:
    """Whoever only stands near a citizen or hopes for a card stays a foreign person."""
    assert outcome(released("3E001", "CN", party={"description": words})) == REQUIRED


def test_a_foreign_residence_decides_in_place_of_an_older_citizenship() -> None:
    """A Chinese citizen who is a Canadian permanent resident counts as Canadian."""
    assert outcome(released("3E001", "CN", party={"description": "Canadian permanent resident"})) == NLR
    assert outcome(released("3E001", "CN", party={"description": "Chinese-born, now a Canadian citizen"})) == NLR
    assert (
        outcome(released("3E001", "CN", party={"description": "applied for Canadian permanent residence"})) == REQUIRED
    )


@pytest.mark.parametrize(
    "words",
    [
        "Doctoral thesis on file in the public university library",
        "Library books on metallurgy",
        "Talk at a meeting that anyone technically qualified may attend",
        "Conference proceedings available to attendees and the public",
        "University research with no restrictions on publication",
        "Software manual downloadable by anyone without registration or fee",
    ],
)
def test_what_is_open_to_all(words: str) -> None:
    """Libraries, open meetings and free downloads publish; research free to be published is fundamental."""
    assert outcome(order(None, "CN", item={"kind": "technology", "description": words})) == OUT


@pytest.mark.parametrize(
    "words",
    [
        "Manuscript that the sponsor has forbidden to publish",
        "Paper withdrawn before publication",
        "Unpublished patent application",
        "Know-how on magazine feeding mechanisms",
        "Report in a company library, open to employees only",
        "Design data for an open frame compressor",
        "Software downloaded after the vendor approves each customer",
    ],
)
def test_what_only_sounds_open(words: str) -> None:
    """A word such as "open" or "library" publishes nothing by itself."""
    assert outcome(order(None, "CN", item={"kind": "technology", "description": words})) == OPEN


@pytest.mark.parametrize(
    ("words", "licence"),
    [
        ("aircraft company with a civil and a military division", True),
        ("company supplying parts of military aircraft", True),
        ("shipyard that builds ferries and frigates for the navy", True),
        ("PLA hospital", True),
        ("university with defence laboratories", True),
        ("armed police unit", True),
        ("makes not only civil but also military radios", True),
        ("consumer electronics maker without military business", False),
        ("car maker with no military products", False),
        ("civil defence museum", False),
        ("civilian university hospital", False),
    ],
)
def test_military_end_users(words: str, licence: bool) -> None:
    """A firm with any military work is a military end user; one that says it has none is not."""
    got = outcome(order("3A991", "CN", parties=_end_user(words, "CN")))
    assert got == (REQUIRED if licence else NLR)


@pytest.mark.parametrize(
    ("code", "to", "words"),
    [
        ("3A991", "CN", "repair of naval radars"),
        ("3A991", "CN", "parts for fighter jets"),
        ("EAR99", "PK", "nuclear fuel enrichment"),
        ("EAR99", "PK", "missile launchers"),
    ],
)
def test_end_uses_of_concern(code: str, to: str, words: str) -> None:
    """The stated use is read in plain words as well as in those of the regulation."""
    assert outcome(order(code, to, end_use={"statement": words})) == REQUIRED


@pytest.mark.parametrize("words", ["detection of weapons at airports", "not for military use", "flood defence works"])
def test_end_uses_of_no_concern(words: str) -> None:
    """Words that deny or merely resemble a military use do not make one."""
    assert outcome(order("3A991", "CN", end_use={"statement": words})) == NLR


def test_a_named_firearm_needs_a_licence_whatever_its_entry() -> None:
    """A rifle or shotgun without a code needs a licence to the Americas; a rifle scope does not."""
    for words in ("Shotgun bought in the US", "Hunting rifle", "Used pistols for resale"):
        assert outcome(order(None, "CA", item={"kind": "commodity", "description": words})) == REQUIRED
    for words in ("Rifle scope", "Airsoft rifle", "Nail gun"):
        assert outcome(order(None, "CA", item={"kind": "commodity", "description": words})) == OPEN


def test_visitors_and_hunters_take_their_firearms_along() -> None:
    """BAG holds for every firearm that a visitor brought in or a citizen takes hunting, embargoes apart."""
    visitor = {"kind": "commodity", "description": "Own shotguns lawfully brought into the US earlier"}
    hunter = {"kind": "commodity", "description": "Shotgun of a US citizen, taken along for a hunting trip"}
    assert outcome(order(None, "CA", item=visitor)) == BY_EXCEPTION
    assert outcome(order(None, "CA", item=hunter)) == BY_EXCEPTION
    assert outcome(order(None, "VE", item=visitor)) == REQUIRED


def test_operation_training_goes_under_tsu_without_a_code() -> None:
    """Training on what was lawfully exported needs no code; design, and embargoed places, are not covered."""
    normal = {"kind": "technology", "description": "Normal customer training using the operating manuals"}
    design = {"kind": "technology", "description": "Training of the customer in design and manufacture"}
    missile = {"kind": "technology", "description": "Operating manual for a missile launcher"}
    assert outcome(order(None, "CN", activity="technical_assistance", item=normal)) == BY_EXCEPTION
    assert outcome(order(None, "CN", activity="technical_assistance", item=design)) == OPEN
    assert outcome(order(None, "CN", activity="technical_assistance", item=missile)) != BY_EXCEPTION
    assert outcome(order(None, "IR", activity="technical_assistance", item=normal)) == REQUIRED


def test_tools_of_trade_go_under_tmp_without_a_code() -> None:
    """A usual tool of trade that comes back needs no code outside embargoed places; one that is left there does."""
    tool = {"kind": "commodity", "description": "Survey instrument"}
    back = {"other": ["tool of trade", "back within one year"]}
    left = {"other": ["tool of trade", "left with the customer"]}
    assert outcome(order(None, "PE", item=tool, circumstances=back)) == BY_EXCEPTION
    assert outcome(order(None, "PE", item=tool, circumstances=left)) == OPEN
    assert outcome(order(None, "IR", item=tool, circumstances=back)) == REQUIRED
    police = {"kind": "commodity", "description": "Police restraint demonstration set"}
    assert outcome(order(None, "PE", item=police, circumstances=back)) == OPEN


@pytest.mark.parametrize("words", ["Blankets and children's clothing", "Canned food", "Toys", "Office furniture"])
def test_everyday_goods_are_ear99(words: str) -> None:
    """What is described by everyday words alone stands on no entry, and the answer prints that it assumes so."""
    got = answer(order(None, "NG", item={"kind": "commodity", "description": words}))
    assert got.outcome.value == NLR


@pytest.mark.parametrize(
    "words", ["Military clothing", "Food processing line", "Heavy water", "Toy drone", "Wool press"]
)
def test_one_word_more_and_nothing_is_presumed(words: str) -> None:
    """Anything beside the everyday words leaves the code open."""
    assert outcome(order(None, "NG", item={"kind": "commodity", "description": words})) == OPEN


def test_gift_parcels_within_the_limit_and_to_whom() -> None:
    """A parcel to a relative in Cuba goes under GFT; one above 800 dollars or to a minister does not."""
    parcel = {"kind": "commodity", "description": "Gift parcel with soap, clothing and a toy"}
    relative, minister = _end_user("relative", "CU"), _end_user("government minister", "CU")
    assert outcome(order(None, "CU", item=parcel, parties=relative)) == BY_EXCEPTION
    assert outcome(order(None, "CU", item=parcel, parties=minister)) == REQUIRED
    dear = [{"item": parcel, "value": {"amount": "801", "currency": "USD"}}]
    assert outcome(order(None, "CU", lines=dear, parties=relative)) == REQUIRED


def test_technology_for_another_agencys_goods_does_not_blur_the_rest() -> None:
    """Every commodity that 1E001 can be for, those of other agencies apart, needs a licence to China."""
    assert outcome(released("1E001", "CN")) == REQUIRED
    assert outcome(released("1E001", "CN", item={"serves": "1B201"})) == REQUIRED


def test_foreign_goods_without_us_content_are_outside() -> None:
    """A pump without US content is not subject; a computer may still be a direct product of US technology."""
    assert outcome(abroad(None, "BR", "IR", description="Pump", us_content=0)) == OUT
    assert outcome(abroad(None, "BR", "IR", description="Rack server", us_content=0)) == OPEN


def test_encryption_without_a_paragraph_is_ordinary_encryption() -> None:
    """ENC is not blocked by the advanced-computing paragraphs when nothing points to them."""
    sub = _end_user("subsidiary of a US company", "CN")
    assert outcome(order("5D002", "CN", parties=sub)) == BY_EXCEPTION
    assert outcome(order("5D002.z.1.a", "CN", parties=sub)) == REQUIRED
    own = {"description": "Self-classified encryption product under 740.17(b)(1)"}
    assert outcome(order("5A002", "BR", item=own)) == BY_EXCEPTION


@pytest.mark.parametrize(
    "words", ["Wine and spirits", "Beer", "Cigarettes and tobacco", "Fish-finding sonar", "Castor beans"]
)
def test_drink_and_tobacco_are_no_food(words: str) -> None:
    """Food for North Korea, Syria and the occupied regions leaves out alcohol; what merely names food is none."""
    for place in ("KP", "UA-43"):
        assert outcome(order("EAR99", place, item={"kind": "commodity", "description": words})) == REQUIRED
    assert outcome(order("EAR99", "KP", item={"kind": "commodity", "description": "Powdered milk"})) == NLR


def test_a_special_make_that_nothing_points_to_is_not_asked_about() -> None:
    """Fingerprint computers are asked about only where words point to police work; else the answer is definite."""
    plain = {"kind": "commodity", "description": "Interconnect equipment for computers"}
    police = {"kind": "commodity", "description": "Interconnect for a fingerprint computer of the police"}
    assert outcome(order("4A003.g", "BR", item=plain)) == BY_EXCEPTION
    assert outcome(order("4A003.g", "BR", item=police)) == REQUIRED


def test_a_barrel_length_in_the_description_counts() -> None:
    """A shotgun of 20 inches is below 24 and above 18 inches."""
    gun = {"kind": "commodity", "description": "Shotgun with a 20-inch barrel"}
    got = answer(order("0A502", "BR", item=gun))
    assert got.outcome.value == REQUIRED
    assert not {q.fact for q in got.missing} & {"ccl.shotgun_barrel_under_18_in", "ccl.shotgun_barrel_24_in_or_more"}


def test_sales_data_that_disclose_no_design() -> None:
    """A denial of detailed design does not read as detailed design."""
    quiet = {
        "kind": "technology",
        "description": "Sales technology supporting a quotation, not disclosing detailed design",
    }
    loud = {"kind": "technology", "description": "Quotation data with detailed design drawings"}
    assert outcome(order("2E001", "TH", item=quiet)) == BY_EXCEPTION
    assert outcome(order("2E001", "TH", item=loud)) != BY_EXCEPTION


def test_cloud_services_and_what_is_sent_along() -> None:
    """What a customer uploads is the customer's; a client program sent along is an item."""
    alone = {"kind": "service", "description": "Computing service used through a browser, nothing downloaded"}
    client = {"kind": "service", "description": "Cloud service that includes client software sent to the user"}
    assert outcome(order(None, "CN", activity="service", item=alone)) == OUT
    assert outcome(order(None, "CN", activity="service", item=client)) == OPEN
    held = {"description": "Technology that a customer uploaded to the provider's servers"}
    assert outcome(released(None, "CN", item=held)) == NLR


def test_teaching_in_a_university_class() -> None:
    """Instruction in a university class is outside; a company's own course is not."""
    taught = {"description": "Teaching of engineering principles in a university class"}
    course = {"description": "Proprietary course of a company on its process"}
    assert outcome(released(None, "CN", item=taught)) == OUT
    assert outcome(released(None, "CN", item=course)) == OPEN


@pytest.mark.parametrize(
    "words",
    [
        "Research whose sponsor decides what may be published",
        "Seminar for customers under a non-disclosure agreement",
        "Presentation at a trade association meeting open to members only",
        "Results of contract research that belong to the customer",
        "Internal standard of a company",
        "Open-pit mining technology",
        "Published price list for technology that itself stays secret",
    ],
)
def test_limits_on_who_may_learn_of_it(words: str) -> None:
    """Whoever limits the circle, or decides on publication, does not publish."""
    assert outcome(order(None, "CN", item={"kind": "technology", "description": words})) == OPEN


@pytest.mark.parametrize(
    "words",
    [
        "Poster at an open conference",
        "Document in an open stack library of a university",
        "Research results that the scientists may publish freely although a sponsor pays",
        "Paper accepted by a journal and about to appear",
        "Graduate course on integrated circuits listed in the course catalogue",
        "Article sent to co-authors abroad for comment",
        "Standards document that anyone can buy",
    ],
)
def test_openness_in_other_words(words: str) -> None:
    """Open meetings, libraries, journals and courses are named in many ways."""
    assert outcome(order(None, "CN", item={"kind": "technology", "description": words})) == OUT


def test_replacement_and_return_without_a_code() -> None:
    """RPL holds for a one-for-one replacement and a return after servicing; an upgrade, or China, asks for the code."""
    board = {"kind": "commodity", "description": "One-for-one replacement of a defective board in an exported machine"}
    repaired = {"kind": "commodity", "description": "Instrument returned to its owner after repair"}
    better = {"kind": "commodity", "description": "Upgraded board, one-for-one replacement of a defective board"}
    for item, to, expected in [
        (board, "BR", BY_EXCEPTION),
        (repaired, "BR", BY_EXCEPTION),
        (better, "BR", OPEN),
        (board, "CN", OPEN),
        (repaired, "IR", REQUIRED),
    ]:
        assert outcome(order(None, to, item=item)) == expected, (item, to)
