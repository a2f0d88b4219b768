// What is done in the shop is told to the shop, if its visitor agreed to statistics: never before, and never elsewhere.
//
// What a page shows stands in it as [data-seen="Product Viewed"][data-said='{"sku": …}'], the same for everybody. What
// is told waits in this browser until the shop has said that it is kept; it has an id of its own, so telling it again,
// on the next page or days later, is telling it once. Who somebody is, the browser does not say: the shop knows whom it
// let in.
(() => {
  "use strict";

  const own = document.currentScript;
  const KEY = own.dataset.key;
  const DOOR = own.dataset.door;
  const KEPT = "samband_visits";
  const MOST_KEPT = 200;
  const AT_ONCE = 50;
  const SOON = 800;
  const LONGEST_PAUSE = 60_000;

  // --- whether, and as whom

  function allowed() {
    const choices = window.sambandChoices ? window.sambandChoices() : null;
    return choices && choices.statistics && choices.visitor ? choices : null;
  }

  // --- what waits

  function waiting() {
    try {
      const kept = JSON.parse(localStorage.getItem(KEPT) || "[]");
      return Array.isArray(kept) ? kept : [];
    } catch {
      return [];
    }
  }

  function keep(events) {
    try {
      if (events.length) localStorage.setItem(KEPT, JSON.stringify(events.slice(-MOST_KEPT)));
      else localStorage.removeItem(KEPT);
    } catch {
      // A browser that keeps nothing for us tells nothing twice.
    }
  }

  function strike(ids) {
    keep(waiting().filter((event) => !ids.has(event.messageId)));
  }

  // --- telling

  function id() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return "visit-" + [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function tell(event, properties) {
    const choices = allowed();
    if (!choices) return;
    const told = {
      type: event === "Page Viewed" ? "page" : "track",
      messageId: id(),
      anonymousId: choices.visitor,
      timestamp: new Date().toISOString(),
      properties,
      context: context(choices),
    };
    if (told.type === "page") told.name = properties.name;
    else told.event = event;
    keep([...waiting(), told]);
    send(SOON);
  }

  function context({ preferences, statistics, marketing }) {
    const said = {
      consent: { categoryPreferences: { preferences, statistics, marketing } },
      locale: document.documentElement.lang,
      page: { path: location.pathname, title: document.title },
      library: { name: "samband-visit", version: "1" },
    };
    const from = document.referrer && new URL(document.referrer).origin;
    if (from && from !== location.origin) said.page.referrer = from;
    const campaign = {};
    for (const [name, value] of new URLSearchParams(location.search)) {
      if (!name.startsWith("utm_")) continue;
      const part = name.slice(4);
      campaign[part === "campaign" ? "name" : part] = value.slice(0, 100);
    }
    if (Object.keys(campaign).length) said.campaign = campaign;
    return said;
  }

  // --- sending

  let due = 0;
  let pause = 0;
  let sending = false;

  function send(after) {
    if (due) return;
    due = setTimeout(() => {
      due = 0;
      now();
    }, Math.max(after, pause));
  }

  function body(events) {
    return JSON.stringify({ writeKey: KEY, sentAt: new Date().toISOString(), batch: events });
  }

  async function now() {
    const events = waiting().slice(0, AT_ONCE);
    if (!events.length || sending || !allowed()) return;
    sending = true;
    const ids = new Set(events.map((event) => event.messageId));
    try {
      const answer = await fetch(DOOR, {
        method: "POST",
        body: body(events),
        keepalive: true,
        credentials: "omit",
        headers: { "Content-Type": "text/plain" },
      });
      // What was understood and is not taken would not be taken later either.
      if (answer.ok || [400, 401, 413].includes(answer.status)) {
        strike(ids);
        pause = 0;
      } else {
        rest(Number(answer.headers.get("Retry-After")) * 1000);
      }
    } catch {
      rest(0);
    }
    sending = false;
    if (waiting().length) send(pause || SOON);
  }

  function rest(told) {
    pause = Math.min(Math.max(told || 0, pause * 2, 2000), LONGEST_PAUSE);
  }

  // Whoever leaves the page takes nothing along that is not on its way: if nobody answers, the next page tells it again.
  window.addEventListener("pagehide", () => {
    const events = waiting().slice(0, AT_ONCE);
    if (events.length && allowed()) navigator.sendBeacon(DOOR, new Blob([body(events)], { type: "text/plain" }));
  });

  // --- what is seen

  const told = new WeakSet();

  function said(element) {
    try {
      return JSON.parse(element.dataset.said || "{}");
    } catch {
      return {};
    }
  }

  function goods(root) {
    return [...root.querySelectorAll(".card[data-sku]")].map((card, at) => ({
      sku: card.dataset.sku,
      category: card.dataset.category,
      position: at + 1,
    }));
  }

  function look() {
    if (!allowed()) return;
    for (const element of document.querySelectorAll("[data-seen]")) {
      if (told.has(element)) continue;
      told.add(element);
      const properties = said(element);
      if ("list_id" in properties) properties.products = goods(element.parentElement);
      tell(element.dataset.seen, properties);
    }
    for (const element of document.querySelectorAll("[data-promotion]")) {
      if (told.has(element)) continue;
      told.add(element);
      shown.observe(element);
    }
  }

  const shown = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      shown.unobserve(entry.target);
      tell("Promotion Viewed", { promotion_id: entry.target.dataset.promotion });
    }
  });

  // --- what is done

  document.addEventListener("click", (event) => {
    const card = event.target.closest(".card[data-sku]");
    if (!card || !event.target.closest("a")) return;
    const promotion = card.closest("[data-promotion]");
    if (promotion) tell("Promotion Clicked", { promotion_id: promotion.dataset.promotion });
    const list = document.querySelector("#results [data-seen]");
    const { list_id } = list ? said(list) : {};
    const position = [...card.parentElement.children].indexOf(card) + 1;
    const { sku, category } = card.dataset;
    tell("Product Clicked", { sku, category, position, ...(list_id && { list_id }) });
  });

  function shownProduct(sku) {
    const product = document.querySelector('[data-seen="Product Viewed"]');
    const properties = product ? said(product) : {};
    return properties.sku === sku ? properties : { sku };
  }

  const wanted = new WeakMap();

  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.target.closest("form");
    if (form && form.method === "post") wanted.set(event.detail.xhr, deed(form));
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const { xhr } = event.detail;
    const done = wanted.get(xhr);
    if (done) done(xhr.status);
  });

  // What sending this form means, once the shop has answered.
  function deed(form) {
    const at = new URL(form.action).pathname;
    const given = new FormData(form);
    if (at.endsWith("/cart/add/")) {
      const quantity = Number(given.get("quantity")) || 1;
      return (status) => status < 300 && tell("Product Added", { ...shownProduct(given.get("sku")), quantity });
    }
    if (at.endsWith("/cart/line/")) {
      const field = form.querySelector(".quantity") || document.querySelector(lineOf(given.get("sku")));
      const before = field ? Number(field.defaultValue) : 0;
      const more = Number(given.get("quantity")) - before;
      const event = more > 0 ? "Product Added" : "Product Removed";
      return (status) => status < 300 && more && tell(event, { sku: given.get("sku"), quantity: Math.abs(more) });
    }
    if (at.endsWith("/cart/coupon/")) {
      const coupon_id = given.get("coupon");
      tell("Coupon Entered", { coupon_id });
      return (status) => status >= 400 && tell("Coupon Denied", { coupon_id }); // that it counts, the order tells
    }
    if (at.endsWith("/cart/coupon/drop/")) {
      return (status) => status < 300 && tell("Coupon Removed", { coupon_id: given.get("code") });
    }
    return null;
  }

  function lineOf(sku) {
    return `form.amount:has(input[name=sku][value="${CSS.escape(sku)}"]) .quantity`;
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form.checkout") || (event.submitter && event.submitter.value !== "order")) return;
    const given = new FormData(form);
    const shipping_method = given.get("method");
    tell("Checkout Step Completed", { step: 1, shipping_method, payment_method: given.get("pay") || "" });
  });

  // --- beginning

  document.addEventListener("samband:choices", () => {
    if (allowed()) look();
    else keep([]);
  });
  document.addEventListener("htmx:load", look);
  look();
  if (!allowed()) keep([]);
  else if (waiting().length) send(SOON);
})();
