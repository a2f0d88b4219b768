// What a receipt says, whether the server wrote it or this device did while the line was down.
import { get } from "./asking.js";
import { money } from "./money.js";
import { state } from "./state.js";
import { spoken } from "./texts.js";

/** The receipt of an order. */
export async function ofOrder({ order_id, number, total, change }, language = spoken()) {
  try {
    return { ...(await get(`orders/${order_id}/receipt?language=${language}`)), order_id, language };
  } catch {
    // The order stands; its receipt can be fetched later.
    return { order_id, number, total, change, language, lines: null, tenders: [], offline: false };
  }
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
