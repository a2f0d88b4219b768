// One product: what it costs, where there is some, and which way it goes.
import { html, nothing } from "../html.js";
import { money, written } from "../money.js";
import { button, days, goodsName, iconButton, picture, priced, sheet, sign } from "../pieces.js";
import { currency, here, state } from "../state.js";
import { named, t } from "../texts.js";
import { lineOf, wayOf } from "../ticket.js";

export function view({ item: one, told, way, quantity }) {
  const line = lineOf(one.sku);
  const unit = told?.price.unit ?? money(one.unit, currency());
  const regular = told ? told.price.regular : one.regular && money(one.regular, currency());
  const lowest = told ? told.price.lowest_30 : one.lowest_30 && money(one.lowest_30, currency());
  return sheet("goods", goodsName(one), html`<div class="about-goods">${picture(one.image)}
      <div><p class="big-price">${priced(unit, regular, lowest)}</p>
        <p class="soft"><span class="code">${one.sku}</span>${one.gtin && html` · <span class="code">${one.gtin}</span>`}</p></div></div>
    ${ways(told, way)}
    <div class="how-many"><span id="how-many">${t("goods.quantity")}</span><span class="count" role="group" aria-labelledby="how-many">
      ${iconButton("fewer", t("ticket.less"), "minus")}<output>${quantity}</output>${iconButton("morePieces", t("ticket.more"), "plus")}</span></div>
    ${siblings(told)}`, { foot: deeds(line, unit, quantity) });
}

function deeds(line, unit, quantity) {
  const sum = written({ ...unit, amount: unit.amount * quantity });
  return html`${line && button("takeOut", t("goods.take_out"), { icon: "bin", look: "quiet", hot: "F8" })}
    ${button("putOnTicket", line ? t("goods.change") : t("goods.add", { sum }), { hot: "F9", look: "big grow" })}`;
}

function ways(told, chosen) {
  if (!state.line.up) return html`<p class="notice">${t("goods.carry_only", { count: Math.max(0, state.allotted.get(state.sheet.item.sku) ?? 0) })}</p>`;
  if (!told) return html`<p class="wait" role="status">${t("goods.looking")}</p>`;
  const around = told.around.filter((one) => one.pickup && one.location !== here());
  return html`<fieldset class="choices" data-list="choices"><legend>${t("goods.ways")}</legend>
    ${choice({ kind: "carry" }, chosen, "hand", t("way.carry"), stock(told.here?.available))}
    ${told.ship?.possible ? choice({ kind: "ship" }, chosen, "truck", t("way.ship"), told.ship.until ? t("way.arrives", { days: days(told.ship.from, told.ship.until) }) : "") : nothing}
    ${told.here ? choice({ kind: "pickup", location: here() }, chosen, "box", t("way.pickup_here"), "") : nothing}
    ${around.map((one) => choice({ kind: "pickup", location: one.location, names: one.names }, chosen, "store", t("way.pickup_at", { place: named(one.names) }),
      [stock(one.available), one.distance_km != null && t("way.distance", { km: Math.round(one.distance_km) })].filter(Boolean).join(" · ")))}
  </fieldset>`;
}

const stock = (count) => (count > 0 ? t("stock.count", { count }) : t("stock.none"));

function choice(way, chosen, icon, text, more) {
  const checked = way.kind === chosen.kind && (way.location ?? "") === (chosen.location ?? "");
  return html`<label class="choice"><input type="radio" name="way" value="${JSON.stringify(way)}" data-note="way" ${checked && html`checked`}>
    ${sign(icon)}<span><strong>${text}</strong>${more && html`<small>${more}</small>`}</span></label>`;
}

function siblings(told) {
  if (!told?.siblings?.length) return nothing;
  return html`<h3>${t("goods.others")}</h3><ul class="chips" data-list>${told.siblings.map(
    (one) => html`<li><button type="button" class="chip" data-do="openGoods" data-arg="${one.sku}">${named(one.labels) || one.sku}
      <small>${one.available_here > 0 ? one.available_here : t("stock.none")}</small></button></li>`)}</ul>`;
}

/** The way a sheet opens with: the line's, if it is on the ticket. */
export const wayNow = (sku) => {
  const line = lineOf(sku);
  return line ? wayOf(line) : { kind: "carry" };
};
