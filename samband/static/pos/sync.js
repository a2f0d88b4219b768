// Sends what waits. Of all tabs one does it, whoever holds the lock; when that tab goes, the next one takes over.
import { LineDown, post, Problem } from "./asking.js";
import { repeatDeeds } from "./deeds.js";
import * as goods from "./goods.js";
import { onLineUp } from "./line.js";
import * as queue from "./queue.js";
import { now } from "./clock.js";
import { change, state } from "./state.js";

const AT_ONCE = 25;
const EVERY_MS = 30_000;
const ALLOTMENT_EVERY_MS = 10 * 60_000;
const channel = new BroadcastChannel("samband-till");
const afterRounds = new Set();
let wake = () => {};
let allotted_at = 0;

/** Keep sending for as long as this tab lives, or stand by for the tab that does. */
export function keepSynchronising() {
  channel.onmessage = ({ data }) => (data === "go" ? wake() : follow());
  onLineUp(() => goNow());
  navigator.locks.request("samband-till-sync", lead);
}

/** Another tab has done a round: show what it left. */
async function follow() {
  await goods.recall();
  await recount();
}

/** Do something each time that what waits was counted anew. */
export function onCounted(deed) {
  afterRounds.add(deed);
}

/** There is something to send: tell whoever leads. */
export function goNow() {
  wake();
  channel.postMessage("go");
}

async function lead() {
  for (;;) {
    if (state.phase === "open" || state.phase === "sign_in") await round();
    await rest();
  }
}

function rest() {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, EVERY_MS);
    wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}

/** One round: the sales, what is not known, then what changed meanwhile. Silence ends it until the line is back. */
async function round() {
  let problem = "";
  for (const deed of [sendSales, repeatDeeds, goods.renew, renewStaleAllotment]) {
    try {
      await deed();
    } catch (error) {
      if (error instanceof LineDown) break;
      if (!(error instanceof Problem)) throw error;
      // One thing that is refused does not keep the others back.
      problem ||= error.text;
    }
  }
  change({ queue: { ...state.queue, problem } });
  await recount();
  channel.postMessage("recount");
}

async function renewStaleAllotment() {
  if (state.cashier && now() - allotted_at > ALLOTMENT_EVERY_MS) await renewAllotment();
}

async function sendSales() {
  const sent = new Set();
  for (;;) {
    const left = (await queue.waiting()).filter((sale) => !sent.has(sale.sale_id));
    if (!left.length) return;
    const batch = left.slice(0, AT_ONCE);
    for (const sale of batch) sent.add(sale.sale_id);
    await send(batch, left.length);
  }
}

async function send(batch, length) {
  try {
    await queue.note(await post("sync", { sales: batch.map(bare), queue: length }));
  } catch (error) {
    if (!isRefused(error)) throw error;
    // One sale that cannot be read must not hold up the others.
    if (batch.length === 1) return queue.noteRefused(batch[0].sale_id, error.code);
    for (const sale of batch) await send([sale], length);
  }
}

const isRefused = (error) => error instanceof Problem && [400, 413, 422].includes(error.status);

/** A sale as the server wants it, without what only the device needs to know. */
function bare({ shown, refused, answer, store, ...sale }) {
  return sale;
}

/** Ask for stock that may be sold while the line is down; the server chooses what and how much. */
export async function renewAllotment() {
  const { allotment } = await post("allotment", { lines: "auto" });
  allotted_at = now();
  await queue.noteAllotment(allotment);
}

/** Stock goes back: this device sells nothing offline any more. Only with nothing in the queue. */
export async function giveBackAllotment() {
  if ((await queue.waiting()).length) return;
  const { allotment } = await post("allotment/give-back", { lines: "all" });
  allotted_at = now();
  await queue.noteAllotment(allotment);
  await recount();
}

/** Count anew what waits and what may be sold. */
export async function recount() {
  const { allotted, allotment, ...counts } = await queue.counts();
  change({ allotted, allotment, queue: { ...state.queue, ...counts } });
  for (const deed of afterRounds) deed();
}
