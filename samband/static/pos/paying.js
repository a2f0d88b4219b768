// Paying: tender by tender, until nothing is left. What was asked is written down first and asked again until it is answered.
import { get, LineDown, post, Problem } from "./asking.js";
import { now } from "./clock.js";
import * as deeds from "./deeds.js";
import { money, plain, read } from "./money.js";
import { NotAllotted, noteShown } from "./queue.js";
import { ofOrder, ofSale } from "./receipts.js";
import { sellForCash } from "./selling.js";
import { change, currency, state } from "./state.js";
import { spoken, t } from "./texts.js";
import * as tickets from "./ticket.js";

const POLL_MS = 2_000;
const AT_THE_TILL = ["cash", "card_present", "gift_card", "pay_later", "on_delivery"];
let polling;

/** Open the screen on which a ticket is paid. */
export async function openPaying() {
  if (state.line.up) await tickets.settle();
  prepare();
  await fetchMethods();
}

/** The screen on which a ticket is paid, before anything is chosen. */
export function prepare() {
  state.pay = { method: null, methods: null, cards: [], given: "", amount: "", code: "", card: "", plan: "", wrong: "", link: null, balance: null };
  change({ screen: "pay" });
}

export async function fetchMethods() {
  const { ticket, pay } = state;
  if (!state.line.up || !ticket.cart) {
    pay.methods ??= [cashAlone()];
    return choose("cash");
  }
  try {
    // Of a ticket that is partly paid the plans are those of the rest.
    const wish = { ways: tickets.ways(), amount: ticket.order ? left() : null };
    const asked = [post(`carts/${ticket.cart.id}/methods`, wish), get("terminal/tokens")];
    const [{ methods }, { cards }] = await Promise.all(asked);
    pay.methods = AT_THE_TILL.map((name) => methods.find((one) => one.method === name)).filter(Boolean);
    pay.cards = cards;
    pay.card = cards[0]?.token ?? "";
  } catch (error) {
    if (!(error instanceof LineDown || error instanceof Problem)) throw error;
    pay.methods = [cashAlone()];
  }
  const chosen = pay.methods.find((one) => one.available && one.method === pay.method);
  choose((chosen ?? pay.methods.find((one) => one.available))?.method ?? "cash");
}

const cashAlone = () => ({ method: "cash", provider: "", names: {}, available: true, reason: "", plans: [] });

/** What is still to be paid. */
export const left = () => state.ticket.order?.left ?? tickets.total();

export const chosenMethod = () => state.pay.methods?.find((one) => one.method === state.pay.method);

export function choose(name) {
  const { pay } = state;
  Object.assign(pay, { method: name, wrong: "", given: "", amount: plain(left()), code: "", balance: null });
  pay.plan = chosenMethod()?.plans[0]?.id ?? "";
  change();
}

/** What the cashier typed in, as the amount that this tender is to pay; null while it is no amount. */
export function amountMeant() {
  const { pay } = state;
  if (pay.method !== "cash") return pay.amount === "" ? left() : read(pay.amount, currency());
  const given = givenMeant();
  return given && money(Math.min(given.amount, left().amount), given.currency);
}

export const givenMeant = () => (state.pay.given === "" ? left() : read(state.pay.given, currency()));

export const changeDue = () => {
  const given = givenMeant();
  return given && money(Math.max(0, given.amount - left().amount), given.currency);
};

/** Take the tender that was chosen. */
export async function take() {
  const amount = amountMeant();
  if (!amount || amount.amount <= 0 || amount.amount > left().amount) return say(t("pay.no_amount"));
  if (!state.line.up) return takeOffline();
  if (state.pay.method === "cash") state.ticket.handed = { given: givenMeant(), change: changeDue() };
  await asked(() => ask(tender(amount)));
}

function tender(amount) {
  const { pay } = state;
  const token = { card_present: pay.card, gift_card: pay.code.trim() }[pay.method] ?? "";
  const method = chosenMethod();
  return {
    method: pay.method,
    provider: method.provider,
    amount,
    ...(token && { token }),
    ...(pay.method === "cash" && { given: givenMeant() }),
    ...(pay.plan && pay.method === "pay_later" && { plan: pay.plan }),
  };
}

function ask(...tenders) {
  const { ticket } = state;
  if (ticket.order?.order_id) return deeds.doFor(ticket, `orders/${ticket.order.order_id}/pay`, { tenders });
  return deeds.doFor(ticket, `carts/${ticket.cart.id}/checkout`, {
    version: ticket.cart.version,
    seen_total: ticket.cart.total,
    ways: tickets.ways(),
    slot_id: ticket.slot?.id ?? null,
    address: ticket.address,
    contact: ticket.contact,
    tenders,
    language: spoken(),
  });
}

/** One deed at a time; what comes of it is shown, also when nobody knows yet. */
async function asked(deed) {
  if (state.busy) return;
  change({ busy: "pay" });
  try {
    await heard(await deed());
  } catch (error) {
    if (error instanceof LineDown) say("");
    else if (error instanceof Problem) await refused(error);
    else throw error;
  } finally {
    change({ busy: null });
  }
}

async function refused(error) {
  if (!state.pay.methods) await fetchMethods();
  say(error.text);
  if (error.code === "drawer_needed") change({ screen: "drawer" });
  if (!["basket_changed", "cart_edited", "sold_out"].includes(error.code)) return;
  // The ticket shows what changed; whoever stands there decides anew.
  state.ticket.said = null;
  await tickets.settle();
  change({ screen: "sell" });
}

async function heard(outcome) {
  const { ticket, pay } = state;
  clearTimeout(polling);
  if (outcome.state === "placed") return done(ofOrder({ ...outcome, handed: ticket.handed }));
  const declined = outcome.tenders?.findLast((one) => one.decline_reason);
  if (["cancelled", "declined"].includes(outcome.state)) {
    await tickets.drop();
    const back = outcome.change?.amount ? { kind: "giveBack", amount: outcome.change } : null;
    return change({ screen: "sell", sheet: back });
  }
  if (outcome.state === "awaiting" && !pay.link) await fetchMethods();
  if (outcome.state === "awaiting" && declined) pay.wrong = t("pay.declined");
  if (["action_required", "processing"].includes(outcome.state) || pay.link) polling = setTimeout(poll, POLL_MS);
  change({ ticket });
}

async function poll() {
  const { ticket } = state;
  if (state.screen !== "pay" || !ticket.order) return;
  try {
    const outcome = await post(`orders/${ticket.order.order_id}/status`);
    if (state.ticket !== ticket) return;
    ticket.order = outcome;
    await heard(outcome);
  } catch (error) {
    if (error instanceof LineDown) polling = setTimeout(poll, POLL_MS * 2);
    else say(error.text ?? "");
  }
}

/** What an order that was begun before says now. */
export const showOutcome = () => asked(async () => state.ticket.order ?? { state: "awaiting", left: left() });

/** Ask again for what nobody answered. */
export const askAgain = () => asked(() => deeds.repeatFor(state.ticket));

/** The customer pays on their own phone: an order that waits, and a link to it. */
export async function payByLink() {
  const { pay } = state;
  await asked(async () => {
    const order = state.ticket.order ?? (await ask());
    if (order.state !== "awaiting") return order;
    pay.link = await post(`orders/${order.order_id}/link`);
    return order;
  });
}

/** Give up an order that waits: what was paid goes back the way it came. */
export const callOff = () =>
  asked(() => deeds.doFor(state.ticket, `orders/${state.ticket.order.order_id}/call-off`, {}));

/** The next customer, please: what is not known yet is asked for in the background. */
export async function putAside() {
  clearTimeout(polling);
  await deeds.putAside(state.ticket);
  await tickets.begin();
  change({ screen: "sell" });
}

/** What is on a gift card. */
export async function lookAtGiftCard() {
  const { pay } = state;
  const code = pay.code.trim();
  try {
    const { balance } = await post("gift-card", { code });
    if (pay.code.trim() !== code) return; // another card is held up by now
    pay.balance = balance;
    pay.amount = plain(money(Math.min(pay.balance.amount, left().amount), currency()));
    say("");
  } catch (error) {
    say(error.text ?? t("line.lost"));
  }
}

async function takeOffline() {
  const given = givenMeant();
  const { ticket } = state;
  if (state.pay.method !== "cash" || ticket.deed || ticket.order) return say(t("pay.line_needed"));
  if (given.amount < left().amount) return say(t("pay.all_in_cash"));
  if (!state.drawer) return say(t("pay.no_drawer"));
  if (!mayBeSold(tickets.obstacles(ticket))) return say(t("pay.not_offline"));
  if (state.busy) return undefined;
  change({ busy: "pay" });
  try {
    const sale = await sellForCash(ticket, given);
    await done(ofSale(sale));
  } catch (error) {
    if (!(error instanceof NotAllotted)) throw error;
    say(t("pay.not_offline"));
  } finally {
    change({ busy: null });
  }
  return undefined;
}

const mayBeSold = ({ short, away, unknown }) => !short.length && !away.length && !unknown.length && isAllotted();
const isAllotted = () => state.allotment && new Date(state.allotment.sell_until) > now();

/** It is sold: the receipt is shown, and the next ticket begins. */
async function done(receipt) {
  state.done = { receipt: await receipt, mailed: null, email: state.ticket.contact?.email ?? "", wrong: "" };
  change({ screen: "done" });
  if (!state.done.receipt.offline) await tickets.drop();
}

/** The receipt was seen: on to the next customer. */
export async function next() {
  const { receipt } = state.done;
  if (receipt.offline) {
    await noteShown(receipt.sale_id);
    await tickets.begin();
  }
  change({ screen: "sell", done: null });
}

export function say(text) {
  state.pay.wrong = text;
  change();
}
