// The sale is made: the change, the receipt, and on to the next customer.
import { html, nothing } from "../html.js";
import { percent, written } from "../money.js";
import { button, field, key, moment, sign } from "../pieces.js";
import { state } from "../state.js";
import { LANGUAGES, isSaid, named, t } from "../texts.js";

export function view() {
  const { receipt } = state.done;
  return html`<div class="done"><section class="what-next">
      <h1>${sign("ok")}${receipt.offline ? t("done.kept") : t("done.placed")}</h1>
      ${receipt.offline && html`<p class="notice">${t("done.waits")}</p>`}
      ${change(receipt)}
      <button type="button" class="button big full" data-do="next" data-hot="F9" aria-keyshortcuts="F9" data-focus>${t("done.next")}${key("F9")}</button>
      <div class="deeds">${button("print", t("done.print"), { hot: "F4", icon: "printer", look: "quiet" })}
        ${receipt.order_id && button("saveForPrinter", t("done.escpos"), { icon: "down", look: "quiet", disabled: !state.line.up })}</div>
      ${receipt.order_id ? mail() : nothing}${tongue(receipt)}</section>
    <section class="paper" aria-label="${t("receipt.label")}" tabindex="0">${paper(receipt)}</section></div>`;
}

function change({ tenders }) {
  if (!tenders?.some((one) => one.method === "cash")) return nothing;
  const back = tenders.find((one) => one.change?.amount)?.change;
  return html`<p class="change big"><span>${t("cash.change")}</span><strong>${back ? written(back) : t("done.no_change")}</strong></p>`;
}

function mail() {
  const { email, mailed, wrong } = state.done;
  if (mailed) return html`<p class="notice" role="status">${t("done.mailed", { email: mailed })}</p>`;
  return html`<form class="row" data-do="mailReceipt" novalidate>${field("mail", t("done.mail"), email, { type: "email" })}
    <button class="button quiet">${sign("mail")}<span>${t("done.send")}</span></button></form>${wrong && html`<p class="wrong" role="alert">${wrong}</p>`}`;
}

const tongue = ({ language }) => html`<p class="field"><label for="f-tongue">${t("receipt.language")}</label><select id="f-tongue" data-note="receiptLanguage">${Object.entries(LANGUAGES).map(
  ([code, name]) => html`<option value="${code}" lang="${code}" ${code === language && html`selected`}>${name}</option>`)}</select></p>`;

/** A receipt as it stands on paper, in its own language. */
export function paper(receipt) {
  const { language } = receipt;
  const texts = state.done?.texts;
  const say = (name, gaps) => t(name, gaps, texts);
  const cost = (amount) => written(amount, language);
  const row = (what, how, look = "") => html`<div class="${look}"><dt>${what}</dt><dd>${how}</dd></div>`;
  if (!receipt.lines) return html`<div class="receipt"><p>${say("receipt.later", { number: receipt.number })}</p></div>`;
  return html`<article class="receipt" lang="${language}">
    <header><strong>${receipt.store.name}</strong>${receipt.store.address.map((line) => html`<span>${line}</span>`)}${receipt.store.registration && html`<span>${receipt.store.registration}</span>`}</header>
    <p class="when"><span>${receipt.number}</span><span>${new Intl.DateTimeFormat(language, { dateStyle: "short", timeStyle: "short", timeZone: receipt.time_zone }).format(new Date(receipt.at))}</span></p>
    <ol>${receipt.lines.map((line) => html`<li><span>${line.name}</span><small>${line.quantity} × ${cost(line.unit)}${line.discount.amount ? html` − ${cost(line.discount)}` : nothing}</small><strong>${cost(line.total)}</strong></li>`)}</ol>
    <dl>${receipt.shipping?.amount ? row(say("sum.shipping"), cost(receipt.shipping)) : nothing}
      ${receipt.discount?.amount ? row(say("receipt.saved"), cost(receipt.discount)) : nothing}
      ${row(say("sum.total"), cost(receipt.total), "whole")}
      ${receipt.tenders.map((one) => html`${row(tender(one, say), cost(one.given ?? one.amount))}${one.change?.amount ? row(say("cash.change"), cost(one.change)) : nothing}`)}</dl>
    <dl class="vat">${receipt.vat.map((one) => row(say("receipt.vat", { rate: percent(one.basis_points, language), net: cost(one.net) }), cost(one.vat)))}</dl>
    ${(receipt.parts ?? []).filter((part) => part.kind !== "carry").map((part) => html`<p class="part">${say(`receipt.${part.kind}`, { place: named(part.names, language), until: part.until ? new Intl.DateTimeFormat(language, { dateStyle: "medium" }).format(new Date(part.until)) : "" })}</p>`)}
    <footer><p>${say("receipt.served", { name: receipt.cashier })}</p>${receipt.offline && html`<p>${say("receipt.offline")}</p>`}<p>${say("receipt.thanks")}</p></footer></article>`;
}

const tender = (one, say) => (isSaid(`method.${one.method}`) ? say(`method.${one.method}`) : one.name) + (one.paid_with ? ` ${one.paid_with}` : "");
