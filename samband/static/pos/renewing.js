// Newer versions of the till: taken at once when it opens, later when somebody says so.
import { change, state } from "./state.js";

export async function watchForNewer() {
  const known = await navigator.serviceWorker?.getRegistration("/pos/");
  if (!known) return;
  let { controller: served } = navigator.serviceWorker;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    // At a slow first start the worker comes when somebody is at work already, and brings nothing newer.
    if (served) location.reload();
    served = navigator.serviceWorker.controller;
  });
  takeNewer(known);
  known.addEventListener("updatefound", () => {
    known.installing?.addEventListener("statechange", () => {
      change({ fresh: Boolean(known.waiting) });
      takeWhenIdle();
    });
  });
}

/** With nothing under way a newer version is taken without asking. */
export function takeWhenIdle() {
  const idle = state.phase !== "open" || (state.screen === "sell" && !state.sheet && !state.ticket.lines.length);
  if (state.fresh && idle) renew();
}

export const renew = async () => takeNewer(await navigator.serviceWorker?.getRegistration("/pos/"));

const takeNewer = (known) => known?.waiting?.postMessage("take over");
