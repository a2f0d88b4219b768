// Newer versions of the till: taken at once when it opens, later when somebody says so.
import { change, state } from "./state.js";

export async function watchForNewer() {
  const known = await navigator.serviceWorker?.getRegistration("/pos/");
  if (!known) return;
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
  takeNewer(known);
  known.addEventListener("updatefound", () => {
    known.installing?.addEventListener("statechange", () => tell(known));
  });
}

/** With nothing under way it is taken without asking. */
function tell(known) {
  if (!known.waiting) return;
  const idle = state.phase !== "open" || (state.screen === "sell" && !state.sheet && !state.ticket.lines.length);
  if (idle) takeNewer(known);
  else change({ fresh: true });
}

export const takeNewer = (known) => known?.waiting?.postMessage("take over");

export const renew = async () => takeNewer(await navigator.serviceWorker?.getRegistration("/pos/"));
