// The shop works without this file; with it, menus close by themselves and notices go away.
(() => {
  "use strict";
  document.documentElement.classList.add("js");

  const wide = window.matchMedia("(width >= 861px)");

  function closeDrops(except) {
    for (const drop of document.querySelectorAll("details.drop[open]")) {
      if (drop !== except) drop.open = false;
    }
  }

  document.addEventListener("click", (event) => {
    closeDrops(event.target.closest("details.drop"));
    if (event.target.closest("[data-close]")) document.getElementById("notice").replaceChildren();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details.drop[open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    }
    document.getElementById("notice").replaceChildren();
  });

  // On a desk the filters stand open beside the products.
  function unfold() {
    for (const filter of document.querySelectorAll("details.filter")) {
      if (wide.matches) filter.open = true;
    }
  }
  unfold();
  document.addEventListener("htmx:load", unfold);

  // Which facets were open, and where the reader was, is kept while the results are renewed.
  const named = (facet) => (facet.matches(".filter") ? "" : facet.querySelector("summary").textContent);
  let opened = new Map();
  let focused = null;
  document.addEventListener("htmx:beforeSwap", () => {
    opened = new Map();
    for (const facet of document.querySelectorAll("details.facet, details.filter")) {
      opened.set(named(facet), facet.open);
    }
    const active = document.activeElement;
    focused = active && active.name ? [active.name, active.value, active.type] : null;
  });
  document.addEventListener("htmx:afterSettle", () => {
    for (const facet of document.querySelectorAll("details.facet, details.filter")) {
      const was = opened.get(named(facet));
      if (was !== undefined) facet.open = was;
    }
    const said = document.getElementById("said");
    const found = document.getElementById("found");
    if (said && found && said.textContent !== found.textContent) said.textContent = found.textContent;
    if (!focused || document.activeElement !== document.body) return;
    const [name, value, type] = focused;
    const again = [...document.getElementsByName(name)].find((one) => type !== "checkbox" || one.value === value);
    if (again) again.focus({ preventScroll: true });
  });

  // What somebody pressed and what never arrived would otherwise look like a button that does nothing.
  document.addEventListener("htmx:sendError", ({ detail }) => {
    if (!detail.requestConfig.triggeringEvent) return; // a page that looks again by itself
    const notice = document.getElementById("notice");
    const said = document.createElement("p");
    said.className = "told bad";
    said.dataset.lost = "";
    said.textContent = notice.dataset.unsent;
    notice.replaceChildren(said);
  });
  document.addEventListener("htmx:beforeOnLoad", () => {
    document.querySelector("#notice > [data-lost]")?.remove();
  });

  let going;
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "notice") return;
    clearTimeout(going);
    // What has changed unasked is read in one's own time.
    if (event.target.querySelector("[data-stays]")) return;
    going = setTimeout(() => {
      const notice = document.getElementById("notice");
      if (!notice.contains(document.activeElement)) notice.replaceChildren();
    }, 8000);
  });
})();
