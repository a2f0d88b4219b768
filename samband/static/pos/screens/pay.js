// The screen on which a ticket is paid: what is due on the one side, how it is paid on the other.
import { now } from "../clock.js";
import { html, nothing } from "../html.js";
import { likelyNotes, percent, plain, written } from "../money.js";
import { amountMeant, changeDue, chosenMethod, left } from "../paying.js";
import { button, day, field, goodsName, key, qr, sign } from "../pieces.js";
import { currency, state } from "../state.js";
import { isSaid, named, t } from "../texts.js";
import * as tickets from "../ticket.js";

const KEYS = { cash: "F2", card_present: "F3", gift_card: "F4", pay_later: "F6", on_delivery: "F8" };
const ICONS = { cash: "cash", card_present: "card", gift_card: "gift", pay_later: "later", on_delivery: "truck" };

export function view() {
  return html`<div class="paying"><section class="due" aria-label="${t("pay.due")}">${due()}</section>
    <section class="how" aria-label="${t("pay.how")}">${state.ticket.deed ? (state.busy === "pay" ? taking() : unclear()) : how()}</section></div>`;
}

// --- what is due

function due() {
  const { ticket } = state;
  const lines = tickets.shownLines();
  const taken = (ticket.order?.tenders ?? []).filter((one) => ["captured", "authorised"].includes(one.state));
  return html`<header>${button("backToSell", t("act.back"), { hot: "Escape", icon: "left", look: "quiet", disabled: Boolean(ticket.order || ticket.deed) })}</header>
    <h1><small>${taken.length ? t("pay.left") : t("pay.to_pay")}</small><span class="amount">${written(left())}</span></h1>
    ${taken.length ? html`<ul class="taken">${taken.map((one) => html`<li>${sign("ok")}<span>${methodName(one)}${one.paid_with && html` <small>${one.paid_with}</small>`}</span><strong>${written(one.amount)}</strong></li>`)}</ul>` : nothing}
    <ol class="short-lines">${lines.map((line) => html`<li><span>${line.quantity} × ${goodsName(line)}</span><span>${written(line.total)}</span></li>`)}</ol>
    <dl class="sums"><div class="whole"><dt>${t("sum.total")}</dt><dd>${written(ticket.order?.total ?? tickets.total())}</dd></div></dl>
    ${ticket.order && !ticket.deed && html`<div class="deeds">${button("putAside", t("pay.leave_open"), { look: "quiet", icon: "clock", disabled: !state.pay.link })}
      ${button("callOff", t("pay.call_off"), { look: "quiet", icon: "bin", disabled: !state.line.up })}</div>`}`;
}

const methodName = (one) => (isSaid(`method.${one.method}`) ? t(`method.${one.method}`) : named(one.names) || one.method);

// --- how it is paid

function how() {
  const { pay, ticket } = state;
  if (pay.link) return link();
  if (ticket.order?.state === "action_required") return showing(ticket.order, t("pay.customer_confirms"));
  if (ticket.order?.state === "processing") return html`<p class="wait big" role="status">${t("pay.processing")}</p>`;
  if (!pay.methods) return html`<p class="wait" role="status">${t("pay.asking")}</p>`;
  return html`<ul class="methods" data-list="grid">${pay.methods.map(method)}
      <li>${methodButton("payByLink", "link", t("method.link"), "F7", "qr", !state.line.up)}</li></ul>
    ${!state.line.up && html`<p class="notice">${t("pay.offline")}</p>`}
    <form class="tender" data-do="take" novalidate>${{ cash, card_present: card, gift_card: gift, pay_later: later, on_delivery: () => nothing }[pay.method]?.()}
      ${pay.wrong && html`<p class="wrong" role="alert">${pay.wrong}</p>`}
      ${takeButton()}</form>`;
}

function method(one) {
  const off = !one.available || (!state.line.up && one.method !== "cash");
  const why = one.reason && isSaid(`reason.${one.reason}`) ? t(`reason.${one.reason}`) : "";
  return html`<li>${methodButton("chooseMethod", one.method, methodName(one), KEYS[one.method], ICONS[one.method], off, why)}</li>`;
}

function methodButton(does, name, text, hot, icon, off, why = "") {
  return html`<button type="button" class="method" data-do="${does}" data-arg="${name}" data-hot="${hot}" aria-keyshortcuts="${hot}"
    aria-pressed="${state.pay.method === name}" ${off && html`disabled`}>${sign(icon)}<span>${text}${why && html`<small>${why}</small>`}</span>${key(hot)}</button>`;
}

function takeButton() {
  const amount = amountMeant();
  const whole = amount?.amount === left().amount;
  const waits = state.busy === "pay";
  const text = waits ? t("pay.working") : t(whole ? `pay.take_${state.pay.method}` : "pay.take_part", { amount: amount ? written(amount) : "–" });
  return html`<button class="button big full" data-hot="F9" aria-keyshortcuts="F9" ${waits && html`aria-disabled="true"`}>${text}${key("F9")}</button>`;
}

function cash() {
  const back = changeDue();
  return html`<div class="cash"><div>${field("given", t("cash.given"), state.pay.given, { mode: "decimal", focus: true })}
      <p class="handed"><button type="button" class="chip" data-do="given" data-arg="${plain(left())}">${t("cash.exact")}</button>
      ${likelyNotes(left()).map((note) => html`<button type="button" class="chip" data-do="given" data-arg="${plain(note)}">${written(note)}</button>`)}</p>
      <p class="change" aria-live="polite"><span>${t("cash.change")}</span><strong>${back ? written(back) : "–"}</strong></p></div>
    ${keypad()}</div>`;
}

function keypad() {
  const last = written({ amount: 0, currency: currency() }).includes("0,0") ? "," : ".";
  return html`<div class="keypad" aria-hidden="true">${["1", "2", "3", "4", "5", "6", "7", "8", "9", last, "0", "back"].map(
    (name) => html`<button type="button" tabindex="-1" data-do="payKey" data-arg="${name}">${name === "back" ? sign("back") : name}</button>`)}</div>`;
}

const amount = (focus = true) => field("amount", t("pay.amount"), state.pay.amount, { mode: "decimal", focus });

function card() {
  const { cards, card: chosen } = state.pay;
  return html`${amount()}${cards.length
    ? html`<p class="field"><label for="f-card">${t("card.sandbox")}</label><select id="f-card" data-note="card">${cards.map(
        (one) => html`<option value="${one.token}" ${one.token === chosen && html`selected`}>${one.label}</option>`)}</select></p>`
    : html`<p class="soft">${t("card.how")}</p>`}`;
}

function gift() {
  const { code, balance } = state.pay;
  return html`<div class="row">${field("giftCode", t("gift.code"), code, { focus: true })}${button("lookAtGiftCard", t("gift.look"), { look: "quiet", disabled: !code })}</div>
    ${balance && html`<p class="notice" role="status">${t("gift.balance", { amount: written(balance) })}</p>`}${amount(false)}`;
}

function later() {
  const { plan: chosen } = state.pay;
  return html`<fieldset class="choices plans" data-list="choices"><legend>${t("later.plan")}</legend>${chosenMethod().plans.map(
    (plan, at) => html`<label class="choice"><input type="radio" name="plan" value="${plan.id}" data-note="plan" ${plan.id === chosen && html`checked`} ${at === 0 && html`data-focus`}>
      <span><strong>${t("later.each", { count: plan.instalments, each: written(plan.each) })}</strong>
      <small>${t("later.first", { day: day(inDays(plan.first_days)) })} · ${t("later.rate", { rate: percent(plan.annual_rate_basis_points) })}</small></span>
      <span class="whole"><small>${t("sum.total")}</small>${written(plan.total)}</span></label>`)}</fieldset>`;
}

const inDays = (count) => new Date(now().getTime() + count * 86_400_000);

// --- what the customer does themselves, and what nobody knows yet

function link() {
  return html`<div class="showing">${qr(state.pay.link.qr, t("link.qr"))}<p class="big">${t("link.how")}</p>
    <p class="wait" role="status">${t("link.waiting")}</p>
    ${button("noLink", t("link.other"), { look: "quiet", hot: "F2" })}</div>`;
}

function showing(order, text) {
  return html`<div class="showing">${order.qr ? qr(order.qr, t("link.qr")) : nothing}<p class="big">${text}</p><p class="wait" role="status">${t("link.waiting")}</p></div>`;
}

const taking = () => html`<div class="showing taking"><p class="wait big" role="status">${t("pay.taking")}</p></div>`;

function unclear() {
  return html`<div class="showing unclear">${sign("warn")}<h2>${t("unclear.title")}</h2><p>${t("unclear.how")}</p>
    <div class="deeds">${button("askAgain", t("unclear.ask"), { hot: "F9", look: "big", disabled: state.busy === "pay" })}
      ${button("putAside", t("unclear.aside"), { hot: "F8", look: "quiet" })}</div></div>`;
}
