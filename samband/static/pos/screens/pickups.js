// Web orders that are fetched here: found by the customer's code, and handed over.
import { get, LineDown, post } from "../asking.js";
import { html } from "../html.js";
import { day, field, goodsName, sign } from "../pieces.js";
import { change, state } from "../state.js";
import { t } from "../texts.js";

const fetched = { pickups: null, chosen: null, code: "", wrong: "", handed: null };

export function enter() {
  Object.assign(fetched, { chosen: null, code: "", wrong: "", handed: null });
  return look();
}

async function look() {
  try {
    fetched.pickups = (await get("pickups")).pickups;
  } catch (error) {
    fetched.wrong = error instanceof LineDown ? "" : error.text;
  }
  change();
}

export function view() {
  const { pickups, handed, wrong, code } = fetched;
  return html`<div class="page"><header class="page-head"><h1>${t("nav.pickups")}</h1></header>
    ${!state.line.up && html`<p class="notice">${t("line.needed")}</p>`}
    <div class="columns"><section class="card hand-over"><h2>${t("pickups.hand_over")}</h2>
      <form class="stack" data-do="handOver" novalidate>${field("pickup", t("pickups.code"), code, { mode: "numeric", focus: true, hint: t("pickups.code_hint"), max: 40 })}
        ${wrong && html`<p class="wrong" role="alert">${wrong}</p>`}
        <button class="button big" data-hot="F9" aria-keyshortcuts="F9" ${!state.line.up && html`disabled`}>${sign("hand")}<span>${t("pickups.do")}</span><kbd aria-hidden="true">F9</kbd></button></form>
      ${handed && html`<div class="handed" role="status">${sign("ok")}<div><strong>${t("pickups.handed", { number: handed.number })}</strong>${contents(handed.lines)}</div></div>`}</section>
    <section aria-label="${t("pickups.list")}">${pickups === null ? html`<p class="wait" role="status">${state.line.up ? t("pay.asking") : ""}</p>` : list(pickups)}</section></div></div>`;
}

function list(pickups) {
  if (!pickups.length) return html`<p class="empty">${t("pickups.none")}</p>`;
  return html`<ul class="pickups" data-list>${pickups.map(
    (one) => html`<li data-key="pickup-${one.id}"><button type="button" class="pickup" data-do="choosePickup" data-arg="${one.id}" aria-pressed="${fetched.chosen === one.id}">
      <span class="words"><strong>${one.customer}</strong><small class="code">${one.number}</small></span>
      <span class="state ${one.state}">${t(`pickups.${one.state}`)}</span>${contents(one.lines)}
      <small class="soft">${one.wait_until ? t("pickups.waits_until", { day: day(one.wait_until) }) : t("pickups.promised", { day: day(one.promised_until) })}
      ${!one.paid && html` · <em class="wrong">${t("pickups.unpaid")}</em>`}</small></button></li>`)}</ul>`;
}

const contents = (lines) => html`<ul class="contents">${(lines ?? []).map((line) => html`<li>${line.quantity} × ${line.names ? goodsName(line) : line.sku}</li>`)}</ul>`;

export const actions = {
  choosePickup(id) {
    fetched.chosen = fetched.chosen === id ? null : id;
    fetched.wrong = "";
    change();
    document.getElementById("f-pickup").focus();
  },
  async handOver() {
    const { code, chosen } = fetched;
    try {
      const handed = await post("pickups/hand-over", { code: code.trim(), fulfillment_id: chosen });
      // The next customer's code may have been scanned meanwhile: it stays.
      Object.assign(fetched, { handed, wrong: "" }, fetched.code === code && { code: "", chosen: null });
      await look();
    } catch (error) {
      fetched.wrong = error.text ?? t("line.lost");
    }
    change();
  },
};

export const note = { pickup: (value) => { fetched.code = value; } };

/** A code that was scanned while this screen is open is the customer's. */
export function scanned(code) {
  fetched.code = code;
  return actions.handOver();
}
