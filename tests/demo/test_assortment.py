"""What the small retailer sells is whole: in five languages, with specs, numbers and prices that hold together."""

import re
import shutil
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from samband.demo.assortment import HERE, Assortment, MalformedAssortment, Product, Texts, Variant, load
from samband.demo.assortment.numbering import check_digit, gtin13
from samband.demo.assortment.prices import in_every_currency
from samband.kernel.goods import SKU
from samband.kernel.languages import LANGUAGES
from samband.kernel.money import MINOR_DIGITS

KINDS = {
    "furniture": """sofa corner-sofa armchair coffee-table dining-table dining-chair bed wardrobe bookcase desk
        office-chair floor-lamp table-lamp rug tv-bench chest-of-drawers mirror stool""",
    "sport": """road-bike city-bike helmet running-shoes hiking-boots backpack tent sleeping-bag yoga-mat dumbbells
        football skis swim-goggles water-bottle""",
    "home": """drill hammer screwdriver-set saw paint-can paint-roller ladder toolbox tap shower-head led-bulb
        door-handle""",
    "cosmetics": "face-cream serum shampoo soap perfume lipstick sunscreen body-lotion hand-cream candle",
    "cafe": "coffee-beans tea-tin espresso-cup coffee-maker croissant cake sandwich chocolate-bar",
}
FRESH = {"croissant", "cake", "sandwich"}


@pytest.fixture(scope="module")
def assortment() -> Assortment:
    return load()


def variants(assortment: Assortment) -> Iterator[Variant]:
    for product in assortment.products:
        yield from product.variants


def texts(assortment: Assortment) -> Iterator[tuple[str, Texts]]:
    """Every text a shopper can see, with a word on where it stands."""
    for category in assortment.categories:
        yield f"name of {category.slug}", category.name
        yield f"text of {category.slug}", category.text
    for attribute in assortment.attributes.values():
        yield f"name of {attribute.code}", attribute.name
        for choice in attribute.choices.values():
            yield f"{attribute.code} {choice.code}", choice.name
    for product in assortment.products:
        yield f"name of {product.slug}", product.name
        yield f"text of {product.slug}", product.text
        for owner in (product, *product.variants):
            for code, value in owner.attributes.items():
                if assortment.attributes[code].kind == "text":
                    assert not isinstance(value, int | float | str)
                    yield f"{code} of {product.slug}", value


# --- how much there is


def test_there_are_about_three_hundred_products_in_five_departments(assortment: Assortment) -> None:
    assert assortment.departments == tuple(KINDS)
    assert 290 <= len(assortment.products) <= 340


def test_every_kind_is_there_with_at_least_four_products(assortment: Assortment) -> None:
    for department, kinds in KINDS.items():
        found = Counter(product.kind for product in assortment.products if product.department == department)
        assert found.keys() == set(kinds.split())
        assert min(found.values()) >= 4


def test_every_leaf_of_the_tree_holds_products_and_the_tree_is_two_or_three_levels_deep(assortment: Assortment) -> None:
    parents = {category.slug: category.parent for category in assortment.categories}
    filled = {product.category for product in assortment.products}
    assert set(parents) - set(parents.values()) <= filled
    for slug in filled:
        depth = 1
        while parent := parents[slug]:
            depth, slug = depth + 1, parent
        assert 2 <= depth <= 3


# --- what it says


def test_every_text_is_there_in_all_five_languages(assortment: Assortment) -> None:
    for where, text in texts(assortment):
        assert text.keys() == LANGUAGES.keys(), where
        assert all(said.strip() for said in text.values()), where


def test_a_product_name_holds_its_model_in_every_language(assortment: Assortment) -> None:
    for product in assortment.products:
        assert all(product.model in name for name in product.name.values())
        assert not any("{" in said for said in (*product.name.values(), *product.text.values()))


def test_no_two_products_are_told_apart_by_nothing(assortment: Assortment) -> None:
    for language in LANGUAGES:
        names = Counter(product.name[language] for product in assortment.products)
        assert names.most_common(1)[0][1] == 1
        descriptions = Counter(product.text[language] for product in assortment.products)
        assert descriptions.most_common(1)[0][1] == 1


def test_a_sentence_ends_like_a_sentence_and_has_no_double_spaces(assortment: Assortment) -> None:
    for product in assortment.products:
        for language, text in product.text.items():
            assert text.endswith((".", "!", ";")), (product.slug, language)
            assert "  " not in text, (product.slug, language)


ALPHABETS = {"en": "éèôêç", "is": "áéíóúýþæöðç", "pl": "ąćęłńóśźżé", "lv": "āčēģīķļņšūžõ", "el": ""}


def test_each_language_uses_its_own_letters(assortment: Assortment) -> None:
    """Apart from models and places, which keep their spelling, a letter of a neighbour's alphabet is a slip."""
    names = {word for product in assortment.products for word in product.model.lower().split()}
    names |= {"breiðafjörður", "rīga", "türkiye"}
    for where, text in texts(assortment):
        for language in ("en", "is", "pl", "lv"):
            for word in re.findall(r"\w+", text[language].lower()):
                strange = [letter for letter in word if not letter.isascii() and letter not in ALPHABETS[language]]
                assert word in names or not set(strange) - set("µ²³½⅜¼"), (where, language, word)


SPOKEN_AS_ONE_SYLLABLE = {"για", "μια", "πια", "πιο", "ποιο", "ποια", "δυο"}


def test_greek_is_written_in_greek_letters_with_accents_and_final_sigmas(assortment: Assortment) -> None:
    for where, text in texts(assortment):
        for word in re.findall(r"[^\W\d_]+", text["el"]):
            greek = [letter for letter in word if "GREEK" in unicodedata.name(letter)]
            assert not greek or len(greek) == len(word), (where, word)
            assert not word.endswith("σ"), (where, word)
            assert not re.search(r"ς\w", word), (where, word)
            if greek and not word.isupper() and word.lower() not in SPOKEN_AS_ONE_SYLLABLE and syllables(word) > 1:
                assert re.search("[άέήίόύώΐΰ]", word.lower()), (where, word)


def syllables(word: str) -> int:
    """Vowel groups of a Greek word; a diphthong is one."""
    return len(re.findall("αι|ει|οι|υι|ου|αυ|ευ|ηυ|[αεηιουωάέήίόύώϊϋΐΰ]", word.lower()))


# --- numbers


def test_slugs_skus_and_barcodes_are_unique(assortment: Assortment) -> None:
    slugs = [product.slug for product in assortment.products]
    skus = [variant.sku for variant in variants(assortment)]
    gtins = [variant.gtin for variant in variants(assortment)]
    for marks in (slugs, skus, gtins):
        assert len(marks) == len(set(marks))
    assert all(SKU.fullmatch(sku) and re.fullmatch("[A-Z0-9-]{4,32}", sku) for sku in skus)


def test_the_check_digit_is_the_one_gs1_asks_for() -> None:
    assert check_digit("629104150021") == "3"
    assert check_digit("400638133393") == "1"


def test_every_barcode_is_an_in_store_gtin_13_whose_digits_check(assortment: Assortment) -> None:
    for variant in variants(assortment):
        assert re.fullmatch(r"29\d{11}", variant.gtin)
        odd, even = variant.gtin[0::2], variant.gtin[1::2]
        assert (sum(map(int, odd)) + 3 * sum(map(int, even))) % 10 == 0
        assert variant.gtin == gtin13(variant.sku)


def test_reading_twice_gives_the_same(assortment: Assortment) -> None:
    assert load() == assortment


# --- specs


def test_every_attribute_is_defined_and_of_its_type(assortment: Assortment) -> None:
    for product in assortment.products:
        for owner in (product, *product.variants):
            for code, value in owner.attributes.items():
                attribute = assortment.attributes[code]
                if attribute.kind == "number":
                    assert isinstance(value, int | float)
                    assert not isinstance(value, bool)
                elif attribute.kind == "flag":
                    assert isinstance(value, bool)
                elif attribute.kind == "choice":
                    assert value in attribute.choices
                else:
                    assert not isinstance(value, int | float | str)


def test_every_attribute_that_is_defined_has_a_way_to_be_shown(assortment: Assortment) -> None:
    for attribute in assortment.attributes.values():
        assert (attribute.kind == "choice") == bool(attribute.choices)
    assert all(choice.hex for choice in assortment.attributes["colour"].choices.values())


def test_every_product_has_specs_and_between_one_and_a_dozen_variants(assortment: Assortment) -> None:
    for product in assortment.products:
        assert len(product.attributes) >= 2
        assert 1 <= len(product.variants) <= 12
        told_apart = [tuple(sorted(variant.attributes.items(), key=str)) for variant in product.variants]
        assert len(told_apart) == len(set(map(str, told_apart)))


def test_fresh_goods_are_picked_up_and_do_not_come_back(assortment: Assortment) -> None:
    for product in assortment.products:
        fresh = product.kind in FRESH
        assert (product.shipping == "store_only") == fresh
        assert (product.return_days == 0) == fresh
        assert product.vat == "food" or not fresh


def test_what_is_eaten_fresh_names_its_allergens(assortment: Assortment) -> None:
    assert all("allergens" in product.attributes for product in assortment.products if product.kind in FRESH)


def test_a_sun_protection_factor_is_known_of_every_sunscreen(assortment: Assortment) -> None:
    for product in assortment.products:
        if product.kind == "sunscreen":
            assert all("spf" in {**product.attributes, **variant.attributes} for variant in product.variants)


# --- prices


def test_every_variant_has_a_price_above_zero_in_every_currency(assortment: Assortment) -> None:
    for variant in variants(assortment):
        assert variant.prices.keys() == MINOR_DIGITS.keys()
        assert all(isinstance(amount, int) and amount > 0 for amount in variant.prices.values())


@pytest.mark.parametrize(
    ("cents", "prices"),
    [
        (250, {"EUR": 250, "GBP": 200, "PLN": 1090, "ISK": 390}),
        (490, {"EUR": 490, "GBP": 399, "PLN": 2090, "ISK": 690}),
        (1490, {"EUR": 1490, "GBP": 1299, "PLN": 6390, "ISK": 2190}),
        (12900, {"EUR": 12900, "GBP": 11100, "PLN": 55900, "ISK": 19390}),
        (89900, {"EUR": 89900, "GBP": 77300, "PLN": 386900, "ISK": 134990}),
    ],
)
def test_each_market_has_the_price_points_its_shoppers_know(cents: int, prices: dict[str, int]) -> None:
    assert in_every_currency(cents) == prices


@given(st.integers(min_value=1, max_value=2_000_000), st.integers(min_value=0, max_value=100_000))
def test_what_costs_more_in_euro_never_costs_less_elsewhere(cents: int, more: int) -> None:
    cheap, dear = in_every_currency(cents), in_every_currency(cents + more)
    assert cheap["PLN"] <= dear["PLN"]
    assert cheap["ISK"] <= dear["ISK"]
    assert cheap["GBP"] <= dear["GBP"] + 1  # a round price and one that ends in 99 may stand a penny apart


@given(st.integers(min_value=500, max_value=2_000_000))
def test_a_price_stays_near_its_rate(cents: int) -> None:
    prices = in_every_currency(cents)
    assert abs(prices["GBP"] - cents * 0.86) <= 51
    assert abs(prices["PLN"] - cents * 4.30) <= 501
    assert abs(prices["ISK"] - cents * 1.50) <= 501


# --- what a mistake is told


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for file in HERE.glob("*.yaml"):
        shutil.copy(file, tmp_path)
    return tmp_path


def drill(home: dict) -> dict:
    return home["families"][0]["products"][0]


MISTAKES = {
    "a language is missing": (lambda h: drill(h)["note"].pop("lv"), r"products\[garpur-cordless-drill\].note.lv"),
    "a text is empty": (lambda h: drill(h)["note"].update(pl=" "), "note.pl"),
    "an attribute is unknown": (lambda h: drill(h)["attributes"].update(charm=3), "attributes.charm"),
    "a number is a word": (lambda h: drill(h)["attributes"].update(torque="strong"), "attributes.torque"),
    "a number is a flag": (lambda h: drill(h)["attributes"].update(torque=True), "attributes.torque"),
    "a flag is a word": (lambda h: drill(h)["attributes"].update(hammer_action="no"), "attributes.hammer_action"),
    "a choice is not offered": (lambda h: drill(h)["attributes"].update(colour="greenish"), "attributes.colour"),
    "a variant repeats its product": (
        lambda h: drill(h)["variants"][0]["attributes"].update(voltage=12),
        r"variants\[HI-DRL-GAR-0\].attributes",
    ),
    "two variants are the same": (
        lambda h: drill(h)["variants"][1].update(attributes=drill(h)["variants"][0]["attributes"]),
        r"variants\[HI-DRL-GAR-2\]",
    ),
    "a price is zero": (lambda h: drill(h)["variants"][0].update(price=0), r"variants\[HI-DRL-GAR-0\].price"),
    "a price is negative": (lambda h: drill(h)["variants"][0].update(price=-5), "price"),
    "a price is finer than a cent": (lambda h: drill(h)["variants"][0].update(price=1.005), "price"),
    "a price is endless": (lambda h: drill(h)["variants"][0].update(price=float("inf")), "price"),
    "a SKU is of another department": (lambda h: drill(h)["variants"][0].update(sku="CA-DRL-1"), "sku"),
    "a SKU is given twice": (
        lambda h: drill(h)["variants"][0].update(sku="HI-DRL-STE-0"),
        "HI-DRL-STE-0 is not unique",
    ),
    "a slug is given twice": (lambda h: drill(h).update(slug="steinn-cordless-drill"), "slug .* is not unique"),
    "a slug has spaces": (lambda h: drill(h).update(slug="a drill"), "slug"),
    "a look does not exist": (lambda h: drill(h).update(look=6), "look"),
    "there are no variants": (lambda h: drill(h).update(variants=[]), "variants"),
    "a name forgets its model": (lambda h: h["families"][0]["name"].update(el="Δράπανο"), "name.el"),
    "a family stands in no category": (lambda h: h["families"][0].update(category="sofas"), "category"),
    "a key is misspelt": (lambda h: h["families"][0].update(vatt="food"), "vatt"),
    "a VAT rate is unknown": (lambda h: h["families"][0].update(vat="none"), "vat"),
    "return days are negative": (lambda h: h["families"][0].update(return_days=-1), "return_days"),
    "a category hangs in the air": (lambda h: h["categories"][2].update(parent="nowhere"), "parent"),
    "a category is its own parent": (lambda h: h["categories"][2].update(parent="drills"), "parent"),
    "there is a second root": (lambda h: h["categories"][2].update(parent=None), "parent"),
    "the file is of another department": (lambda h: h.update(department="cafe"), "department"),
    "an attribute is defined again": (
        lambda h: h.update(
            attributes=[{"code": "power", "kind": "flag", "facet": True, "name": dict.fromkeys(LANGUAGES, "x")}]
        ),
        r"attributes\[power\]",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_refused_with_its_file_and_key(mistake: str, folder: Path) -> None:
    make, key = MISTAKES[mistake]
    file = folder / "home.yaml"
    home = yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
    make(home)
    file.write_text(yaml.dump(home, allow_unicode=True), encoding="utf-8")

    with pytest.raises(MalformedAssortment, match=key) as refusal:
        load(folder)

    assert refusal.value.code == "malformed_assortment"
    assert refusal.value.details["file"] == "home.yaml"


@pytest.mark.parametrize("content", [b"", b"department: [", b"- just\n- a list\n", b"\xff\xfe\x00"])
def test_a_file_that_is_no_assortment_is_refused_by_name(content: bytes, folder: Path) -> None:
    (folder / "cafe.yaml").write_bytes(content)
    with pytest.raises(MalformedAssortment, match=r"cafe\.yaml"):
        load(folder)


def test_a_missing_department_is_simply_not_sold(folder: Path) -> None:
    (folder / "cafe.yaml").unlink()
    assert "cafe" not in load(folder).departments


def test_a_product_is_described_by_its_family_and_then_by_itself(assortment: Assortment) -> None:
    home = yaml.load((HERE / "home.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    family = home["families"][0]
    shown: Product = next(p for p in assortment.products if p.slug == drill(home)["slug"])
    for language in LANGUAGES:
        assert shown.text[language] == f"{family['text'][language]} {drill(home)['note'][language]}"
