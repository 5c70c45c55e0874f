"""The category tree: shape, routing, secrecy, urgency, words (categories.md)."""

from collections import Counter
from dataclasses import replace

import pytest

from webapp.cases.categories import (
    Category,
    UnknownCategory,
    category,
    children,
    codes_within,
    emergency_numbers,
    first_handlers,
    handlers,
    is_secret,
    is_urgent,
    never_public,
    pictures,
    priorities,
    search,
    source_groups,
    tree,
    urgencies,
)
from webapp.cases.category_table import check_category_table, load_category_table
from webapp.cases.workflow import WASTE_SOURCES
from webapp.core.data_files import DataFileError
from webapp.core.search_text import fold


def every_category() -> list[Category]:
    return list(load_category_table().nodes.values())


def codes(found: tuple[Category, ...]) -> list[str]:
    return [node.code for node in found]


def test_nine_pictures_in_order() -> None:
    assert codes(pictures()) == [
        "p_waste", "p_smoke", "p_water", "p_barn", "p_chemical",
        "p_plant", "p_land", "p_noise", "unsure",
    ]  # fmt: skip


def test_whole_tree_is_there() -> None:
    assert Counter(node.depth for node in every_category()) == {0: 9, 1: 24, 2: 95}
    assert sum(len(codes_within(picture.code)) for picture in pictures()) == 128


@pytest.mark.parametrize(
    ("picture", "below"),
    [
        ("p_waste", "waste_collection dumping unsorted plastic disaster_waste market"),
        ("p_smoke", "air burning"),
        ("p_water", "water stream drainage"),
        ("p_barn", "livestock slaughter"),
        ("p_chemical", "pesticide hazardous hospital"),
        ("p_plant", "industry construction"),
        ("p_land", "extraction forest"),
        ("p_noise", "noise"),
        ("unsure", "burial dispute idea"),
    ],
)
def test_categories_below_each_picture(picture: str, below: str) -> None:
    assert set(codes(children(picture))) == set(below.split())


def test_tree_nests_pictures_categories_and_subs() -> None:
    waste = tree()[0]
    assert waste.category.code == "p_waste"
    assert waste.branches[0].branches[0].category.label.vi == "Xe không đến lấy rác"


def test_urgent_are_exactly_those_listed() -> None:
    assert {node.code for node in every_category() if is_urgent(node.code)} == {
        "burning.industrial_burn", "burning.dump_fire", "water.fish_kill", "stream.intake",
        "hazardous.chemical", "hazardous.unknown_drum", "livestock.outbreak", "hospital.sharps",
        "industry.tailings", "forest.fire_forest",
    }  # fmt: skip


def test_secret_are_exactly_those_listed() -> None:
    secret = {node.code for node in every_category() if is_secret(node.code)}
    assert secret == codes_within("extraction") | codes_within("hazardous") | {"forest.logging"}
    assert all(category(code).precision_m == 1000 for code in secret)


def test_never_public_are_exactly_those_listed() -> None:
    hidden = {node.code for node in every_category() if never_public(node.code)}
    assert hidden == frozenset().union(
        *map(codes_within, ("burial", "unsorted", "dispute", "idea"))
    )


def test_fast_lane_is_for_three_categories() -> None:
    fast = {node.code.split(".")[0] for node in every_category() if node.fast_lane}
    assert fast == {"waste_collection", "drainage", "plastic"}


def test_custom_burial_is_a_campaign_subject_not_a_category() -> None:
    with pytest.raises(UnknownCategory, match=r"burial\.custom"):
        category("burial.custom")


@pytest.mark.parametrize(
    ("alias", "meant"),
    [
        ("water.livestock_water", "livestock.manure"),
        ("water.market_drain", "market.market_water"),
    ],
)
def test_aliases_are_counted_once(alias: str, meant: str) -> None:
    assert category(alias).code == meant
    assert alias not in codes_within("water")
    assert codes_within(alias) == {meant}


@pytest.mark.parametrize("code", ["stream", "hazardous", "hospital", "industry.tailings"])
def test_some_start_at_the_province(code: str) -> None:
    assert category(code).starts_at_province


def test_the_others_start_in_the_commune() -> None:
    assert first_handlers("water.starch") == ("env_commune", "env_province")
    assert not category("water.starch").starts_at_province
    assert first_handlers("pesticide") == ("front_area", "env_commune")


def test_a_sub_category_takes_over_what_it_does_not_set() -> None:
    burning, straw = category("burning"), category("burning.straw")
    assert (straw.safety, straw.emergency_numbers) == (burning.safety, ("114",))
    assert category("dumping.forest_dump").precision_m == 1000
    assert category("dumping.roadside").precision_m == 100


def test_labels_accuse_nobody_and_exist_in_both_languages() -> None:
    for node in every_category():
        assert node.label.vi, node.code
        assert node.label.en, node.code
        assert "trái phép" not in node.label.vi.lower()
        assert "illegal" not in node.label.en.lower()


def test_evidence_texts_keep_residents_out_of_danger() -> None:
    for node in every_category():
        if node.needs_field_check:
            for forbidden in ("không vào", "không chạm", "không nếm", "không đi theo"):
                assert forbidden in node.ask.vi, node.code
            assert node.ask.en.count("do not") >= 2, node.code


def test_whatever_is_urgent_comes_with_safety_words() -> None:
    for node in every_category():
        if is_urgent(node.code):
            assert node.safety.vi, node.code
            assert node.safety.en, node.code


def test_emergency_numbers_in_safety_words_are_those_of_the_data() -> None:
    numbers = {term.code for term in emergency_numbers()}
    assert numbers == {"112", "113", "114", "115"}
    for node in every_category():
        for text in (node.safety.vi, node.safety.en):
            told = {number for number in numbers if number in text}
            assert told <= set(node.emergency_numbers), node.code


def test_polluting_projects_and_extraction_are_at_least_high() -> None:
    for node in every_category():
        if {"ii", "iv"} & set(node.priorities):
            assert node.urgency in ("high", "urgent"), node.code


def test_lists_beside_the_tree() -> None:
    assert [term.code for term in priorities()] == ["i", "ii", "iii", "iv"]
    assert [term.code for term in urgencies()] == ["urgent", "high", "normal", "low"]
    assert {term.code for term in source_groups()} == set(WASTE_SOURCES)
    used = {code for node in every_category() for code in node.first_handlers}
    assert {term.code for term in handlers()} == used


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("thuốc sâu", "pesticide"),
        ("thuoc sau", "pesticide"),
        ("Thuốc cỏ", "pesticide"),
        ("bãi rác", "p_waste"),
        ("hoi thoi", "air"),
        ("loa kẹo kéo", "noise.karaoke"),
        ("loa keo keo", "noise.karaoke"),
        ("ca chet", "water.fish_kill"),
        ("cát tặc", "extraction.sand"),
        ("đốt đồng", "burning.straw"),
        ("nước thải chăn nuôi", "livestock.manure"),
    ],
)
def test_everyday_words_find_their_category_first(words: str, found: str) -> None:
    assert search(words)[0].code == found


def test_words_in_another_order_are_found() -> None:
    assert "pesticide.field_packaging" in codes(search("ruộng vỏ thuốc"))


@pytest.mark.parametrize("words", ["", "   ", "xyzzy", "%", "'; DROP TABLE"])
def test_nonsense_finds_nothing(words: str) -> None:
    assert search(words) == ()


def test_every_category_can_be_found_by_its_label() -> None:
    for node in every_category():
        assert node in search(fold(node.label.vi))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"parent": "p_wast"}, "unknown parent"),
        ({"urgency": "asap"}, "unknown urgency"),
        ({"source_groups": ("farm",)}, "unknown group"),
        ({"priorities": ("v",)}, "unknown priority"),
        ({"emergency_numbers": ("911",)}, "unknown emergency"),
        ({"first_handlers": ("env_comune",)}, "unknown handler"),
    ],
)
def test_unsound_trees_are_refused(change: dict[str, object], message: str) -> None:
    table = load_category_table()
    table.nodes["dumping"] = replace(table.nodes["dumping"], **change)  # type: ignore[arg-type]  # values by name
    with pytest.raises(DataFileError, match=message):
        check_category_table(table)


def test_an_alias_must_mean_a_category() -> None:
    table = load_category_table()
    table.aliases["water.dye"] = "water.nothing"
    with pytest.raises(DataFileError, match=r"water\.dye"):
        check_category_table(table)
