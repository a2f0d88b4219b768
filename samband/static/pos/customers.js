// Who is buying: found by phone, mail or the code on their phone; their cart comes along, and goes back.
import { LineDown, post } from "./asking.js";
import { change, state } from "./state.js";
import { t } from "./texts.js";
import * as ticket from "./ticket.js";
import { toast } from "./toast.js";

/** This customer's own cart becomes the ticket: what was on the ticket is joined into it by the server. */
export async function chooseCustomer(customer) {
  change({ sheet: null });
  const now = state.ticket;
  await ticket.settle();
  try {
    const cart = now.cart
      ? await post(`carts/${now.cart.id}/customer`, { customer_id: customer.id })
      : await post("carts", { customer_id: customer.id, lines: [], ways: {} });
    now.customer = customer;
    await ticket.takeCart(cart, { joined: true });
  } catch (error) {
    tell(error);
  }
}

/** A cart that was handed over by the customer's phone. */
export async function takeCartOver(token) {
  try {
    const cart = await post("carts/take-over", { token, customer_id: state.ticket.customer?.id ?? null });
    await ticket.takeCart(cart);
    toast(t("customer.cart_taken"));
  } catch (error) {
    tell(error);
  }
}

const tell = (error) => toast(error instanceof LineDown ? t("line.lost") : error.text);

async function inSheet(deed) {
  const { sheet } = state;
  Object.assign(sheet, { wrong: "", busy: true });
  change();
  try {
    await deed(sheet);
  } catch (error) {
    sheet.wrong = error.text ?? t("line.lost");
  }
  sheet.busy = false;
  change();
}

export const actions = {
  openCustomer: () => change({ sheet: { kind: "customer", by: "", found: null, wrong: "" } }),
  findCustomer: () =>
    inSheet(async (sheet) => {
      sheet.found = (await post("customers/find", { by: sheet.by.trim() })).customers;
    }),
  chooseCustomer: (id) => chooseCustomer(state.sheet.found.find((one) => one.id === id)),

  openCoupon: () => change({ sheet: { kind: "coupon", code: "", wrong: "" } }),
  enterCoupon: () =>
    inSheet(async (sheet) => {
      await ticket.settle();
      const code = sheet.code.trim();
      const cart = await post(`carts/${state.ticket.cart.id}/coupons`, { code });
      await ticket.follow(cart);
      const said = cart.coupons.find((one) => one.code.toLowerCase() === code.toLowerCase());
      if (said?.state === "applied") change({ sheet: null });
      else sheet.wrong = t(`coupon.${said?.state ?? "unknown"}`);
    }),
  async dropCoupon(code) {
    await ticket.follow(await post(`carts/${state.ticket.cart.id}/coupons/drop`, { code })).catch(tell);
  },

  async handOut() {
    try {
      await ticket.settle();
      const handed = await post(`carts/${state.ticket.cart.id}/hand-out`);
      change({ sheet: { kind: "handout", ...handed } });
    } catch (error) {
      tell(error);
    }
  },
  /** It is the customer's now: the till begins anew. */
  async handedOver() {
    change({ sheet: null });
    await ticket.drop();
  },
};

export const note = {
  by: (value) => { state.sheet.by = value; },
  coupon: (value) => { state.sheet.code = value; },
};
