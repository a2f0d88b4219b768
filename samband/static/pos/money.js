// Money is a whole number of its currency's smallest unit; VAT is inside.
import { spoken } from "./texts.js";

const forms = new Map();

function form(currency, language) {
  const key = `${language} ${currency}`;
  if (!forms.has(key)) forms.set(key, new Intl.NumberFormat(language, { style: "currency", currency }));
  return forms.get(key);
}

export function digits(currency) {
  return form(currency, "en").resolvedOptions().maximumFractionDigits;
}

export const money = (amount, currency) => ({ amount, currency });

/** As people read it, such as "1.349,00 €". */
export function written({ amount, currency }, language = spoken()) {
  return form(currency, language).format(amount / 10 ** digits(currency));
}

/** Basis points as people read them, such as "24 %". */
export function percent(basisPoints, language = spoken()) {
  return new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 2 }).format(basisPoints / 10000);
}

/** As people type it, without its currency. */
export function plain({ amount, currency }) {
  return (amount / 10 ** digits(currency)).toFixed(digits(currency));
}

/** What somebody typed, with a comma or a point before the cents; null if that is no amount of money. */
export function read(text, currency) {
  const tidy = text.replace(digits(currency) ? /[\s']/g : /[\s'.,]/g, "");
  const found = /^(\d{1,9})(?:[.,](\d*))?$/.exec(tidy);
  const cents = found?.[2] ?? "";
  if (!found || cents.length > digits(currency)) return null;
  return money(Number(found[1] + cents.padEnd(digits(currency), "0")), currency);
}

/** VAT inside a gross total, rounded half up: what the server reckons too. */
export function vatWithin(total, basisPoints) {
  const whole = 10000 + basisPoints;
  return Math.floor((2 * total * basisPoints + whole) / (2 * whole));
}

const NOTES = { ISK: [500, 1000, 2000, 5000, 10000], PLN: [1000, 2000, 5000, 10000, 20000, 50000] };
const OTHER_NOTES = [500, 1000, 2000, 5000, 10000, 20000];

/** What a customer is likely to hand over for an amount, apart from the exact money: at most four. */
export function likelyNotes({ amount, currency }) {
  const notes = NOTES[currency] ?? OTHER_NOTES;
  const handed = notes.map((note) => Math.ceil(amount / note) * note).filter((given) => given > amount);
  return [...new Set(handed)].sort((one, other) => one - other).slice(0, 4).map((given) => money(given, currency));
}
