// The cash drawer: opened with a float, counted and closed, and what went in and out meanwhile.
import { get, LineDown, post } from "../asking.js";
import { html, nothing } from "../html.js";
import { newId } from "../ids.js";
import { keep } from "../keeping.js";
import { money, plain, read, written } from "../money.js";
import { button, field, moment, sign } from "../pieces.js";
import { waiting } from "../queue.js";
import { change, currency, state } from "../state.js";
import { named, t } from "../texts.js";

const COINS = { ISK: [10000, 5000, 2000, 1000, 500, 100, 50, 10, 5, 1], PLN: [50000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1] };
const OTHER_COINS = [20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1];
const REASONS = ["change_money", "petty_cash", "bank", "correction", "other"];
const at = { doing: null, counts: {}, amount: "", reason: "change_money", wrong: "", report: null, others: [], owed: [], anyway: false, id: newId(), told: 0 };

export function enter() {
  Object.assign(at, { doing: null, counts: {}, amount: "", wrong: "", report: at.report?.kind === "Z" ? at.report : null, anyway: false });
  return look();
}

async function look() {
  try {
    const drawer = await asked();
    await stand(drawer);
    at.others = drawer ? [] : (await get("drawers")).drawers;
    at.owed = drawer ? (await get("payouts")).payouts : [];
  } catch (error) {
    if (!(error instanceof LineDown)) at.wrong = error.text;
  }
  change();
}

/** The drawer as the house knows it; unless it was opened or closed here while the answer was on its way. */
async function asked() {
  const { told } = at;
  const { drawer } = await get("drawer");
  return told === at.told ? drawer : state.drawer;
}

/**
 * This drawer is ours from now on, also when the device comes up without a line.
 *
 * Whoever calls it has put away first what was typed: with the drawer on the screen the next thing may be typed already.
 */
async function stand(drawer) {
  at.told += 1;
  change({ drawer, device: { ...state.device, drawer } });
  await keep("device", state.device);
}

/** Which step of the screen is shown. */
export const step = () => at.report?.kind ?? at.doing ?? state.drawer?.state ?? "";

export function view() {
  const { drawer } = state;
  const isOpen = drawer?.state === "open";
  return html`<div class="page"><header class="page-head"><h1>${t("nav.drawer")}</h1>${isOpen && html`<p class="soft">${t("drawer.since", { time: moment(drawer.opened_at) })}</p>`}</header>
    ${!state.line.up && html`<p class="notice">${t("drawer.needs_line")}</p>`}${at.report ? report() : nothing}
    ${at.doing ? doing() : isOpen ? standing(drawer) : closed()}</div>`;
}

function closed() {
  return html`<div class="columns"><section class="card"><h2>${t("drawer.open_title")}</h2><p class="soft">${t("drawer.open_how")}</p>
      ${counting("openDrawer", t("drawer.open"))}</section>
    ${at.others.length ? html`<section class="card"><h2>${t("drawer.others")}</h2><ul class="rows" data-list>${at.others.map(
      (one) => html`<li><span>${moment(one.opened_at)} · ${written(one.float)}</span>${button("joinDrawer", t("drawer.join"), { arg: one.id, look: "quiet small" })}</li>`)}</ul></section>` : nothing}</div>`;
}

function standing(drawer) {
  return html`<div class="columns"><section class="card figures"><dl>
      <div><dt>${t("drawer.float")}</dt><dd>${written(drawer.float)}</dd></div><div class="whole"><dt>${t("drawer.expected")}</dt><dd>${written(drawer.expected)}</dd></div></dl>
      ${state.queue.waiting ? html`<p class="notice">${t("drawer.queue", { count: state.queue.waiting })}</p>` : nothing}
      <div class="deeds">${["pay_in", "pay_out"].map((does, n) => button("doing", t(`drawer.${does}`), { arg: does, look: "quiet", hot: ["F6", "F7"][n], icon: ["plus", "minus"][n], disabled: !state.line.up }))}
        ${button("xReport", t("drawer.x"), { look: "quiet", hot: "F8", icon: "printer", disabled: !state.line.up })}
        ${button("doing", t("drawer.count_and_close"), { arg: "close", hot: "F9", disabled: !state.line.up })}</div></section>
    ${at.owed.length ? owed() : nothing}
    <section class="card"><h2>${t("drawer.moves")}</h2><ul class="moves">${[...drawer.movements].reverse().map(move)}</ul></section></div>`;
}

const move = (one) => html`<li><time datetime="${one.at}">${moment(one.at, { timeStyle: "short" })}</time>
  <span>${t(`move.${one.kind}`)}${one.reason && REASONS.includes(one.reason) && html` <small>${t(`why.${one.reason}`)}</small>`}${one.late && html` <small>${t("move.late")}</small>`}</span><strong>${written(one.amount)}</strong></li>`;

/** Refunds in cash: the money leaves the drawer when the customer is there. */
function owed() {
  return html`<section class="card"><h2>${t("drawer.owed")}</h2><ul class="rows">${at.owed.map(
    (one) => html`<li><div><strong>${one.number}</strong><small>${moment(one.owed_at)}</small></div><strong>${written(one.amount)}</strong>
      ${button("payOut", t("drawer.hand_out"), { arg: one.key, look: "quiet small", disabled: !state.line.up })}</li>`)}</ul>${wrong()}</section>`;
}

function doing() {
  const back = button("doing", t("act.back"), { arg: "", look: "quiet", hot: "Escape", icon: "left" });
  if (at.doing === "close") {
    return html`<section class="card narrow">${back}<h2>${t("drawer.count_title")}</h2><p class="soft">${t("drawer.open_how")}</p>
      ${at.anyway && html`<p class="notice">${t("drawer.anyway")}</p>`}${counting("closeDrawer", at.anyway ? t("drawer.close_anyway") : t("drawer.close"))}</section>`;
  }
  return html`<section class="card narrow">${back}<h2>${t(`drawer.${at.doing}`)}</h2><form class="stack" data-do="moveCash" novalidate>
    ${field("cashAmount", t("pay.amount"), at.amount, { mode: "decimal", focus: true })}
    <p class="field"><label for="f-why">${t("drawer.why")}</label><select id="f-why" data-note="why">${REASONS.map((one) => html`<option value="${one}" ${one === at.reason && html`selected`}>${t(`why.${one}`)}</option>`)}</select></p>
    ${wrong()}<button class="button big" data-hot="F9" aria-keyshortcuts="F9">${t(`drawer.${at.doing}`)}<kbd aria-hidden="true">F9</kbd></button></form></section>`;
}

const wrong = () => (at.wrong ? html`<p class="wrong" role="alert">${at.wrong}</p>` : nothing);

/** Coins and notes are counted; the sum can be typed as well. */
function counting(does, text) {
  const coins = COINS[currency()] ?? OTHER_COINS;
  return html`<form class="counting" data-do="${does}" novalidate><ul class="coins">${coins.map(
    (coin) => html`<li><label for="f-coin-${coin}">${written(money(coin, currency()))}</label><span aria-hidden="true">×</span>
      <input id="f-coin-${coin}" inputmode="numeric" autocomplete="off" value="${at.counts[coin] ?? ""}" data-note="coin" data-coin="${coin}"></li>`)}</ul>
    ${field("cashAmount", t("drawer.sum"), at.amount, { mode: "decimal", focus: true })}${wrong()}
    <button class="button big full" data-hot="F9" aria-keyshortcuts="F9" ${!state.line.up && html`disabled`}>${text}<kbd aria-hidden="true">F9</kbd></button></form>`;
}

function report() {
  const { kind, number, drawer, sums, sales } = at.report;
  const row = (what, how, look = "") => html`<div class="${look}"><dt>${what}</dt><dd>${how}</dd></div>`;
  return html`<section class="card report" aria-label="${t("report.label")}"><h2>${kind === "Z" ? t("report.z", { number }) : t("report.x")}</h2>
    <p class="soft">${named(state.device.store.names)} · ${moment(drawer.opened_at)}${drawer.closed_at && html` – ${moment(drawer.closed_at)}`}</p>
    <dl>${Object.entries(sums).map(([name, sum]) => row(t(`move.${name}`), written(sum)))}${row(t("report.sales"), sales)}
      ${row(t("drawer.expected"), written(at.report.expected ?? drawer.expected), "whole")}
      ${kind === "Z" && row(t("report.counted"), written(at.report.counted))}${kind === "Z" && row(t("report.difference"), written(at.report.difference), at.report.difference.amount ? "off" : "")}</dl>
    <div class="deeds no-print">${button("printReport", t("done.print"), { icon: "printer", look: "quiet", hot: "F4" })}${button("closeReport", t("act.close"), { look: "quiet", hot: "Escape" })}</div></section>`;
}

// --- what is done here

async function tried(deed) {
  at.wrong = "";
  try {
    await deed();
  } catch (error) {
    at.wrong = error.text ?? t("line.lost");
    if (error.code === "queue_not_empty") at.anyway = true;
  }
  change();
}

function sum() {
  const amount = read(at.amount, currency());
  if (!amount) at.wrong = t("pay.no_amount");
  change();
  return amount;
}

export const actions = {
  doing(what) {
    Object.assign(at, { doing: what || null, counts: {}, amount: "", wrong: "", anyway: false });
    change();
  },
  openDrawer: () =>
    tried(async () => {
      const float = sum();
      if (!float) throw { text: t("pay.no_amount") };
      const drawer = await post("drawer/open", { drawer_id: at.id, float });
      Object.assign(at, { counts: {}, amount: "", report: null, others: [], id: newId() });
      await stand(drawer);
    }),
  joinDrawer: (id) => tried(async () => stand(await post("drawer/join", { drawer_id: id }))),
  moveCash: () =>
    tried(async () => {
      const amount = sum();
      if (!amount?.amount) throw { text: t("pay.no_amount") };
      const { doing } = at;
      const drawer = await post(`drawer/${doing.replace("_", "-")}`, { amount, reason: at.reason });
      if (at.doing === doing) at.doing = null;
      await stand(drawer);
    }),
  closeDrawer: () =>
    tried(async () => {
      const counted = sum();
      if (!counted) throw { text: t("pay.no_amount") };
      const queue = (await waiting()).length;
      at.report = await post("drawer/close", { counted, queue, note: "", ...(at.anyway && { anyway: true }) });
      Object.assign(at, { doing: null, counts: {}, amount: "" });
      await stand(null);
    }),
  payOut: (key) =>
    tried(async () => {
      await post("payouts/hand-out", { key });
      await look();
    }),
  xReport: () => tried(async () => { at.report = await get("drawer/report"); }),
  printReport: () => window.print(),
  closeReport() {
    at.report = null;
    change();
  },
};

export const note = {
  cashAmount: (value) => { at.amount = value; },
  why: (value) => { at.reason = value; },
  coin(value, field) {
    at.counts[field.dataset.coin] = value.replace(/\D/g, "");
    const counted = Object.entries(at.counts).reduce((all, [coin, count]) => all + coin * count, 0);
    at.amount = plain(money(counted, currency()));
  },
};
