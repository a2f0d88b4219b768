// Parts of a page that look again by themselves. The server answers 304 while nothing has changed, and then nothing moves.
export function renewAll() {
  for (const part of document.querySelectorAll("[data-renews]")) renew(part);
}

function renew(part) {
  const every = Number(part.dataset.every) * 1000;
  const offline = document.querySelector("[data-offline]");
  let tag = "";

  async function look() {
    const headers = tag ? { "If-None-Match": tag } : {};
    const answer = await fetch(part.dataset.renews, { headers, cache: "no-store", credentials: "same-origin" });
    if (answer.status === 401 || answer.status === 403) return location.reload();
    if (answer.status !== 200) return;
    const text = await answer.text();
    const first = tag === "";
    tag = answer.headers.get("ETag") ?? "";
    if (first && part.dataset.fresh === undefined && same(part, text)) return;
    swap(part, text);
  }

  async function again() {
    try {
      if (!document.hidden) await look();
      if (offline) offline.hidden = true;
    } catch {
      if (offline) offline.hidden = false;
    }
    setTimeout(again, every);
  }

  document.addEventListener("visibilitychange", () => document.hidden || look().catch(() => {}));
  setTimeout(again, every);
}

function same(part, text) {
  const other = document.createElement(part.tagName);
  other.innerHTML = text;
  return other.textContent === part.textContent;
}

// Whoever stands on a button stays on it.
function swap(part, text) {
  const held = part.contains(document.activeElement) ? document.activeElement.value : undefined;
  part.innerHTML = text;
  if (held) [...part.querySelectorAll("button")].find((button) => button.value === held)?.focus();
}
