// The ticket: what is being sold. It is the till's own; while the line is up, a cart on the server follows it.
import { LineDown, post, Problem } from "./asking.js";
import { item } from "./goods.js";
import { newId } from "./ids.js";
import { within } from "./keeping.js";
import { money } from "./money.js";
import { change, currency, here, state } from "./state.js";

const CARRY = { kind: "carry" };
let release = () => {};

export const fresh = () => ({
  id: newId(), lines: [], customer: null, cart: null, order: null, deed: null, address: null, contact: null, slot: null,
  delivered: false, handed: null,
});

/** Take up the ticket that a tab which is no more left behind, else begin a new one. */
export async function takeUpLeft() {
  if (state.ticket) return undefined;
  const left = await within(["tickets"], "readonly", ({ tickets }) => tickets.getAll());
  for (const ticket of left) if (await hold(ticket.id)) return change({ ticket });
  return begin();
}

/** Begin with a new ticket, or with one that was put aside. */
export async function begin(ticket = fresh()) {
  await hold(ticket.id);
  change({ ticket });
}

/** One tab holds a ticket at a time; the lock goes when the tab does. */
function hold(id) {
  return new Promise((resolve) => {
    navigator.locks.request(`samband-ticket-${id}`, { ifAvailable: true }, (lock) => {
      resolve(Boolean(lock));
      if (!lock) return undefined;
      release();
      return new Promise((let_go) => {
        release = let_go;
      });
    });
  });
}

/** Whether some tab has this ticket. */
export const isHeld = (id) =>
  new Promise((resolve) => {
    navigator.locks.request(`samband-ticket-${id}`, { ifAvailable: true }, (lock) => resolve(!lock));
  });

/** Nothing more is to be done with this ticket: the next one, please. */
export async function drop(ticket = state.ticket) {
  await within(["tickets"], "readwrite", ({ tickets }) => tickets.delete(ticket.id));
  await begin();
}

function save(ticket) {
  return within(["tickets"], "readwrite", ({ tickets }) => tickets.put(ticket));
}

// --- what is on it

export const lineOf = (sku, ticket = state.ticket) => ticket.lines.find((line) => line.sku === sku);
export const pieces = (ticket = state.ticket) => ticket.lines.reduce((sum, line) => sum + line.quantity, 0);
export const wayOf = (line) => line.way ?? CARRY;

export function add(sku, quantity = 1, way = undefined) {
  const line = lineOf(sku);
  return set(sku, (line?.quantity ?? 0) + quantity, way);
}

export async function set(sku, quantity, way = undefined) {
  const { ticket } = state;
  const line = lineOf(sku);
  if (quantity <= 0) ticket.lines = ticket.lines.filter((other) => other !== line);
  else if (line) Object.assign(line, { quantity }, way && { way });
  else ticket.lines.push({ sku, quantity, way: way ?? CARRY });
  await changed(ticket);
}

export async function setWay(sku, way) {
  lineOf(sku).way = way;
  await changed(state.ticket);
}

export async function changed(ticket) {
  change();
  await save(ticket);
  await settle();
}

/** The ways of all lines that are not simply carried away, as the server wants them. */
export function ways(ticket = state.ticket) {
  const others = ticket.lines.filter((line) => wayOf(line).kind !== "carry");
  return Object.fromEntries(others.map((line) => [line.sku, wayFor(line, ticket)]));
}

function wayFor(line, ticket) {
  const way = wayOf(line);
  if (way.kind === "pickup") return { kind: "pickup", location: way.location };
  return ticket.slot ? { kind: "ship", slot_id: ticket.slot.id } : { kind: "ship" };
}

export const destination = (ticket) =>
  ticket.address?.postcode ? { country: ticket.address.country, postcode: ticket.address.postcode } : null;

// --- the cart that follows it

let settling = null;
let again = false;

/** Bring the cart in step with the ticket. Many changes in a row become one. */
export function settle() {
  again = true;
  settling ??= goOn().finally(() => {
    settling = null;
  });
  return settling;
}

async function goOn() {
  while (again) {
    again = false;
    const { ticket } = state;
    if (!ticket || ticket.order || ticket.deed || !state.line.up || !state.cashier) return;
    if (!ticket.cart && !ticket.lines.length) return;
    try {
      await step(ticket);
    } catch (error) {
      if (error instanceof LineDown) return;
      if (!(error instanceof Problem)) throw error;
      state.onProblem?.(error);
      if (!again) return;
    }
  }
}

const GONE = new Set(["cart_closed", "no_such_cart"]);
const REFUSED = new Set([404, 409, 422]);

async function step(ticket) {
  if (!ticket.cart) adopt(ticket, await open(ticket));
  for (const [sku, quantity] of differences(ticket)) {
    try {
      adopt(ticket, await post(`carts/${ticket.cart.id}/lines`, { sku, quantity, ways: ways(ticket) }));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (GONE.has(error.code)) ticket.cart = null;
      else if (REFUSED.has(error.status)) giveWay(ticket, sku);
      again = GONE.has(error.code);
      throw error;
    }
  }
  if (ticket.cart && waysSaid(ticket) !== ticket.said) {
    const wish = { ways: ways(ticket), destination: destination(ticket) };
    adopt(ticket, await post(`carts/${ticket.cart.id}/look`, wish));
  }
}

function open(ticket) {
  // Of several lines one may be refused: then each is asked for by itself.
  const lines = ticket.lines.length === 1 ? ticket.lines.map(({ sku, quantity }) => ({ sku, quantity })) : [];
  if (ticket.customer) return post("carts", { customer_id: ticket.customer.id, lines: [], ways: ways(ticket) });
  return post("carts", { customer_id: null, lines, ways: ways(ticket) });
}

function adopt(ticket, cart) {
  ticket.cart = cart;
  ticket.said = waysSaid(ticket);
  ticket.customer = cart.customer ?? ticket.customer;
  save(ticket);
  change();
}

const waysSaid = (ticket) => JSON.stringify([ways(ticket), destination(ticket)]);

function differences(ticket) {
  const had = new Map(ticket.cart.lines.map((line) => [line.sku, line.quantity]));
  const wanted = new Map(ticket.lines.map((line) => [line.sku, line.quantity]));
  const skus = [...new Set([...wanted.keys(), ...had.keys()])];
  return skus.filter((sku) => had.get(sku) !== wanted.get(sku)).map((sku) => [sku, wanted.get(sku) ?? 0]);
}

/** The server does not agree to a line: it goes back to what it was. */
function giveWay(ticket, sku) {
  const agreed = ticket.cart.lines.find((line) => line.sku === sku)?.quantity ?? 0;
  const line = lineOf(sku, ticket);
  if (line && agreed) line.quantity = agreed;
  else ticket.lines = ticket.lines.filter((other) => other.sku !== sku);
  change();
}

/** The cart as the server has it after something else than a line changed. */
export async function follow(cart) {
  adopt(state.ticket, cart);
}

/** Another cart becomes this ticket's: what was on the ticket before is added to it. */
export async function takeCart(cart, { joined = false } = {}) {
  const { ticket } = state;
  const before = ticket.lines;
  ticket.lines = cart.lines.map(({ sku, quantity }) => ({ sku, quantity, way: lineOf(sku)?.way ?? CARRY }));
  for (const { sku, quantity, way } of joined ? [] : before) {
    const line = lineOf(sku);
    if (line) line.quantity += quantity;
    else ticket.lines.push({ sku, quantity, way });
  }
  adopt(ticket, cart);
  await changed(ticket);
}

// --- what it costs

/** Whether the cart says the same as the ticket, so that its prices and promotions are those of the ticket. */
export function isInStep(ticket = state.ticket) {
  return Boolean(ticket.cart) && !differences(ticket).length && waysSaid(ticket) === ticket.said;
}

/** Lines as they are shown: priced by the cart where it is in step, else from what the device knows. */
export function shownLines(ticket = state.ticket) {
  return ticket.lines.map((line) => {
    const priced = ticket.cart?.lines.find((other) => other.sku === line.sku);
    const known = item(line.sku) ?? priced;
    const said = priced?.quantity === line.quantity ? priced : null;
    const unit = priced?.unit ?? (known?.unit?.currency ? known.unit : money(known?.unit ?? 0, currency()));
    return {
      ...line, way: wayOf(line), names: known?.names ?? {}, labels: known?.labels ?? {}, image: known?.image ?? null,
      unit, total: said?.total ?? money(unit.amount * line.quantity, unit.currency), discount: said?.discount ?? null,
      regular: item(line.sku)?.regular ?? null, available_here: priced?.available_here ?? null,
      short: Boolean(ticket.cart?.short?.includes(line.sku)),
    };
  });
}

export function total(ticket = state.ticket) {
  if (isInStep(ticket)) return ticket.cart.total;
  return money(shownLines(ticket).reduce((sum, line) => sum + line.total.amount, 0), currency());
}

/** The line is down: what keeps this ticket from being sold all the same, as [{sku, left}] or a code. */
export function obstacles(ticket = state.ticket) {
  const short = ticket.lines
    .map(({ sku, quantity }) => ({ sku, quantity, left: state.allotted.get(sku) ?? 0 }))
    .filter(({ quantity, left }) => quantity > left);
  const away = ticket.lines.filter((line) => wayOf(line).kind !== "carry").map((line) => line.sku);
  return { short, away, unknown: ticket.lines.filter((line) => !item(line.sku)).map((line) => line.sku) };
}

export const isElsewhere = (way) => way.kind === "pickup" && way.location !== here();
