// A sale while the line is down: for cash, from the allotment, with the prices that the device knows.
import { now } from "./clock.js";
import { doLater } from "./deeds.js";
import { item, snapshotVersion } from "./goods.js";
import { vatWithin } from "./money.js";
import { sell } from "./queue.js";
import { currency, state } from "./state.js";
import { goNow, recount } from "./sync.js";
import { named, spoken } from "./texts.js";

/** Sell the ticket for cash; returns the sale once it is on disk. Throws NotAllotted; then nothing was sold. */
export async function sellForCash(ticket, given) {
  const sale = saleOf(ticket, given);
  const queued = await sell(sale);
  if (ticket.customer && ticket.cart) await takeOutOfCart(ticket);
  await recount();
  goNow();
  return queued;
}

/** What was sold does not wait in the customer's own cart any more. */
async function takeOutOfCart({ cart, lines }) {
  for (const { sku } of lines) await doLater(`carts/${cart.id}/lines`, { sku, quantity: 0, ways: {} });
}

function saleOf(ticket, given) {
  const lines = ticket.lines.map(soldLine);
  const total = sum(lines, "total");
  return {
    sale_id: ticket.id,
    sold_at: now().toISOString(),
    drawer_id: state.drawer.id,
    sold_by: state.cashier.id,
    snapshot: snapshotVersion(),
    market: state.device.store.market,
    currency: currency(),
    language: spoken(),
    customer_id: ticket.customer?.id ?? null,
    allotment_id: state.allotment?.id ?? null,
    lines,
    total,
    vat: sum(lines, "vat"),
    tenders: [{ method: "cash", amount: total, given: given.amount, change: given.amount - total }],
  };
}

function soldLine({ sku, quantity }) {
  const { names, labels, unit, vat_basis_points } = item(sku);
  const total = unit * quantity;
  const name = [named(names), named(labels)].filter(Boolean).join(", ");
  return { sku, name, quantity, unit, total, vat_basis_points, vat: vatWithin(total, vat_basis_points) };
}

const sum = (lines, what) => lines.reduce((all, line) => all + line[what], 0);
