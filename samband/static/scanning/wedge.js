// Scanners that pretend to be a keyboard: keys faster than a person's, ended by Enter.
const MACHINE_PACE_MS = 35;
const SHORTEST = 4;

/**
 * Hear what a keyboard-wedge scanner types anywhere on the page.
 *
 * A run of at least four characters, each within 35 ms of the one before, that ends in Enter is a scan: its Enter does nothing else, and what
 * had already gone into a field is taken out again. Everything else is somebody typing and is left alone.
 */
export function listenToWedge(onCode, target = document) {
  let typed = "";
  let last = -Infinity;
  let before = null;

  function forget() {
    typed = "";
    before = null;
  }

  function heard(event) {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const pace = event.timeStamp - last;
    if (event.key === "Enter") {
      if (typed.length >= SHORTEST && pace <= MACHINE_PACE_MS) announce(event);
      forget();
      return;
    }
    if (event.key.length !== 1) {
      if (event.key !== "Shift") forget();
      return;
    }
    if (pace > MACHINE_PACE_MS) {
      typed = "";
      before = standing(event.target);
    }
    typed += event.key;
    last = event.timeStamp;
  }

  function announce(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
    const code = typed;
    before?.restore();
    onCode(code);
  }

  target.addEventListener("keydown", heard, true);
  return () => target.removeEventListener("keydown", heard, true);
}

/** What stood in a field before the scanner wrote into it. */
function standing(field) {
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return null;
  const value = field.value;
  return {
    restore() {
      field.value = value;
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    },
  };
}
