// What a phone or a station in the store does by itself. Every page works without it, except that nothing is scanned.
import { renewAll } from "./renewing.js";
import { watchAll } from "./watching.js";

// The phone says where it is, but only when its owner asks it to.
for (const form of document.querySelectorAll("form[data-locates]")) {
  if (!("geolocation" in navigator)) continue;
  form.hidden = false;
  const trouble = form.querySelector("[data-trouble]");
  const button = form.querySelector("button");
  form.addEventListener("submit", (event) => {
    if (form.elements.latitude.value) return;
    event.preventDefault();
    button.disabled = true;
    trouble.hidden = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.latitude.value = coords.latitude;
        form.elements.longitude.value = coords.longitude;
        form.elements.accuracy.value = coords.accuracy;
        form.submit();
      },
      () => {
        button.disabled = false;
        trouble.hidden = false;
      },
      { enableHighAccuracy: true, timeout: 12_000, maximumAge: 60_000 },
    );
  });
}

// Menus close by themselves.
document.addEventListener("click", (event) => {
  for (const drop of document.querySelectorAll("details.drop[open]")) {
    if (!drop.contains(event.target)) drop.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  const open = document.querySelector("details.drop[open]");
  if (event.key !== "Escape" || !open) return;
  open.open = false;
  open.querySelector("summary").focus();
});

// Of several ways to pay, only the fields of the chosen one stand open.
for (const form of document.querySelectorAll(".k-pay")) {
  const parts = form.querySelectorAll("[data-method]");
  const choose = () => {
    const chosen = form.querySelector("[name=method]:checked")?.value;
    for (const part of parts) part.hidden = chosen !== undefined && part.dataset.method !== chosen;
  };
  form.addEventListener("change", choose);
  choose();
}

for (const one of document.querySelectorAll("[data-reloads]")) {
  setTimeout(() => location.reload(), Number(one.dataset.reloads) * 1000);
}

// What somebody pressed and what never arrived would otherwise look like a button that does nothing.
const unsent = document.querySelector("[data-unsent]");
document.addEventListener("htmx:afterRequest", ({ target, detail: { xhr } }) => {
  if (!target.closest?.("form[data-empties]")) unsent.hidden = xhr.status > 0;
});

renewAll();
watchAll();
