// The device itself: its printer, its allotment, its language, and what it knows of itself.
import { skew } from "../clock.js";
import { html } from "../html.js";
import { button, moment, sign } from "../pieces.js";
import { ways } from "../printing.js";
import { state } from "../state.js";
import { LANGUAGES, named, spoken, t } from "../texts.js";

export function view() {
  const { device } = state;
  return html`<div class="page"><header class="page-head"><h1>${t("nav.more")}</h1></header><div class="columns">
    <section class="card"><h2>${device.name}</h2><dl class="facts">
      ${fact(t("more.store"), `${named(device.store.names)} (${device.store.code})`)}${fact(t("more.line"), state.line.up ? t("bar.up") : t("bar.down"))}
      ${fact(t("more.clock"), Math.abs(skew()) < 5000 ? t("more.clock_right") : t("more.clock_off", { seconds: Math.round(skew() / 1000) }))}
      ${fact(t("more.waiting"), state.queue.waiting)}</dl>
      <p class="field"><label for="f-language">${t("more.language")}</label><select id="f-language" data-note="language">${Object.entries(LANGUAGES).map(
        ([code, name]) => html`<option value="${code}" lang="${code}" ${code === spoken() && html`selected`}>${name}</option>`)}</select></p>
      <div class="deeds">${button("shortcuts", t("keys.title"), { icon: "keyboard", look: "quiet", hot: "?" })}${button("signOut", t("act.sign_out"), { icon: "lock", look: "quiet" })}</div></section>
    <section class="card"><h2>${t("more.offline")}</h2>${allotment()}
      <div class="deeds">${button("renewAllotment", t("more.renew_allotment"), { icon: "sync", look: "quiet", disabled: !state.line.up })}
      ${button("giveBack", t("more.give_back"), { look: "quiet", disabled: !state.line.up || Boolean(state.queue.waiting) || !state.allotment })}</div></section>
    <section class="card"><h2>${t("more.printer")}</h2><p class="soft">${state.printer ? t("more.printer_on") : t("more.printer_off")}</p>
      <div class="deeds">${ways().map((way) => button("connectPrinter", t(`more.connect_${way}`), { arg: way, icon: "printer", look: "quiet" }))}
      ${state.printer && button("disconnectPrinter", t("more.disconnect"), { look: "quiet" })}</div></section></div></div>`;
}

const fact = (what, how) => html`<div><dt>${what}</dt><dd>${how}</dd></div>`;

function allotment() {
  if (!state.allotment) return html`<p class="soft">${t("more.no_allotment")}</p>`;
  const left = [...state.allotted.values()].reduce((sum, count) => sum + Math.max(0, count), 0);
  return html`<p>${sign("box")} ${t("more.allotment", { skus: state.allotted.size, pieces: left })}</p>
    <p class="soft">${t("bar.sell_until", { time: moment(state.allotment.sell_until) })}</p>`;
}
