// Where goods go that are not carried away, and when.
import { post } from "./asking.js";
import { openPaying } from "./paying.js";
import { change, state } from "./state.js";
import { t } from "./texts.js";
import * as ticket from "./ticket.js";

const ADDRESS = ["line1", "city", "postcode"];
const kinds = () => new Set(state.ticket.lines.map((line) => ticket.wayOf(line).kind));

/** Whether somebody must say where goods go before the ticket is paid. */
export function isNeeded() {
  const { delivered, address } = state.ticket;
  if (!state.line.up) return false;
  return (kinds().has("ship") && !address) || (kinds().has("pickup") && !delivered);
}

export function open() {
  const { contact, address, slot, customer } = state.ticket;
  const form = { name: customer?.name ?? "", phone: "", email: "", country: state.device.store.country, line1: "", city: "", postcode: "", ...address, ...contact, slot_id: slot?.id ?? "" };
  change({ sheet: { kind: "delivery", form, ships: kinds().has("ship"), slots: null, wrong: "" } });
}

async function findSlots() {
  const { sheet } = state;
  const { country, postcode } = sheet.form;
  try {
    const { slots } = await post(`carts/${state.ticket.cart.id}/slots`, { country, postcode: postcode.trim(), ways: ticket.ways() });
    Object.assign(sheet, { slots, wrong: "" });
  } catch (error) {
    sheet.wrong = error.text ?? t("line.lost");
  }
  change();
}

async function setDelivery() {
  const { form, ships, slots } = state.sheet;
  const missing = ships && ADDRESS.some((name) => !form[name].trim());
  if (missing || !form.name.trim() || !(form.email.trim() || state.ticket.customer)) {
    state.sheet.wrong = t("delivery.missing");
    return change();
  }
  const now = state.ticket;
  const { name, phone, email, country, line1, city, postcode } = form;
  now.contact = email.trim() ? { email: email.trim(), name: name.trim(), phone: phone.trim() } : null;
  now.address = ships ? { name: name.trim(), line1: line1.trim(), line2: "", city: city.trim(), postcode: postcode.trim(), country, phone: phone.trim() } : null;
  now.slot = slots?.find((one) => one.id === form.slot_id) ?? null;
  now.delivered = true;
  change({ sheet: null });
  await ticket.changed(now);
  return openPaying();
}

export const actions = { findSlots, setDelivery, openDelivery: open };

const keep = (name) => (value) => {
  state.sheet.form[name] = value;
};

export const note = Object.fromEntries(
  ["name", "phone", "email", "country", "line1", "city", "postcode", "slot_id"].map((name) => [name, keep(name)]),
);
