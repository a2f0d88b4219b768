// All that the screens show. Whoever changes it says so, and the screens are written anew.

export const state = {
  phase: "starting", // enrol | sign_in | open
  screen: "sell", // sell | pay | done | pickups | drawer | sales | more
  sheet: null, // what lies over the screen: {kind, …}
  busy: null, // the name of the deed that somebody waits for
  line: { up: true },
  fresh: false, // a newer version waits to be used
  device: null,
  cashier: null,
  drawer: null,
  staff: [],
  ticket: null,
  queue: { waiting: 0, refused: 0, asides: 0, conflicts: 0, problem: "" },
  allotted: new Map(),
  allotment: null,
  found: { query: "", category: "", items: [], at: -1 },
};

let draw = () => {};
let asked = false;

export function drawWith(drawing) {
  draw = drawing;
}

/** Change what is shown; the screens follow before the next frame. */
export function change(values = {}) {
  Object.assign(state, values);
  if (asked) return;
  asked = true;
  queueMicrotask(() => {
    asked = false;
    draw();
  });
}

export const currency = () => state.device?.store.currency ?? "EUR";
export const here = () => state.device?.store.code ?? "";
export const may = (what) => Boolean(state.cashier?.may.includes(what));
