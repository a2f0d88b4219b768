"""Money is integers with a currency. Splitting never loses a cent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from .refusal import Invalid

MINOR_DIGITS = {"EUR": 2, "GBP": 2, "PLN": 2, "ISK": 0}
"""How many digits a currency has after the point (ISO 4217; ISK lost its aurar in 2003)."""

LARGEST = 10**15
"""Minor units beyond which an amount is taken for a mistake: safely inside a 64-bit column."""


class UnknownCurrency(Invalid):
    """The shop does not trade in this currency."""

    code = "unknown_currency"


class CurrencyMismatch(Invalid):
    """Two amounts in different currencies cannot be joined."""

    code = "currency_mismatch"


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in minor units (cents, grosze, pence; whole krónur) of an ISO 4217 currency."""

    amount: int
    currency: str

    def __post_init__(self) -> None:
        if self.currency not in MINOR_DIGITS:
            raise UnknownCurrency(currency=str(self.currency)[:8])
        if type(self.amount) is not int or not -LARGEST <= self.amount <= LARGEST:
            raise Invalid("An amount is a whole number of minor units.")

    @classmethod
    def parse(cls, text: str | Decimal, currency: str) -> "Money":
        """Read a decimal amount of major units; raises Invalid if it is finer than the currency's minor unit."""
        if currency not in MINOR_DIGITS:
            raise UnknownCurrency(currency=str(currency)[:8])
        try:
            minor = Decimal(text).scaleb(MINOR_DIGITS[currency])
            if not minor.is_finite() or minor != minor.to_integral_value():
                raise Invalid("The amount is finer than the currency.", currency=currency)
        except InvalidOperation as error:
            raise Invalid("That is not an amount.") from error
        return cls(int(minor), currency)

    @property
    def decimal(self) -> Decimal:
        """The amount in major units."""
        return Decimal(self.amount).scaleb(-MINOR_DIGITS[self.currency])

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __mul__(self, times: int) -> "Money":
        return Money(self.amount * times, self.currency)

    def __lt__(self, other: "Money") -> bool:
        self._same(other)
        return self.amount < other.amount

    def __le__(self, other: "Money") -> bool:
        self._same(other)
        return self.amount <= other.amount

    def __bool__(self) -> bool:
        return self.amount != 0

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(one=self.currency, other=other.currency)

    def split(self, weights: Sequence[int]) -> list["Money"]:
        """Share out in proportion to the weights (≥ 0, not all 0) so that the parts sum to the whole.

        The largest-remainder method; ties go to the earlier part.
        """
        whole = sum(weights)
        if whole <= 0 or min(weights) < 0:
            raise Invalid("Weights must be positive.")
        sign = -1 if self.amount < 0 else 1
        size = abs(self.amount)
        parts = [size * weight // whole for weight in weights]
        by_remainder = sorted(range(len(weights)), key=lambda i: (-(size * weights[i] % whole), i))
        for i in by_remainder[: size - sum(parts)]:
            parts[i] += 1
        return [Money(sign * part, self.currency) for part in parts]

    def share(self, rate: Decimal) -> "Money":
        """This amount times a rate, rounded half away from zero to the minor unit."""
        return Money(int((self.amount * rate).quantize(Decimal(1), ROUND_HALF_UP)), self.currency)


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The sum; zero of the currency when there is nothing to add."""
    result = Money(0, currency)
    for amount in amounts:
        result += amount
    return result
