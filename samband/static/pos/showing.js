// Laying the state over the page, and giving focus where somebody is needed next.
import { html, lay } from "./html.js";
import * as buyer from "./screens/buyer_sheets.js";
import * as done from "./screens/done.js";
import * as drawer from "./screens/drawer.js";
import * as entering from "./screens/entering.js";
import { frame } from "./screens/frame.js";
import * as goods from "./screens/goods_sheet.js";
import * as more from "./screens/more.js";
import * as pay from "./screens/pay.js";
import * as pickups from "./screens/pickups.js";
import * as sales from "./screens/sales.js";
import * as sell from "./screens/sell.js";
import { state } from "./state.js";

const SCREENS = { sell, pay, done, pickups, drawer, sales, more };
const SHEETS = {
  goods: goods.view,
  customer: buyer.customer,
  camera: buyer.camera,
  coupon: buyer.coupon,
  handout: buyer.handedOut,
  delivery: buyer.delivery,
  giveBack: buyer.giveBack,
  shortcuts: buyer.shortcuts,
};
const app = document.getElementById("app");
let shown = "";
let came_from = null;

export function draw() {
  const at = whereWeAre();
  const focused = app.contains(document.activeElement);
  lay(app, view());
  openSheet();
  // What had the focus may be gone: whoever works with the keyboard must not begin at the top of the page.
  if (at === shown && focused && document.activeElement === document.body) focusFirst();
  if (at === shown) return;
  const sheetClosed = shown.startsWith(`${at}/`);
  if (shown.split("/")[0] !== at.split("/")[0]) for (const one of app.querySelectorAll("main, .lines, .goods")) one.scrollTop = 0;
  shown = at;
  if (sheetClosed) return comeBack();
  focusFirst();
}

function whereWeAre() {
  if (state.phase !== "open") return `${state.phase}-${entering.who() ?? ""}`;
  return `${state.screen}${within()}${state.sheet ? `/${state.sheet.kind}/${state.sheet.item?.sku ?? ""}` : ""}`;
}

/** Where on a screen that has several steps. */
function within() {
  if (state.screen === "drawer") return `-${drawer.step()}`;
  if (state.screen !== "pay") return "";
  return `-${state.ticket.deed ? "unclear" : state.pay.link ? "link" : state.pay.method}`;
}

function view() {
  if (state.phase === "starting") return entering.starting();
  if (state.phase === "enrol") return entering.enrol();
  if (state.phase === "sign_in") return entering.signIn();
  const over = state.sheet && SHEETS[state.sheet.kind](state.sheet);
  return html`${frame(SCREENS[state.screen].view())}${over}`;
}

function openSheet() {
  const dialog = app.querySelector("dialog[data-sheet]");
  if (!dialog || dialog.open) return;
  came_from = document.activeElement?.closest("[data-line], [data-do]");
  dialog.showModal();
}

/** After a sheet focus goes back to what opened it, if that still stands. */
function comeBack() {
  if (came_from?.isConnected) came_from.focus();
  else focusFirst();
}

/** On a screen with a keyboard focus goes where one types; a phone's keyboard is not opened unasked. */
function focusFirst() {
  const root = app.querySelector("dialog[open]") ?? app;
  const meant = root.querySelector("[data-focus]");
  const typing = meant?.matches("input:not([type=radio])") && matchMedia("(pointer: coarse)").matches;
  const target = meant && !typing ? meant : root.querySelector("#sheet-title, #main");
  target?.focus({ preventScroll: true });
}
