// Starts the till from the files that the service worker keeps: they belong together, and they are there without a line.
const PATIENCE_MS = 15_000;

async function begin() {
  try {
    await controlled();
  } catch (error) {
    console.warn(error);
  }
  await import("./app.js");
}

/** Wait until the service worker serves us: at the very first start it fetches everything before. */
async function controlled() {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register("/pos/sw.js", { scope: "/pos/", updateViaCache: "none" });
  if (navigator.serviceWorker.controller) return;
  await new Promise((resolve) => {
    navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true });
    setTimeout(resolve, PATIENCE_MS);
  });
}

begin();
