// What waits to be sent, what was put aside, and what a person must decide.
import { get, LineDown, post } from "../asking.js";
import * as deeds from "../deeds.js";
import { html, nothing } from "../html.js";
import { money, written } from "../money.js";
import { button, moment, sign } from "../pieces.js";
import { noteResolved, toldSales, waiting } from "../queue.js";
import { ofOrder, ofSale } from "../receipts.js";
import { change, may, state } from "../state.js";
import { recount } from "../sync.js";
import { isSaid, t } from "../texts.js";

const kept = { waiting: [], told: [], asides: [], conflicts: null, wrong: "", deciding: null };

/** What the device has on its own disk. */
export async function look() {
  Object.assign(kept, { waiting: await waiting(), told: await toldSales(), asides: await deeds.asides() });
  change();
}

export async function enter() {
  kept.wrong = "";
  await look();
  try {
    kept.conflicts = (await get("conflicts")).conflicts;
    await noteResolved(kept.conflicts.filter((one) => one.state !== "conflict").map((one) => one.sale_id));
    await recount();
  } catch (error) {
    if (!(error instanceof LineDown)) kept.wrong = error.text;
  }
  change();
}

export function view() {
  const open = (kept.conflicts ?? []).filter((one) => one.state === "conflict");
  return html`<div class="page"><header class="page-head"><h1>${t("nav.sales")}</h1>${button("sendNow", t("sales.send_now"), { icon: "sync", look: "quiet", hot: "F9" })}</header>
    ${kept.wrong && html`<p class="wrong" role="alert">${kept.wrong}</p>`}
    ${part("conflicts", t("sales.conflicts"), open.map(conflict), t("sales.no_conflicts"), "hot")}
    ${part("asides", t("sales.asides"), kept.asides.map(aside), "")}
    ${part("waiting", t("sales.waiting"), kept.waiting.map(queued), t("sales.none_waiting"))}
    ${part("told", t("sales.told"), kept.told.slice(0, 30).map(told), "")}</div>`;
}

function part(name, title, rows, none, look = "") {
  if (!rows.length && !none) return nothing;
  return html`<section class="card ${rows.length && look}" data-key="part-${name}"><h2>${title}${rows.length ? html` <b class="badge">${rows.length}</b>` : nothing}</h2>
    ${rows.length ? html`<ul class="rows">${rows}</ul>` : html`<p class="soft">${none}</p>`}</section>`;
}

function queued(sale) {
  return html`<li><div><strong>${state.device.name} · ${sale.sequence}</strong><small>${moment(sale.sold_at)}</small>
      ${sale.refused && html`<p class="wrong">${t("sales.refused", { code: sale.refused })}</p>`}</div>
    <strong>${written(money(sale.total, sale.currency))}</strong>${button("showSale", t("sales.receipt"), { arg: sale.sale_id, look: "quiet small" })}</li>`;
}

function told(sale) {
  const { answer } = sale;
  return html`<li><div><strong>${answer.number ?? `${state.device.name} · ${sale.sequence}`}</strong><small>${moment(sale.sold_at)}</small>${reasons(answer.notes)}</div>
    <strong>${written(money(sale.total, sale.currency))}</strong>${button("showSale", t("sales.receipt"), { arg: sale.sale_id, look: "quiet small" })}</li>`;
}

function aside(deed) {
  const { outcome, refused } = deed.answer ?? {};
  const placed = outcome?.state === "placed";
  const said = !deed.answer ? t("aside.asking") : placed ? t("aside.placed", { number: outcome.number }) : (refused ?? t("aside.open"));
  return html`<li><div><strong>${moment(deed.at)}</strong><p class="${deed.answer && !placed && "wrong"}">${said}</p></div>
    ${deed.answer ? button("takeUp", placed ? t("sales.receipt") : t("aside.take_up"), { arg: deed.id, look: "quiet small" }) : nothing}</li>`;
}

function conflict(one) {
  const deciding = kept.deciding === one.sale_id;
  return html`<li class="conflict"><div><strong>${one.device} · ${moment(one.sold_at)}</strong>${reasons(one.reasons)}
      <ul class="contents">${one.lines.map((line) => html`<li>${line.quantity} × ${line.name ?? line.sku}</li>`)}</ul></div><strong>${written(one.total)}</strong>
    ${!may("conflicts") ? html`<p class="soft">${t("conflict.ask_other")}</p>` : deciding ? decide(one) : button("decide", t("conflict.decide"), { arg: one.sale_id, look: "small" })}</li>`;
}

const decide = (one) => html`<div class="deciding"><p>${t("conflict.how")}</p><div class="deeds">
  ${button("acceptSale", t("conflict.accept"), { arg: one.sale_id, icon: "ok" })}${button("cancelPaid", t("conflict.cancel_paid"), { arg: one.sale_id, look: "quiet" })}
  ${button("cancelKept", t("conflict.cancel_kept"), { arg: one.sale_id, look: "quiet" })}${button("decide", t("act.back"), { arg: "", look: "quiet" })}</div></div>`;

const reasons = (all) => html`<ul class="reasons">${(all ?? []).map((one) => html`<li>${sign("warn")}${isSaid(`why.${one.code}`) ? t(`why.${one.code}`, { sku: "", ...one }) : one.code}</li>`)}</ul>`;

// --- what is done here

async function resolve(sale_id, how, body) {
  try {
    await post(`conflicts/${sale_id}/${how}`, { note: "", ...body });
    await noteResolved([sale_id]);
    if (kept.deciding === sale_id) kept.deciding = null;
    await enter();
  } catch (error) {
    kept.wrong = error.text ?? t("line.lost");
    change();
  }
}

export const actions = {
  decide(id) {
    kept.deciding = id || null;
    change();
  },
  acceptSale: (id) => resolve(id, "accept", { correct_stock: true }),
  cancelPaid: (id) => resolve(id, "cancel", { refunded_from_drawer: true }),
  cancelKept: (id) => resolve(id, "cancel", { refunded_from_drawer: false }),
  async showSale(id) {
    const sale = [...kept.waiting, ...kept.told].find((one) => one.sale_id === id);
    const receipt = sale.answer?.order_id ? await ofOrder(sale.answer) : ofSale(sale);
    state.done = { receipt: receipt.lines ? receipt : ofSale(sale), mailed: null, email: "", wrong: "", again: true };
    change({ screen: "done" });
  },
};
