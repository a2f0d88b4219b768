"""How words are folded, cut, compared and sorted."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from samband.commerce.catalog.refusals import BadAsk
from samband.commerce.catalog.search import folding
from samband.commerce.catalog.search.alphabets import ALPHABETS, sort_key
from samband.commerce.catalog.search.asking import Ask, read_ranges
from samband.commerce.catalog.search.matching import put_right
from samband.commerce.catalog.search.ranges import MOST_RANGES, cut
from samband.kernel.languages import LANGUAGES

LETTERS = "".join(dict.fromkeys("".join(ALPHABETS.values()) + "άέήίόύώϊϋΐΰçñüßåøAÁÐÞÆÖĄŁŻĀŅΚΑΝΆ "))
OURS = st.text(LETTERS, max_size=30)


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folding.fold(folding.fold(text)) == folding.fold(text)


@given(OURS)
def test_whoever_leaves_the_accents_out_finds_the_same(text: str) -> None:
    bare = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    assert folding.fold(bare) == folding.fold(text)


@given(OURS)
def test_capitals_make_no_difference(text: str) -> None:
    assert folding.fold(text.upper()) == folding.fold(text.upper().lower()) == folding.fold(text.lower())


@given(OURS)
def test_what_is_ours_folds_to_what_any_keyboard_has(text: str) -> None:
    assert folding.fold(text).isascii()


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Þriggja sæta sófi", "thriggja saeta sofi"),
        ("Eldhúsborð", "eldhusbord"),
        ("Öræfi", "oraefi"),
        ("Łóżko dębowe", "lozko debowe"),
        ("Źródło światła", "zrodlo swiatla"),
        ("Dīvāns ķieģelis", "divans kiegelis"),
        ("Καναπές", "καναπεσ"),
        ("Καναπές", "kanapes"),
        ("ΚΑΝΑΠΕΣ", "κανάπες"),
        ("Τραπέζι κουζίνας", "trapezi kouzinas"),
        ("Straße", "strasse"),
    ],
)
def test_letters_a_keyboard_lacks_are_written_as_it_would_type_them(written: str, typed: str) -> None:
    assert folding.fold(written) == folding.fold(typed)


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("en", "sofa sofas"),
        ("en", "chair chairs"),
        ("en", "bench benches"),
        ("en", "battery batteries"),
        ("en", "glass glasses"),
        ("is", "sófi sófa sófar sófum sófinn sófanum sófana"),
        ("is", "stóll stól stóli stólar stóla stólum stólarnir"),
        ("is", "borð borði borðum borðið borðin"),
        ("pl", "sofa sofy sofę sofą sofie sofom sofami"),
        ("pl", "krzesło krzesła krzeseł krzesłami"),
        ("pl", "stół stołu stoły stołów stołami"),
        ("pl", "fotel fotele foteli fotelem"),
        ("lv", "dīvāns dīvāni dīvānu dīvānam dīvāniem"),
        ("lv", "krēsls krēsli krēslu krēsliem"),
        ("lv", "lampa lampas lampu lampai lampām"),
        ("el", "καναπές καναπέ καναπέδες καναπέδων"),
        ("el", "τραπέζι τραπέζια τραπεζιού τραπεζιών"),
        ("el", "καρέκλα καρέκλας καρέκλες"),
    ],
)
def test_singular_plural_and_cases_meet(language: str, forms: str) -> None:
    assert len({folding.stem(word, language) for word in folding.words(forms)}) == 1


@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=15), st.sampled_from(list(LANGUAGES)))
@example("beba", "pl")
def test_a_stem_is_a_word_with_letters_left_out_and_never_too_short(word: str, language: str) -> None:
    stem = folding.stem(word, language)
    assert len(stem) >= min(len(word), folding.SHORTEST_STEM)
    assert stem[:1] == word[:1]
    rest = iter(word)
    assert all(letter in rest for letter in stem)


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_mistakes_are_counted_alike_from_both_sides(one: str, other: str) -> None:
    assert folding.distance(one, other) == folding.distance(other, one)
    assert (folding.distance(one, other) == 0) == (one == other)


def test_a_dropped_added_changed_or_exchanged_letter_is_one_mistake() -> None:
    for typed in ("soa", "sofaa", "sofe", "sfoa"):
        assert folding.distance("sofa", typed) == 1


@pytest.mark.parametrize(
    ("language", "ordered"),
    [
        ("en", "Bed, Élan lamp, Lamp, Oak table, Zebra rug"),
        ("is", "Askja, Ás, Bekla, Dyngja, Ðos, Esja, Élja, Hekla, Zeta, Þeista, Ægir, Ölfus"),
        ("pl", "Bar, Celina, Ćma, Dom, Łan, Łóżko, Mak, Zebra, Źródło, Żaba"),
        ("lv", "Auto, Cita, Čaka, Kalns, Ķēde, Liepa, Ļipa, Nams, Ņemt, Sols, Šalle, Zeme, Žagars"),
        ("el", "Άγκυρα, Βάση, Γωνία, Ήλιος, Καναπές, Όμικρον, Ωμέγα, Lamp, Sofa"),
    ],
)
def test_names_are_sorted_as_each_language_sorts_them(language: str, ordered: str) -> None:
    names = ordered.split(", ")
    backwards = list(reversed(names))
    assert sorted(backwards, key=lambda name: sort_key(name, language)) == names


def test_shorter_names_and_numbers_come_first() -> None:
    names = ["2 chairs", "Sofa", "Sofa bed", "Sofas"]
    backwards = list(reversed(names))
    assert sorted(backwards, key=lambda name: sort_key(name, "en")) == names


@given(st.dictionaries(st.floats(-1e6, 1e6), st.integers(1, 50), min_size=2, max_size=60))
def test_ranges_cover_every_number_once_and_are_few(counted: dict[float, int]) -> None:
    cuts = cut(counted)
    assert len(cuts) <= MOST_RANGES
    assert all(sum(low <= number <= high for low, high in cuts) == 1 for number in counted)


def test_ranges_are_read_as_they_are_written() -> None:
    assert read_ranges("width", ("90..120", "140..", "..20", "7")) == ((90, 120), (140, None), (None, 20), (7, 7))
    assert read_ranges("width", (90, None)) == ((90, None),)
    for wrong in (("a..b",), ("1..1e99",), ("nan..nan",), (1, 2, 3)):
        with pytest.raises(BadAsk):
            read_ranges("width", wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong",
    [
        {"language": "de"},
        {"sort": "cheapest"},
        {"page": 0},
        {"page": 10**6},
        {"per_page": 101},
        {"filters": {"colour": ("grey",) * 51}},
        {"filters": {f"c{number}": ("x",) for number in range(31)}},
    ],
)
def test_an_impossible_question_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(BadAsk):
        Ask(**{"channel": "shop", "market": "IS", "language": "en", **wrong}).check()  # type: ignore[arg-type]


def test_a_misspelling_is_put_right_with_the_words_that_were_found() -> None:
    assert put_right("grey soffa", ("soffa",), ["Hraun 3-seat sofa"]) == "grey sofa"
    assert put_right("κανπες", ("kanpes",), ["Τριθέσιος καναπές"]) == "καναπές"
    assert put_right("soffa zzzzz", ("soffa", "zzzzz"), ["Hraun sofa"]) is None
    assert put_right("sofa", (), ["Hraun sofa"]) is None
