// Pages are written as templates and laid over what stands, so that focus, selection and scroll stay where they were.

class Html {
  constructor(text) {
    this.text = text;
  }
  toString() {
    return this.text;
  }
}

const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

export function escape(value) {
  return String(value).replace(/[&<>"']/g, (sign) => ESCAPES[sign]);
}

function shown(value) {
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(shown).join("");
  return value === null || value === undefined || value === false ? "" : escape(value);
}

/** A piece of page. Whatever is filled in is escaped, unless it is a piece of page itself. */
export function html(parts, ...values) {
  return new Html(parts.reduce((text, part, at) => text + shown(values[at - 1]) + part));
}

export const nothing = new Html("");

/** Lay a piece of page over the children of an element. Elements with the same data-key stay the same elements. */
export function lay(root, piece) {
  const template = document.createElement("template");
  template.innerHTML = String(piece);
  layChildren(root, template.content);
}

function layChildren(old, fresh) {
  const keyed = new Map();
  for (const child of old.children) if (child.dataset.key) keyed.set(child.dataset.key, child);
  let at = old.firstChild;
  for (const wanted of [...fresh.childNodes]) {
    const kept = match(at, wanted, keyed);
    if (!kept) {
      old.insertBefore(wanted, at);
      continue;
    }
    if (kept === at) at = at.nextSibling;
    else old.insertBefore(kept, at);
    layOver(kept, wanted);
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

function match(at, wanted, keyed) {
  const key = wanted.dataset?.key;
  if (key) {
    const kept = keyed.get(key);
    return kept?.nodeName === wanted.nodeName ? kept : null;
  }
  const alike = at && at.nodeType === wanted.nodeType && at.nodeName === wanted.nodeName && !at.dataset?.key;
  return alike ? at : null;
}

function layOver(old, fresh) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
    return;
  }
  layAttributes(old, fresh);
  // What an element holds by itself (a camera's picture) is not ours to lay over.
  if (!old.hasAttribute("data-own")) layChildren(old, fresh);
  if (old.nodeName === "SELECT") layChoice(old, fresh);
}

function layAttributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !(name === "open" && old.nodeName === "DIALOG")) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  if (old.nodeName === "INPUT") {
    const value = fresh.getAttribute("value");
    if (value !== null && old.value !== value) old.value = value;
    old.checked = fresh.hasAttribute("checked");
  }
}

function layChoice(old, fresh) {
  const chosen = fresh.querySelector("option[selected]");
  if (chosen && old.value !== chosen.value) old.value = chosen.value;
}
