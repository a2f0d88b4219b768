// Codes, wherever they come from: the camera, a scanner that types, or somebody's fingers.
import { scan } from "../scanning/scan.js";
import { listenToWedge } from "../scanning/wedge.js";
import { get, LineDown } from "./asking.js";
import { chooseCustomer, takeCartOver } from "./customers.js";
import { item, itemByCode, search } from "./goods.js";
import * as pickups from "./screens/pickups.js";
import { wayNow } from "./screens/goods_sheet.js";
import { change, state } from "./state.js";
import { goodsName } from "./pieces.js";
import { t } from "./texts.js";
import * as ticket from "./ticket.js";
import { toast } from "./toast.js";

let stopCamera = null;

export function watchCodes() {
  listenToWedge((code) => {
    if (state.phase === "open") hear(code);
  });
}

/** What a code means depends on where it is heard. */
export async function hear(code) {
  if (state.screen === "pickups") return pickups.scanned(code);
  if (state.screen === "pay") return hearAtPaying(code);
  if (state.screen === "done") return undefined;
  state.found.query = "";
  const known = itemByCode(code);
  if (known) return put(known);
  return askAround(code);
}

function hearAtPaying(code) {
  if (state.pay.method !== "gift_card") return;
  Object.assign(state.pay, { code, balance: null });
  change();
}

async function put(one) {
  chime();
  if (state.sheet && state.sheet.kind !== "camera") change({ sheet: null });
  toast(t("scan.added", { name: goodsName(one) }));
  await ticket.add(one.sku);
}

async function askAround(code) {
  if (!state.line.up) return toast(t("scan.unknown_offline", { code }));
  try {
    const found = await get(`lookup?code=${encodeURIComponent(code)}`);
    if (found.kind === "product") return await put(found.item);
    closeCamera();
    change({ sheet: null });
    if (found.kind === "customer") return await chooseCustomer(found.customer);
    return await takeCartOver(found.token);
  } catch (error) {
    return toast(error instanceof LineDown ? t("line.lost") : error.text);
  }
}

/** A small sound, as at every till. */
function chime() {
  navigator.vibrate?.(30);
  if (!navigator.userActivation?.hasBeenActive) return;
  const sound = new AudioContext();
  const tone = sound.createOscillator();
  const volume = sound.createGain();
  tone.frequency.value = 1320;
  volume.gain.setValueAtTime(0.06, sound.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.0001, sound.currentTime + 0.12);
  tone.connect(volume).connect(sound.destination);
  tone.onended = () => sound.close();
  tone.start();
  tone.stop(sound.currentTime + 0.12);
}

// --- the camera

function openCamera() {
  change({ sheet: { kind: "camera", wrong: "", typed: "" } });
  // Its window stands once the screens are written.
  setTimeout(() => {
    const video = document.querySelector("[data-key=camera] video");
    if (!video) return;
    const onTrouble = (code) => {
      state.sheet.wrong = code;
      change();
    };
    stopCamera = scan(video, hear, { onTrouble });
  });
}

export function closeCamera() {
  stopCamera?.();
  stopCamera = null;
}

// --- one product

async function openGoods(sku) {
  const known = item(sku) ?? state.ticket.cart?.lines.find((line) => line.sku === sku);
  const sheet = { kind: "goods", item: known ?? { sku, names: {}, labels: {}, unit: 0 }, told: null, way: wayNow(sku), quantity: ticket.lineOf(sku)?.quantity ?? 1 };
  change({ sheet });
  if (!state.line.up) return;
  try {
    const told = await get(`lookup?code=${encodeURIComponent(sku)}`);
    Object.assign(sheet, { told, item: told.item });
  } catch (error) {
    toast(error.text ?? t("line.lost"));
  }
  change();
}

async function putOnTicket() {
  const { item: one, way, quantity } = state.sheet;
  change({ sheet: null });
  await ticket.set(one.sku, quantity, way);
}

export const lookActions = {
  scan: openCamera,
  openGoods,
  putOnTicket,
  async typeCode() {
    const code = state.sheet.typed.trim();
    state.sheet.typed = "";
    if (code) await hear(code);
    change();
  },
  clearSearch() {
    state.found.query = "";
    change();
    document.getElementById("f-query").focus();
  },
  takeOut() {
    const { sku } = state.sheet.item;
    change({ sheet: null });
    return ticket.set(sku, 0);
  },
  fewer() {
    state.sheet.quantity = Math.max(1, state.sheet.quantity - 1);
    change();
  },
  morePieces() {
    state.sheet.quantity += 1;
    change();
  },
  /** Enter in the search field: a code is put on the ticket, else the first of what was found. */
  async enterCode() {
    const { query } = state.found;
    if (!query.trim()) return;
    const [first] = itemByCode(query) ? [itemByCode(query)] : search(query);
    state.found.query = "";
    change();
    if (first) await ticket.add(first.sku);
    else await hear(query.trim());
  },
};

export const lookNotes = {
  typed: (value) => { state.sheet.typed = value; },
  way: (value) => { state.sheet.way = JSON.parse(value); },
};

