"""How two records may agree: for each thing that people tell of themselves, its degrees of agreement, best first.

They follow from what a field means, not from any one set of data. `m` and `u` are what we expect before anything was
learned: how often one person's two records show this degree, and how often two strangers' do.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Degree:
    """One degree of agreement: the SQL that finds it in two records l and r, and what to expect of it.

    It needs values in `column`. With `rare` it counts how seldom this very value of that column is: sharing a rare
    surname says more than sharing a common one. With `own` such values are one person's, and a family's at most.
    """

    code: str
    sql: str
    column: str
    m: float
    u: float
    rare: str = ""
    own: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is compared, and says something where one of the columns `present` is there on both sides.

    Where the SQL of `explained` holds, something else that is compared explains how they agree, and it says nothing.
    """

    name: str
    present: tuple[str, ...]
    degrees: tuple[Degree, ...]
    m_other: float
    u_other: float
    explained: str = ""

    @property
    def missing(self) -> str:
        """The SQL that holds where two records say nothing of it."""
        absent = " and ".join(f"({column}_l is null or {column}_r is null)" for column in self.present)
        return f"{absent} or ({self.explained})" if self.explained else absent


OTHER = "other"
SAME, BOTH, CROSSED, SHORT, SLIP, SIMILAR = "same", "both", "crossed", "short", "slip", "similar"
MAILBOX, PARTS, YEAR, STREET, POSTCODE = "mailbox", "parts", "year", "street", "postcode"
CITY, CITY_SIMILAR, POSTCODE_SLIP = "city", "city_similar", "postcode_slip"


def _same(column: str) -> str:
    return f"{column}_l = {column}_r"


def _similar(column: str, least: float) -> str:
    return f"jaro_winkler_similarity({column}_l, {column}_r) >= {least}"


def _slip(column: str) -> str:
    """One letter more, less, other, or two that changed places. The plain distance is far quicker, and comes first."""
    return f"levenshtein({column}_l, {column}_r) <= 2 and damerau_levenshtein({column}_l, {column}_r) <= 1"


# Given names and surnames come together, by country and by fashion: the whole name is one thing, and rarer or commoner
# than its parts make it.
_WHOLE_NAME = "coalesce(full_name_l = full_name_r, false)"

GIVEN = Field(
    "given",
    ("given",),
    (
        Degree(SAME, _same("given"), "given", 0.75, 0.006, rare="given"),
        Degree(CROSSED, "given_l = surname_r or formal_l = turned_r", "surname", 0.03, 0.001),
        Degree(
            SHORT,
            f"{_same('formal')} or (length(given_l) > 2 and starts_with(given_r, given_l))"
            " or (length(given_r) > 2 and starts_with(given_l, given_r))",
            "given",
            0.05,
            0.002,
        ),
        Degree(SLIP, _similar("given", 0.92), "given", 0.07, 0.003),
        Degree(SIMILAR, _similar("given", 0.85), "given", 0.03, 0.01),
    ),
    0.07,
    0.978,
    explained=_WHOLE_NAME,
)

SURNAME = Field(
    "surname",
    ("surname",),
    (
        Degree(BOTH, _same("full_name"), "full_name", 0.6, 0.0002, rare="full_name"),
        Degree(SAME, _same("surname"), "surname", 0.15, 0.003, rare="surname"),
        Degree(CROSSED, "surname_l = given_r or turned_l = formal_r", "given", 0.03, 0.001),
        Degree(SLIP, _similar("surname", 0.92), "surname", 0.08, 0.002),
        Degree(SIMILAR, _similar("surname", 0.85), "surname", 0.04, 0.01),
    ),
    0.1,
    0.9838,
)

_EMAIL_SLIP = "jaro_similarity(email_l, email_r) >= 0.8 and levenshtein(email_l, email_r) <= 2"

# Two of one name, or nearly, have mails that look alike: they are made of the name. What counts is a number of one's
# own in it, or a slip that leaves the number alone.
_MADE_OF_THE_NAME = (
    "email_l <> email_r and not (digits_l = digits_r and length(digits_l) > 1)"
    f" and not (digits_l = digits_r and mailbox_l <> mailbox_r and {_EMAIL_SLIP})"
    f" and coalesce(({_same('formal')} or {_similar('given', 0.85)}) and {_similar('surname', 0.85)}, false)"
    f" and {_similar('mailbox', 0.85)}"
)

EMAIL = Field(
    "email",
    ("email",),
    (
        Degree(SAME, _same("email"), "email", 0.5, 0.000002, rare="email", own=True),
        Degree(MAILBOX, _same("mailbox"), "email", 0.1, 0.00002, rare="mailbox", own=True),
        Degree(SLIP, _EMAIL_SLIP, "email", 0.1, 0.000002),
    ),
    0.3,
    0.99997,
    explained=_MADE_OF_THE_NAME,
)

PHONE = Field(
    "phone",
    ("phone",),
    (
        Degree(SAME, _same("phone"), "phone", 0.6, 0.000002, rare="phone", own=True),
        Degree(SLIP, f"({_slip('phone')}) or right(phone_l, 7) = right(phone_r, 7)", "phone", 0.1, 0.00001),
    ),
    0.3,
    0.999988,
)

BORN = Field(
    "born",
    ("born",),
    (
        Degree(SAME, _same("born"), "born", 0.85, 0.00005),
        Degree(
            SLIP,
            f"({_slip('born')}) or (left(born_l, 4) = left(born_r, 4)"
            " and substr(born_l, 5, 2) = substr(born_r, 7, 2) and substr(born_l, 7, 2) = substr(born_r, 5, 2))",
            "born",
            0.07,
            0.0005,
        ),
        Degree(
            PARTS,
            "(left(born_l, 4) = left(born_r, 4))::int + (substr(born_l, 5, 2) = substr(born_r, 5, 2))::int"
            " + (substr(born_l, 7, 2) = substr(born_r, 7, 2))::int = 2",
            "born",
            0.03,
            0.004,
        ),
        Degree(YEAR, "abs(left(born_l, 4)::int - left(born_r, 4)::int) <= 1", "born", 0.02, 0.05),
    ),
    0.03,
    0.94545,
)

_NEAR = (
    f"(coalesce({_slip('postcode')}, false)"
    " or coalesce(jaro_winkler_similarity(city_l, city_r) >= 0.88, false)"
    " or coalesce(postcode_l, city_l) is null or coalesce(postcode_r, city_r) is null)"
)

# One thing, not three: whoever shares a street shares its town, and would be counted twice.
ADDRESS = Field(
    "address",
    ("street", "postcode", "city"),
    (
        Degree(SAME, f"street_l = street_r and house_l = house_r and {_NEAR}", "street", 0.4, 0.00002),
        Degree(SLIP, f"{_similar('street', 0.88)} and house_l = house_r and {_NEAR}", "street", 0.07, 0.00003),
        Degree(STREET, f"street_l = street_r and {_NEAR}", "street", 0.07, 0.0002, rare="street"),
        Degree(CROSSED, "street_l = line2_r or line2_l = street_r", "line2", 0.02, 0.0001),
        Degree(SIMILAR, f"{_similar('street', 0.88)} and {_NEAR}", "street", 0.03, 0.0005),
        Degree(POSTCODE, _same("postcode"), "postcode", 0.1, 0.003, rare="postcode"),
        Degree(CITY, _same("city"), "city", 0.08, 0.05, rare="city"),
        Degree(CITY_SIMILAR, _similar("city", 0.88), "city", 0.03, 0.005),
        Degree(POSTCODE_SLIP, _slip("postcode"), "postcode", 0.02, 0.005),
    ),
    0.18,
    0.93615,
)

LINE2 = Field(
    "line2",
    ("line2",),
    (
        Degree(SAME, _same("line2"), "line2", 0.6, 0.005, rare="line2"),
        Degree(SLIP, _similar("line2", 0.88), "line2", 0.15, 0.005),
    ),
    0.25,
    0.99,
)

CARD = Field(
    "card",
    ("card",),
    (
        Degree(SAME, _same("card"), "card", 0.7, 0.000002, rare="card", own=True),
        Degree(SLIP, _slip("card"), "card", 0.1, 0.00002),
    ),
    0.2,
    0.999978,
)

FIELDS = (GIVEN, SURNAME, EMAIL, PHONE, BORN, ADDRESS, LINE2, CARD)

OWN = {"born": {SAME, SLIP}, "card": {SAME, SLIP}, "email": {SAME, SLIP, MAILBOX}}
"""What one person has and their household has not: agreeing so, two of different given names may be one person."""
