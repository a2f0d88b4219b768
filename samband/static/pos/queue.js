// Sales made while the line was down. A sale is in the queue from the transaction that made it until the transaction that notes its answer.
import { within } from "./keeping.js";

/** The allotment has fewer left than were to be sold. */
export class NotAllotted extends Error {
  constructor(short) {
    super("not_allotted");
    this.short = short;
  }
}

/**
 * Make a sale, once: it is queued, the allotment is lowered, its ticket is cleared and the sequence goes on, all in one
 * transaction. A sale has its ticket's id.
 *
 * Returns the sale as queued. A sale that was made before is returned as it was. Throws NotAllotted; then nothing was sold.
 */
export function sell(sale) {
  return within(["facts", "allotment", "queue", "told", "tickets"], "readwrite", async (stores) => {
    const { facts, allotment, queue, told, tickets } = stores;
    const earlier = (await queue.get(sale.sale_id)) ?? (await told.get(sale.sale_id));
    if (earlier) return earlier;
    await lower(allotment, sale.lines);
    const sequence = ((await facts.get("sequence")) ?? 0) + 1;
    const queued = { ...sale, sequence, shown: false };
    await queue.add(queued);
    await facts.put(sequence, "sequence");
    await tickets.delete(sale.sale_id);
    return queued;
  });
}

async function lower(allotment, lines) {
  const short = [];
  for (const { sku, quantity } of lines) {
    const held = (await allotment.get(sku)) ?? { sku, left: 0 };
    if (held.left < quantity) short.push({ sku, wanted: quantity, left: held.left });
    await allotment.put({ ...held, left: held.left - quantity });
  }
  if (short.length) throw new NotAllotted(short);
}

export function waiting() {
  return within(["queue"], "readonly", async ({ queue }) => inOrder(await queue.getAll()));
}

export function toldSales() {
  return within(["told"], "readonly", async ({ told }) => inOrder(await told.getAll()).reverse());
}

const inOrder = (sales) => sales.sort((one, other) => one.sequence - other.sequence);

/**
 * Note what the server answered: each answered sale leaves the queue in the same transaction that writes its answer down, and the allotment
 * is what the server still holds, less what the queue has sold of it.
 */
export function note({ sales, allotment: held, last_sequence: last }) {
  return within(["facts", "allotment", "queue", "told"], "readwrite", async ({ facts, allotment, queue, told }) => {
    // Whatever has no answer yet stays, and is sent again.
    for (const answer of sales.filter(Boolean)) {
      const sale = await queue.get(answer.sale_id);
      if (!sale) continue;
      await told.put({ ...sale, answer, refused: undefined });
      await queue.delete(answer.sale_id);
    }
    const sequence = (await facts.get("sequence")) ?? 0;
    if (last > sequence) await facts.put(last, "sequence");
    if (held !== undefined) await setAllotment({ facts, allotment, queue }, held);
  });
}

/** Take over the allotment as the server has it; null: there is none. */
export function noteAllotment(held) {
  return within(["facts", "allotment", "queue"], "readwrite", (stores) => setAllotment(stores, held));
}

async function setAllotment({ facts, allotment, queue }, held) {
  const sold = new Map();
  for (const sale of await queue.getAll()) {
    for (const { sku, quantity } of sale.lines) sold.set(sku, (sold.get(sku) ?? 0) + quantity);
  }
  await allotment.clear();
  await facts.put(held && { id: held.id, sell_until: held.sell_until }, "allotment");
  for (const { sku, left } of held?.lines ?? []) await allotment.put({ sku, left: left - (sold.get(sku) ?? 0) });
}

/** How many sales wait, were refused or became conflicts, how many deeds were put aside, and what may still be sold. */
export function counts() {
  return within(["facts", "queue", "told", "deeds", "allotment"], "readonly", async (stores) => {
    const [sales, told, deeds, held, about] = await Promise.all([
      stores.queue.getAll(),
      stores.told.getAll(),
      stores.deeds.getAll(),
      stores.allotment.getAll(),
      stores.facts.get("allotment"),
    ]);
    return {
      waiting: sales.length,
      refused: sales.filter((sale) => sale.refused).length,
      conflicts: told.filter((sale) => sale.answer.state === "conflict" && !sale.resolved).length,
      asides: deeds.filter((deed) => deed.aside && !deed.quiet).length,
      allotted: new Map(held.map(({ sku, left }) => [sku, left])),
      allotment: about ?? null,
    };
  });
}

/** Somebody has seen a sale's receipt. */
export function noteShown(sale_id) {
  return within(["queue", "told"], "readwrite", async (stores) => {
    for (const store of Object.values(stores)) {
      const sale = await store.get(sale_id);
      if (sale) await store.put({ ...sale, shown: true });
    }
  });
}

/** Sales whose receipts nobody has seen, because the device went off before they were shown. */
export async function unshown() {
  const made = [...(await waiting()), ...(await toldSales())];
  return made.filter((sale) => !sale.shown);
}

/** Somebody has decided on conflicts, here or elsewhere. */
export function noteResolved(ids) {
  return within(["told"], "readwrite", async ({ told }) => {
    for (const sale of await told.getAll()) {
      if (ids.includes(sale.answer.kept_as ?? sale.sale_id)) await told.put({ ...sale, resolved: true });
    }
  });
}

/** The server would not even take a sale in: it stays in the queue, for a person to see. */
export function noteRefused(sale_id, code) {
  return within(["queue"], "readwrite", async ({ queue }) => {
    const sale = await queue.get(sale_id);
    if (sale) await queue.put({ ...sale, refused: code });
  });
}

const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/** Answered sales are kept for a week, so that their receipts can be shown again. */
export function forgetOld(now) {
  return within(["told"], "readwrite", async ({ told }) => {
    for (const sale of await told.getAll()) {
      if (now - new Date(sale.sold_at) > KEPT_MS) await told.delete(sale.sale_id);
    }
  });
}
