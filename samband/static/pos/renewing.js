// Newer versions of the till: taken at once when it opens, later when somebody says so.
import { change } from "./state.js";

export async function watchForNewer() {
  const known = await navigator.serviceWorker?.getRegistration("/pos/");
  if (!known) return;
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
  takeNewer(known);
  known.addEventListener("updatefound", () => {
    known.installing?.addEventListener("statechange", () => change({ fresh: Boolean(known.waiting) }));
  });
}

export const takeNewer = (known) => known?.waiting?.postMessage("take over");

export const renew = async () => takeNewer(await navigator.serviceWorker?.getRegistration("/pos/"));
