// Pieces that several screens are made of.
import { html, nothing } from "./html.js";
import { written } from "./money.js";
import { named, spoken, t } from "./texts.js";

export const sign = (name) =>
  html`<svg class="sign" aria-hidden="true" focusable="false"><use href="/static/pos/signs.svg#${name}"></use></svg>`;

/** The key that presses a button, shown where there is a keyboard. */
export const key = (name) => html`<kbd aria-hidden="true">${name}</kbd>`;

/** A button that does something: `hot` is its key, `arg` what it is done with. */
export function button(does, text, { hot, arg, icon, look = "", disabled = false, pressed, own } = {}) {
  return html`<button type="button" class="button ${look}" data-do="${does}" ${arg !== undefined && html`data-arg="${arg}"`}
    ${hot && html`data-hot="${hot}" aria-keyshortcuts="${hot}"`} ${disabled && html`disabled`}
    ${pressed !== undefined && html`aria-pressed="${pressed}"`} ${own && html`data-key="${own}"`}
    >${icon ? sign(icon) : nothing}<span>${text}</span>${hot ? key(hot) : nothing}</button>`;
}

/** A button that is only a picture; `text` is what it is called. */
export function iconButton(does, text, icon, { hot, arg, look = "" } = {}) {
  return html`<button type="button" class="icon-button ${look}" data-do="${does}" ${arg !== undefined && html`data-arg="${arg}"`}
    ${hot && html`data-hot="${hot}" aria-keyshortcuts="${hot}"`} aria-label="${text}" title="${text}">${sign(icon)}</button>`;
}

/** A labelled field; what is typed is kept under its name in the form of the state. */
export function field(name, label, value = "", { type = "text", mode, hint, complete = "off", focus, wide, max } = {}) {
  return html`<p class="field ${wide && "wide"}"><label for="f-${name}">${label}</label>
    <input id="f-${name}" name="${name}" type="${type}" value="${value}" autocomplete="${complete}" spellcheck="false"
      ${mode && html`inputmode="${mode}"`} ${max && html`maxlength="${max}"`} ${focus && html`data-focus`} data-note="${name}"
      ${hint && html`aria-describedby="h-${name}"`}>${hint && html`<small id="h-${name}">${hint}</small>`}</p>`;
}

/** Something that lies over the screen and is closed with Escape. */
export function sheet(kind, title, inside, { look = "", foot = nothing } = {}) {
  return html`<dialog class="sheet ${look}" data-key="sheet-${kind}" data-sheet aria-labelledby="sheet-title">
    <header><h2 id="sheet-title" tabindex="-1">${title}</h2>${iconButton("closeSheet", t("act.close"), "close")}</header>
    <div class="sheet-in">${inside}</div>${foot && html`<footer>${foot}</footer>`}</dialog>`;
}

export const goodsName = (one) => [named(one.names), named(one.labels)].filter(Boolean).join(", ");

/** A picture of goods; it says nothing that the name beside it does not. */
export const picture = (image) =>
  image
    ? html`<img class="shot" src="/media/${image}" alt="" loading="lazy" decoding="async" width="96" height="96">`
    : html`<span class="shot none">${sign("bag")}</span>`;

export const moment = (iso, style = { dateStyle: "medium", timeStyle: "short" }) =>
  new Intl.DateTimeFormat(spoken(), style).format(new Date(iso));

export const day = (iso) => moment(iso, { weekday: "short", day: "numeric", month: "short" });

/** From a day until a day, or the one day. */
export const days = (from, until) => (day(from) === day(until) || !from ? day(until) : `${day(from)} – ${day(until)}`);

/** What it costs now, and what it did cost where it costs less. */
export function priced(unit, regular, lowest) {
  return html`<span class="price ${regular && "less"}"><strong>${written(unit)}</strong>${
    regular && html` <s><span class="unseen">${t("price.was")} </span>${written(regular)}</s>`
  }${regular && lowest && html`<small>${t("price.lowest", { price: written(lowest) })}</small>`}</span>`;
}

/** A QR code as the server drew it. */
export const qr = (svg, text) =>
  html`<img class="qr" src="data:image/svg+xml;utf8,${encodeURIComponent(svg)}" alt="${text}" width="240" height="240">`;
