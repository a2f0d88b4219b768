// Keeps the till's files, so that it opens without a line. The server puts `const SHELL = {version, assets}` before this file.
/* global SHELL */
const KEPT = `pos-${SHELL.version}`;
const PICTURES = "pos-pictures";
const MOST_PICTURES = 1500;

self.addEventListener("install", (event) => event.waitUntil(fetchAll()));

/** All of it or nothing; past the browser's own store, where an older file may still lie. */
async function fetchAll() {
  const cache = await caches.open(KEPT);
  await cache.addAll(SHELL.assets.map((address) => new Request(address, { cache: "reload" })));
}

self.addEventListener("activate", (event) => event.waitUntil(takeOver()));

async function takeOver() {
  for (const name of await caches.keys()) {
    if (name.startsWith("pos-") && name !== KEPT && name !== PICTURES) await caches.delete(name);
  }
  await self.clients.claim();
}

self.addEventListener("message", ({ data }) => {
  if (data === "take over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (address.pathname.startsWith("/pos/api/")) return;
  if (request.mode === "navigate") event.respondWith(kept("/pos/", request));
  else if (address.pathname.startsWith("/media/")) event.respondWith(picture(request));
  else event.respondWith(kept(request, request));
});

/** What was kept, whatever version its address asks for; else what the server says. */
async function kept(wanted, request) {
  const cache = await caches.open(KEPT);
  return (await cache.match(wanted, { ignoreSearch: true, ignoreVary: true })) ?? fetch(request);
}

/** Pictures of goods are kept once they were seen. */
async function picture(request) {
  const cache = await caches.open(PICTURES);
  const known = await cache.match(request);
  if (known) return known;
  const answer = await fetch(request);
  if (answer.ok) {
    await cache.put(request, answer.clone());
    const all = await cache.keys();
    if (all.length > MOST_PICTURES) await cache.delete(all[0]);
  }
  return answer;
}
