"""The demo retailer's customers: made-up people with names and streets of their own countries. None of them exists."""

import random
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from samband.customers.accounts.rules import Particulars

NAMES: dict[str, tuple[list[str], list[str]]] = {
    "IS": (
        ("Jón Guðrún Sigurður Anna Ólafur Kristín Einar Sigríður Gunnar Helga Þór Ásta Birkir Hrafnhildur").split(),
        (
            "Jónsson Sigurðardóttir Ólafsson Einarsdóttir Gunnarsson "
            "Þórsdóttir Magnússon Björnsdóttir Árnason Kristjánsdóttir"
        ).split(),
    ),
    "PL": (
        (
            "Anna Piotr Katarzyna Krzysztof Agnieszka Tomasz Małgorzata Paweł Zofia Michał Łucja Wojciech Ewa Stanisław"
        ).split(),
        ("Nowak Wójcik Kowalczyk Woźniak Mazur Krawczyk Zając Pawlak Michalak Dudek Wróbel Stępień").split(),
    ),
    "LV": (
        ("Jānis Anna Andris Kristīne Juris Inese Edgars Līga Mārtiņš Ilze Roberts Dace Artūrs Elīna").split(),
        ("Krūmiņš Ozola Bērziņš Kalniņa Liepiņš Zariņa Balodis Eglīte Vītols Priede Kļaviņš Siliņa").split(),
    ),
    "GR": (
        (
            "Γιώργος Μαρία Δημήτρης Ελένη Κώστας Κατερίνα Νίκος "
            "Σοφία Γιάννης Βασιλική Ανδρέας Χριστίνα Θανάσης Δέσποινα"
        ).split(),
        ("Αλεξίου Γεωργίου Οικονόμου Νικολάου Ιωάννου Αντωνίου Κωνσταντίνου Δημητρίου Βασιλείου Αναγνώστου").split(),
    ),
    "GB": (
        ("Oliver Emily George Sophie Harry Charlotte Thomas Grace James Lucy William Ella Daniel Hannah").split(),
        ("Taylor Wilson Evans Thomas Roberts Walker Wright Hughes Green Clarke Turner Carter").split(),
    ),
}

HOMES: dict[str, tuple[tuple[str, ...], tuple[tuple[str, str], ...], str]] = {
    "IS": (
        ("Bárugata", "Hringbraut", "Skólavörðustígur", "Ægisgata", "Hafnargata"),
        (("Reykjavík", "101"), ("Kópavogur", "200"), ("Hafnarfjörður", "220"), ("Akureyri", "600")),
        "+354 5{:06}",
    ),
    "PL": (
        ("ul. Długa", "ul. Lipowa", "ul. Polna", "ul. Słoneczna", "al. Wolności"),
        (("Warszawa", "00-120"), ("Kraków", "31-042"), ("Gdańsk", "80-831"), ("Wrocław", "50-101")),
        "+48 22{:07}",
    ),
    "LV": (
        ("Brīvības iela", "Stabu iela", "Miera iela", "Liepājas iela", "Skolas iela"),
        (("Rīga", "LV-1010"), ("Jūrmala", "LV-2015"), ("Liepāja", "LV-3401"), ("Cēsis", "LV-4101")),
        "+371 6{:07}",
    ),
    "GR": (
        ("Πανεπιστημίου", "Αθηνάς", "Ιπποκράτους", "Τσιμισκή", "Βενιζέλου"),
        (("Αθήνα", "106 71"), ("Θεσσαλονίκη", "546 24"), ("Πάτρα", "262 21"), ("Ηράκλειο", "712 02")),
        "+30 21{:08}",
    ),
    "GB": (
        ("High Street", "Station Road", "Victoria Road", "Church Lane", "Mill Lane"),
        (("London", "N1 9GU"), ("Leeds", "LS1 4DY"), ("Bristol", "BS1 5TR"), ("Edinburgh", "EH1 1YZ")),
        "+44 20{:08}",
    ),
}
"""Streets, towns with a postcode, and how a telephone number is made."""

LANGUAGE_OF = {"IS": "is", "PL": "pl", "LV": "lv", "GR": "el", "GB": "en"}

_GREEK = dict(
    zip("αβγδεζηθικλμνξοπρσςτυφχψω", "a v g d e z i th i k l m n x o p r s s t y f ch ps o".split(), strict=True)
)
_LETTERS = str.maketrans(_GREEK | {"ð": "d", "þ": "th", "ł": "l", "æ": "ae"})


@dataclass(frozen=True)
class Person:
    """A made-up customer of one market."""

    market: str
    name: str
    email: str
    phone: str
    home: Particulars

    @property
    def language(self) -> str:
        """The language they shop in."""
        return LANGUAGE_OF[self.market]


def people(number: int, dice: random.Random) -> Iterator[Person]:
    """So many different customers, spread evenly over the markets."""
    markets = list(NAMES)
    for at in range(number):
        market = markets[at % len(markets)]
        firsts, lasts = NAMES[market]
        chosen = dice.randrange(len(firsts))
        # Men and women take turns in the lists; where surnames tell them apart, so do those.
        first, last = firsts[chosen], dice.choice(lasts[chosen % 2 :: 2])
        streets, towns, phone = HOMES[market]
        town, postcode = dice.choice(towns)
        name = f"{first} {last}"
        number_at = dice.randint(1, 80)
        street = dice.choice(streets)
        line1 = f"{number_at} {street}" if market == "GB" else f"{street} {number_at}"
        digits = dice.randrange(10**6)
        yield Person(
            market=market,
            name=name,
            email=f"{_plain(first)}.{_plain(last)}.{at}@customer.example",
            phone=phone.format(digits),
            home=Particulars(name=name, line1=line1, city=town, country=market, postcode=postcode),
        )


def _plain(name: str) -> str:
    """A name in the letters of an e-mail address."""
    bare = "".join(letter for letter in unicodedata.normalize("NFD", name.lower()) if not unicodedata.combining(letter))
    return bare.translate(_LETTERS)
