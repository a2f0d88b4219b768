// The keyboard alone is enough: every key that does something is shown on the button that it presses.
import { state } from "./state.js";

const EDITS = "input:not([type=radio]):not([type=checkbox]), textarea, select";

/** Watch the keyboard. `typed` is called with the search field before a letter that was typed elsewhere goes there. */
export function watchKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented) return;
    if (press(event) || move(event) || onLine(event)) event.preventDefault();
    else typeAhead(event);
  });
}

/** What lies on top hears the keys: a sheet before the screen below it. */
export const top = () => [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.getElementById("app");

function nameOf({ key, altKey, ctrlKey, metaKey, code }) {
  if (ctrlKey || metaKey) return null;
  if (altKey) return /^Digit\d$/.test(code) ? `Alt+${code.at(-1)}` : null;
  return /^(F\d+|Escape|\?)$/.test(key) ? key : null;
}

function press(event) {
  const name = nameOf(event);
  if (!name || (name === "?" && event.target.matches(EDITS))) return false;
  const meant = [...top().querySelectorAll(`[data-hot="${CSS.escape(name)}"]`)].find((one) => !one.disabled && one.checkVisibility());
  if (!meant) return name.startsWith("F") && name !== "F11" && name !== "F12" && name !== "F5";
  if (meant.matches("button")) meant.click();
  else if (meant.matches("[data-list]")) (meant.querySelector("[data-current]") ?? meant.querySelector("button"))?.focus();
  else {
    meant.focus();
    meant.select?.();
  }
  return true;
}

/** Arrows go through a list; in a grid up and down keep the column. */
function move(event) {
  const steps = { ArrowDown: [0, 1], ArrowUp: [0, -1], ArrowRight: [1, 0], ArrowLeft: [-1, 0] }[event.key];
  if (!steps || event.altKey || event.ctrlKey || event.metaKey) return false;
  if (event.target.matches(EDITS)) return intoTiles(event);
  const list = event.target.closest("[data-list]");
  if (!list || list.dataset.list === "choices") return false;
  const rows = rowsIn(list);
  const at = rows.indexOf(event.target.closest("button"));
  const across = list.dataset.list === "grid" ? columns(rows) : 1;
  const next = rows[at + steps[0] + steps[1] * across];
  if (next) next.focus();
  else if (at < across && event.key === "ArrowUp") document.getElementById("f-query")?.focus();
  return true;
}

const rowsIn = (list) => [...list.querySelectorAll(":scope > li > button:first-of-type:not(:disabled)")];

const columns = (rows) => rows.filter((row) => row.getBoundingClientRect().top === rows[0].getBoundingClientRect().top).length || 1;

function intoTiles(event) {
  if (event.key !== "ArrowDown" || event.target.matches("select")) return false;
  const first = top().querySelector("[data-list] > li > button:not(:disabled)");
  if (!first) return false;
  first.focus();
  return true;
}

/** On a line of the ticket plus, minus and Delete change how many there are. */
function onLine(event) {
  const line = event.target.closest?.("[data-line]");
  if (!line || event.altKey || event.ctrlKey || event.metaKey) return false;
  const does = { "+": "more", "-": "less", "−": "less", Delete: "remove", Backspace: "remove" }[event.key];
  if (!does) return false;
  state.actions[does](line.dataset.line);
  return true;
}

function typeAhead(event) {
  if (event.key.length !== 1 || event.key === " " || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.target.matches(EDITS) || document.querySelector("dialog[open]")) return;
  const field = document.getElementById("f-query") ?? document.getElementById("f-given");
  if (field?.checkVisibility()) field.focus();
}
