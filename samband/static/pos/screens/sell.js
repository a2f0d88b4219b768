// Selling: goods on the one side, the ticket on the other.
import { categories, item, search } from "../goods.js";
import { html, nothing } from "../html.js";
import { money, percent, written } from "../money.js";
import { button, goodsName, iconButton, key, picture, priced, sign } from "../pieces.js";
import { currency, state } from "../state.js";
import { named, t } from "../texts.js";
import * as tickets from "../ticket.js";

export function view() {
  const looking = state.found.query || state.found.category;
  return html`<div class="selling ${looking && "looking"}"><h1 class="unseen">${t("nav.sell")}</h1>${finder()}${goods()}${ticket()}</div>`;
}

// --- goods

function finder() {
  const { query } = state.found;
  return html`<form class="finder" data-do="enterCode" role="search" novalidate>
      <label class="unseen" for="f-query">${t("sell.search")}</label>${sign("search")}
      <input id="f-query" type="search" value="${query}" placeholder="${t("sell.search")}" data-note="query" data-hot="F2"
        aria-keyshortcuts="F2" autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="search">${key("F2")}
      ${query && iconButton("clearSearch", t("sell.clear"), "close", { look: "clear", hot: "Escape" })}
      ${button("scan", t("sell.scan"), { hot: "F4", icon: "scan", look: "scan" })}</form>`;
}

function goods() {
  const { query, category } = state.found;
  return html`<section class="goods" aria-label="${t("sell.goods")}">
    ${!query && categories().length ? chips(category) : nothing}
    ${tiles(query || category ? search(query, category) : usual(), query)}</section>`;
}

function chips(chosen) {
  const within = categories().find((one) => one.slug === chosen);
  const shown = categories().filter((one) => (one.parent ?? "") === (within ? within.slug : ""));
  const up = within && html`<li><button type="button" class="chip up" data-do="chooseCategory" data-arg="${within.parent ?? ""}">
    ${sign("left")}${named(within.names)}</button></li>`;
  return html`<ul class="chips" data-list>${up}${shown.map(
    (one) => html`<li><button type="button" class="chip" data-do="chooseCategory" data-arg="${one.slug}">${named(one.names)}</button></li>`,
  )}</ul>`;
}

/** With nothing asked for: what this till is allotted, which is what this store sells most of. */
function usual() {
  const allotted = [...state.allotted.keys()].map(item).filter(Boolean);
  return allotted.length ? allotted.slice(0, 48) : search("").slice(0, 48);
}

function tiles(items, query) {
  if (!items.length) return html`<p class="empty" role="status">${t("sell.nothing", { query })}</p>`;
  return html`<ul class="tiles" data-list="grid">${items.map(tile)}</ul>`;
}

function tile(one) {
  const left = state.line.up ? null : (state.allotted.get(one.sku) ?? 0);
  const unit = money(one.unit, currency());
  const regular = one.regular ? money(one.regular, currency()) : null;
  return html`<li data-key="tile-${one.sku}" class="${left === 0 && "none-left"}">
    <button type="button" class="tile" data-do="add" data-arg="${one.sku}">${picture(one.image)}
      <span class="words"><span class="name">${goodsName(one)}</span>${priced(unit, regular)}
      ${left !== null && html`<small>${t("sell.allotted", { count: Math.max(0, left) })}</small>`}</span></button>
    ${iconButton("openGoods", t("sell.about", { name: goodsName(one) }), "info", { arg: one.sku, look: "about" })}</li>`;
}

// --- the ticket

function ticket() {
  const { ticket: now } = state;
  const lines = tickets.shownLines();
  return html`<section class="ticket" aria-label="${t("ticket.label")}">
    ${buyer(now)}
    ${lines.length
      ? html`<ol class="lines" data-list="lines" data-hot="F7" data-key="lines">${lines.map(row)}</ol>`
      : html`<div class="empty"><p>${t("ticket.empty")}</p><p class="soft">${t("ticket.how")}</p></div>`}
    <div class="slip">${changes(now)}${lines.length ? extras(now) : nothing}${sums(now)}
      <div class="deeds">${deeds(now, lines)}</div></div></section>`;
}

function buyer({ customer }) {
  if (!customer) return html`<header>${button("openCustomer", t("ticket.customer"), { hot: "F3", icon: "person", look: "quiet wide" })}</header>`;
  const waits = customer.cart?.pieces;
  return html`<header class="known"><button type="button" class="buyer" data-do="openCustomer" data-hot="F3" aria-keyshortcuts="F3">${sign("person")}
    <span><strong>${customer.name || customer.email}</strong><small>${waits ? t("ticket.web_cart", { count: waits }) : (customer.phone ?? "")}</small></span>
    ${key("F3")}</button></header>`;
}

function row(line) {
  const off = line.discount?.amount ? line.discount : null;
  return html`<li data-key="line-${line.sku}" class="${line.short && "short"}">
    <button type="button" class="line" data-do="openGoods" data-arg="${line.sku}" data-line="${line.sku}">${picture(line.image)}
      <span class="words"><span class="name">${goodsName(line)}</span>
        <small>${written(line.unit)}${off && html` · <em class="off">${t("ticket.off", { amount: written(off) })}</em>`}</small>
        ${way(line)}${line.short && html`<em class="wrong">${t("ticket.short")}</em>`}</span>
      <strong class="sum">${written(line.total)}</strong></button>
    <span class="count" role="group" aria-label="${t("ticket.quantity", { name: goodsName(line) })}">
      ${iconButton("less", t("ticket.less"), line.quantity > 1 ? "minus" : "bin", { arg: line.sku })}
      <output>${line.quantity}</output>
      ${iconButton("more", t("ticket.more"), "plus", { arg: line.sku })}</span></li>`;
}

function way({ way: chosen }) {
  if (chosen.kind === "ship") return html`<span class="way">${sign("truck")}${t("way.ship")}</span>`;
  if (chosen.kind !== "pickup") return nothing;
  return html`<span class="way">${sign("store")}${t("way.pickup_at", { place: named(chosen.names) || chosen.location })}</span>`;
}

function changes({ cart }) {
  const told = (cart?.changes ?? []).filter((one) => one.was && one.now);
  if (!told.length) return nothing;
  return html`<ul class="notice">${told.map((one) => {
    const name = goodsName(item(one.sku) ?? { names: { en: one.sku } });
    return html`<li>${t("ticket.price_changed", { name, was: written(one.was), now: written(one.now) })}</li>`;
  })}</ul>`;
}

function extras({ cart }) {
  const coupons = cart?.coupons ?? [];
  return html`<div class="extras">${coupons.map(coupon)}
    ${button("openCoupon", t("ticket.coupon"), { hot: "F6", icon: "tag", look: "text", disabled: !state.line.up })}
    ${button("handOut", t("ticket.to_phone"), { hot: "F8", icon: "phone", look: "text", disabled: !state.line.up })}</div>`;
}

function coupon({ code, state: said }) {
  const good = said === "applied";
  return html`<span class="coupon ${!good && "no"}">${sign("tag")}<span>${code}${!good && html`<small>${t(`coupon.${said}`)}</small>`}</span>
    ${iconButton("dropCoupon", t("coupon.drop", { code }), "close", { arg: code })}</span>`;
}

function sums(now) {
  const step = tickets.isInStep(now);
  const { cart } = now;
  const rows = [];
  if (step) for (const one of cart.applied ?? []) rows.push([named(one.names) || one.promotion, `−${written(one.amount)}`, "less"]);
  if (step && cart.shipping?.amount) rows.push([t("sum.shipping"), written(cart.shipping)]);
  if (step) for (const one of cart.vat ?? []) rows.push([t("sum.vat", { rate: percent(one.basis_points) }), written(one.vat), "soft"]);
  return html`<dl class="sums" aria-live="polite">${rows.map(([what, how, look]) => html`<div class="${look}"><dt>${what}</dt><dd>${how}</dd></div>`)}
    <div class="whole"><dt>${t("sum.total")}</dt><dd>${written(tickets.total(now))}</dd></div></dl>`;
}

function deeds(now, lines) {
  if (!lines.length) return nothing;
  return html`${button("clear", t("ticket.clear"), { icon: "bin", look: "quiet square" })}
    ${button("pay", t("ticket.pay"), { hot: "F9", look: "big grow" })}`;
}
