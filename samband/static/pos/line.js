// Whether the server can be reached. It is asked again and again while it is silent, ever more patiently.
import { get, hearLine } from "./asking.js";
import { change, state } from "./state.js";

const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 20_000;
const channel = new BroadcastChannel("samband-line");
let wait_ms = FIRST_WAIT_MS;
let next;
const whenUp = new Set();

/** Do something each time the line comes back. */
export function onLineUp(deed) {
  whenUp.add(deed);
}

export function watchLine() {
  hearLine({ up: rise, down: fall, shutOut });
  // What one tab learns the others need not find out by themselves.
  channel.onmessage = ({ data: up }) => turn(up);
  addEventListener("online", () => probe());
  addEventListener("offline", fall);
  if (!navigator.onLine) fall();
}

function rise() {
  clearTimeout(next);
  wait_ms = FIRST_WAIT_MS;
  if (state.line.up) return;
  channel.postMessage(true);
  turn(true);
}

function turn(up) {
  if (state.line.up === up) return;
  change({ line: { up } });
  if (up) for (const deed of whenUp) deed();
}

/** The ticket and the queue stay: somebody signs in, or the device is enrolled anew. */
function shutOut(code) {
  if (state.phase === "open") change({ phase: code === "device_unknown" ? "enrol" : "sign_in", cashier: null, sheet: null });
}

function fall() {
  if (state.line.up) channel.postMessage(false);
  turn(false);
  clearTimeout(next);
  next = setTimeout(probe, wait_ms);
  wait_ms = Math.min(wait_ms * 1.6, LONGEST_WAIT_MS);
}

/** Ask whether anybody is there; any answer counts. */
export async function probe() {
  clearTimeout(next);
  await get("me").catch(() => {});
}
