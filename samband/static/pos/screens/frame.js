// What stands around every screen: the ways between them, who is here, and the bar that tells of the line and the queue.
import { html, nothing } from "../html.js";
import { iconButton, key, moment, sign } from "../pieces.js";
import { state } from "../state.js";
import { t } from "../texts.js";
import { pieces } from "../ticket.js";

const WAYS = [
  ["sell", "bag", "Alt+1"],
  ["pickups", "box", "Alt+2"],
  ["drawer", "drawer", "Alt+3"],
  ["sales", "queue", "Alt+4"],
  ["more", "more", "Alt+5"],
];

export function frame(inside) {
  const at = ["pay", "done"].includes(state.screen) ? "sell" : state.screen;
  return html`<div class="frame at-${state.screen}">
    <header class="rail">
      <p class="brand"><img src="/static/shop/mark.svg" alt="Samband" width="40" height="40"></p>
      <nav aria-label="${t("nav.label")}"><ul>${WAYS.map((way) => wayTo(way, at))}</ul></nav>
      ${person()}
    </header>
    ${bar()}
    <main id="main" tabindex="-1">${inside}</main>
  </div>`;
}

function wayTo([screen, icon, hot], at) {
  const count = { sell: state.screen === "done" ? 0 : pieces(), sales: state.queue.waiting + open() }[screen];
  return html`<li><button type="button" data-do="go" data-arg="${screen}" data-hot="${hot}" aria-keyshortcuts="${hot}"
    ${screen === at && html`aria-current="page"`}>${sign(icon)}<span>${t(`nav.${screen}`)}</span>
    ${count ? html`<b class="badge ${screen === "sales" && "hot"}">${count}</b>` : nothing}${key(hot.slice(-1))}</button></li>`;
}

const open = () => state.queue.conflicts + state.queue.refused + state.queue.asides;

function person() {
  const { cashier, device } = state;
  if (!cashier) return nothing;
  const initials = cashier.name.split(/\s+/).map((word) => word[0]).slice(0, 2).join("");
  return html`<div class="person"><span class="initials" aria-hidden="true">${initials}</span>
    <span class="who"><strong>${cashier.name}</strong><small>${device.name}</small></span>
    ${iconButton("signOut", t("act.sign_out"), "lock")}</div>`;
}

/** Always in the same place: whether the line is up, how many sales wait, and what a person must look at. */
function bar() {
  const { line, queue, allotment, fresh } = state;
  const calm = line.up && !queue.waiting && !open() && !queue.problem;
  if (calm) return fresh ? html`<div class="bar fresh">${renewal()}</div>` : nothing;
  return html`<div class="bar ${line.up ? "up" : "down"} ${open() ? "hot" : ""}" role="status">
    ${sign(line.up ? "sync" : "off")}
    <p><strong>${line.up ? t("bar.up") : t("bar.down")}</strong>
      ${!line.up && html`<span>${t("bar.cash_only")}</span>`}
      ${!line.up && allotment && html`<span>${t("bar.sell_until", { time: moment(allotment.sell_until) })}</span>`}
      ${queue.waiting ? html`<span class="count">${t("bar.waiting", { count: queue.waiting })}</span>` : nothing}
      ${open() ? html`<span class="count">${t("bar.open", { count: open() })}</span>` : nothing}
      ${queue.problem && html`<span>${queue.problem}</span>`}</p>
    ${queue.waiting || open() ? html`<button type="button" class="button small" data-do="go" data-arg="sales">${t("bar.look")}</button>` : nothing}
  </div>`;
}

const renewal = () => html`${sign("sync")}<p>${t("bar.fresh")}</p>
  <button type="button" class="button small" data-do="renew">${t("bar.renew")}</button>`;
