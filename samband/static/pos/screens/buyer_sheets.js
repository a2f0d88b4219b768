// Sheets about the customer: who it is, where goods go, a coupon, the camera, and a cart on its way to their phone.
import { html, nothing } from "../html.js";
import { written } from "../money.js";
import { button, field, moment, qr, sheet, sign } from "../pieces.js";
import { state } from "../state.js";
import { t } from "../texts.js";

export function customer({ by, found, wrong, busy }) {
  const { customer: known } = state.ticket;
  return sheet("customer", t("customer.title"), html`
    ${known && html`<p class="notice">${sign("person")} ${t("customer.known", { name: known.name || known.email })}</p>`}
    ${!state.line.up && html`<p class="notice">${t("line.needed")}</p>`}
    <form class="stack" data-do="findCustomer" novalidate>
      ${field("by", t("customer.by"), by, { focus: true, mode: "email", hint: t("customer.by_hint") })}
      ${wrong && html`<p class="wrong" role="alert">${wrong}</p>`}
      <div class="deeds"><button class="button grow" ${busy && html`aria-disabled="true"`}>${t("customer.find")}</button>
        ${button("scan", t("customer.scan"), { hot: "F4", icon: "scan", look: "quiet" })}</div></form>
    ${found && !found.length ? html`<p class="empty" role="status">${t("customer.nobody")}</p>` : nothing}
    <ul class="found" data-list>${(found ?? []).map(person)}</ul>`);
}

function person(one) {
  return html`<li><button type="button" data-do="chooseCustomer" data-arg="${one.id}">${sign("person")}<span><strong>${one.name || one.email}</strong>
    <small>${[one.email, one.phone].filter(Boolean).join(" · ")}</small></span>
    ${one.cart?.pieces ? html`<b class="badge">${t("ticket.web_cart", { count: one.cart.pieces })}</b>` : nothing}</button></li>`;
}

export function camera({ wrong }) {
  return sheet("camera", t("scan.title"), html`<div class="finder-window" data-own data-key="camera"><video muted playsinline aria-label="${t("scan.title")}"></video></div>
    <p class="soft" role="status">${wrong ? t(`scan.${wrong}`) : t("scan.how")}</p>
    <form data-do="typeCode" class="row" novalidate>${field("typed", t("scan.type"), state.sheet.typed, { mode: "text" })}
      <button class="button">${t("scan.enter")}</button></form>`, { look: "dark" });
}

export function coupon({ code, wrong }) {
  return sheet("coupon", t("coupon.title"), html`<form class="stack" data-do="enterCoupon" novalidate>
    ${field("coupon", t("coupon.code"), code, { focus: true })}${wrong && html`<p class="wrong" role="alert">${wrong}</p>`}
    <button class="button big">${t("coupon.enter")}</button></form>`);
}

export function handedOut({ qr: svg, expires_at }) {
  return sheet("handout", t("handout.title"), html`<div class="showing">${qr(svg, t("handout.qr"))}<p>${t("handout.how")}</p>
    <p class="soft">${t("handout.until", { time: moment(expires_at) })}</p></div>`,
    { foot: button("handedOver", t("handout.done"), { hot: "F9", look: "big grow" }) });
}

/** A sale was called off: the cash that was taken goes back. */
export function giveBack({ amount }) {
  return sheet("giveBack", t("giveback.title"), html`<p class="change big"><span>${t("giveback.how")}</span><strong>${written(amount)}</strong></p>`,
    { foot: button("closeSheet", t("giveback.done"), { hot: "F9", look: "big grow" }) });
}

/** Where goods that are not carried away go, and how to reach whoever gets them. */
export function delivery({ form, ships, slots, wrong, busy }) {
  const known = state.ticket.customer;
  return sheet("delivery", t("delivery.title"), html`<form class="stack" data-do="setDelivery" id="delivery" novalidate>
    <div class="two">${field("name", t("delivery.name"), form.name, { focus: true, complete: "name" })}
      ${field("phone", t("delivery.phone"), form.phone, { type: "tel", complete: "tel" })}</div>
    ${field("email", t("delivery.email"), form.email, { type: "email", hint: known && t("delivery.email_hint") })}
    ${ships && html`<div class="two"><p class="field"><label for="f-country">${t("delivery.country")}</label>${countries(form.country)}</p>
        ${field("postcode", t("delivery.postcode"), form.postcode)}</div>
      ${field("line1", t("delivery.street"), form.line1)}${field("city", t("delivery.city"), form.city)}${slotChoice(slots, form.slot_id)}`}
    ${wrong && html`<p class="wrong" role="alert">${wrong}</p>`}
    <button class="button big" data-hot="F9" aria-keyshortcuts="F9" ${busy && html`aria-disabled="true"`}>${t("delivery.go_on")}<kbd aria-hidden="true">F9</kbd></button></form>`);
}

function countries(chosen) {
  const all = ["IS", "GR", "PL", "LV", "GB"];
  const names = new Intl.DisplayNames(document.documentElement.lang, { type: "region" });
  return html`<select id="f-country" data-note="country">${[...new Set([chosen, ...all])].map(
    (code) => html`<option value="${code}" ${code === chosen && html`selected`}>${names.of(code)}</option>`)}</select>`;
}

function slotChoice(slots, chosen) {
  if (!slots) return button("findSlots", t("delivery.find_slots"), { icon: "clock", look: "quiet" });
  if (!slots.length) return html`<p class="soft" role="status">${t("delivery.no_slots")}</p>`;
  return html`<fieldset class="choices slots" data-list="choices"><legend>${t("delivery.slot")}</legend>
    <label class="choice"><input type="radio" name="slot" value="" data-note="slot_id" ${!chosen && html`checked`}><span><strong>${t("delivery.any_time")}</strong></span></label>
    ${slots.map((one) => html`<label class="choice"><input type="radio" name="slot" value="${one.id}" data-note="slot_id" ${one.id === chosen && html`checked`}>
      <span><strong>${moment(one.starts_at, { weekday: "short", day: "numeric", month: "short" })}</strong>
      <small>${moment(one.starts_at, { timeStyle: "short" })}–${moment(one.ends_at, { timeStyle: "short" })} · ${t("delivery.left", { count: one.left })}</small></span></label>`)}
  </fieldset>`;
}

export function shortcuts() {
  const rows = ["F2", "F3", "F4", "F6", "F7", "F8", "F9", "Alt+1…5", "+ −", "Delete", "Esc", "?"];
  const names = ["search", "customer", "scan", "coupon", "lines", "phone", "pay", "screens", "quantity", "remove", "back", "help"];
  return sheet("shortcuts", t("keys.title"), html`<dl class="shortcuts">${rows.map(
    (row, at) => html`<div><dt>${row.split(" ").map((one) => html`<kbd>${one}</kbd>`)}</dt><dd>${t(`keys.${names[at]}`)}</dd></div>`)}</dl>
    <p class="soft">${t("keys.type_ahead")}</p>`);
}
