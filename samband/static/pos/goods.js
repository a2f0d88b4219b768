// The snapshot: what this store sells and at what price, kept on the device.
import { get } from "./asking.js";
import { within } from "./keeping.js";

const MOST_FOUND = 60;
let items = new Map();
let byGtin = new Map();
let words = [];
let about = { version: 0, categories: [] };

export const item = (sku) => items.get(sku);
export const snapshotVersion = () => about.version;
export const categories = () => about.categories ?? [];

/** Read what was kept. */
export async function recall() {
  const [kept, known] = await within(["goods", "facts"], "readonly", async ({ goods, facts }) => [
    await goods.getAll(),
    await facts.get("snapshot"),
  ]);
  about = known ?? about;
  index(kept);
}

/** Fetch what has changed since, and keep it. */
export async function renew() {
  const news = await get(about.version ? `snapshot?have=${about.version}` : "snapshot");
  if (!news || news.version === about.version) return;
  about = { version: news.version, valid_until: news.valid_until, categories: news.categories ?? about.categories };
  const kept = await within(["goods", "facts"], "readwrite", async ({ goods, facts }) => {
    if (news.full) await goods.clear();
    for (const one of news.items) await goods.put(one);
    for (const sku of news.gone ?? []) await goods.delete(sku);
    await facts.put(about, "snapshot");
    return goods.getAll();
  });
  index(kept);
}

/** Start over: the device stands in another store now. */
export async function forget() {
  about = { version: 0, categories: [] };
  await within(["goods", "facts"], "readwrite", async ({ goods, facts }) => {
    await goods.clear();
    await facts.delete("snapshot");
  });
  index([]);
}

function index(kept) {
  items = new Map(kept.map((one) => [one.sku, one]));
  byGtin = new Map(kept.filter((one) => one.gtin).map((one) => [wholeGtin(one.gtin), one]));
  words = kept.map((one) => [searchable(one), one]);
}

const searchable = (one) =>
  folded([one.sku, one.gtin, ...Object.values(one.names), ...Object.values(one.labels ?? {})].join(" "));

// "sofi" finds "sófi", and "καναπες" finds "καναπές".
const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ς", "σ");

const wholeGtin = (digits) => digits.padStart(14, "0");

/** The item that a scanned or typed code names exactly; undefined if there is none here. */
export function itemByCode(code) {
  const tidy = code.trim();
  if (/^\d{8,14}$/.test(tidy)) return byGtin.get(wholeGtin(tidy)) ?? items.get(tidy);
  return items.get(tidy) ?? items.get(tidy.toUpperCase());
}

/** Items in which every word of the query occurs, those that begin with it first; at most sixty. */
export function search(query, category = "") {
  const wanted = folded(query).split(/\s+/).filter(Boolean);
  const found = words.filter(
    ([text, one]) => (!category || inCategory(one, category)) && wanted.every((word) => text.includes(word)),
  );
  const begins = ([text]) => (wanted.length && text.split(" ").some((word) => word.startsWith(wanted[0])) ? 0 : 1);
  return found
    .sort((one, other) => begins(one) - begins(other))
    .slice(0, MOST_FOUND)
    .map(([, one]) => one);
}

function inCategory(one, slug) {
  let at = one.category;
  while (at) {
    if (at === slug) return true;
    at = categories().find((category) => category.slug === at)?.parent;
  }
  return false;
}
