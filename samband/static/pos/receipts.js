// What a receipt says, whether the server wrote it or this device did while the line was down.
import { get, LineDown, Problem } from "./asking.js";
import { money } from "./money.js";
import { state } from "./state.js";
import { spoken } from "./texts.js";

/** The receipt of an order. `handed` is what this till was given in cash, and gave back. */
export async function ofOrder({ order_id, number, total, handed }, language = spoken()) {
  const known = { order_id, number, total, handed, language };
  try {
    const receipt = await get(`orders/${order_id}/receipt?language=${language}`);
    return { ...receipt, ...known, tenders: withCash(receipt.tenders, handed) };
  } catch (error) {
    if (!(error instanceof LineDown || error instanceof Problem)) throw error;
    // The order stands; its receipt can be fetched later.
    return { ...known, lines: null, tenders: handed ? [{ method: "cash", ...handed }] : [], offline: false };
  }
}

/** Of several payments in cash it is the last for which there was change. */
function withCash(tenders, handed) {
  const last = handed && tenders.findLast((one) => one.method === "cash");
  return tenders.map((one) => (one === last ? { ...one, ...handed } : one));
}

/** The receipt of a sale that waits on this device: a number of the device's own until the order has one. */
export function ofSale(sale, language = spoken()) {
  const { currency } = sale;
  const paid = (amount) => money(amount, currency);
  const lines = sale.lines.map((line) => ({
    ...line, unit: paid(line.unit), total: paid(line.total), discount: paid(0),
  }));
  const [cash] = sale.tenders;
  return {
    sale_id: sale.sale_id,
    number: sale.answer?.number ?? `${state.device.name} · ${sale.sequence}`,
    order_id: sale.answer?.order_id ?? null,
    at: sale.sold_at,
    time_zone: state.device.store.time_zone,
    store: { name: storeName(language), address: state.device.store.address ?? [], registration: state.device.store.registration ?? "" },
    cashier: state.staff.find((one) => one.id === sale.sold_by)?.name ?? state.cashier?.name ?? "",
    language,
    lines,
    total: paid(sale.total),
    discount: paid(0),
    shipping: paid(0),
    vat: rates(sale),
    tenders: [{ method: "cash", name: "", amount: paid(cash.amount), given: paid(cash.given), change: paid(cash.change) }],
    parts: [],
    offline: true,
  };
}

const storeName = (language) => state.device.store.names[language] ?? state.device.store.names.en;

function rates({ lines, currency }) {
  const sums = new Map();
  for (const { vat_basis_points: rate, total, vat } of lines) {
    const sum = sums.get(rate) ?? { total: 0, vat: 0 };
    sums.set(rate, { total: sum.total + total, vat: sum.vat + vat });
  }
  return [...sums].map(([rate, { total, vat }]) => ({
    basis_points: rate, net: money(total - vat, currency), vat: money(vat, currency), total: money(total, currency),
  }));
}
