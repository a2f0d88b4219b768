// The till: what each button does. Screens say what is shown, this file says what happens.
import { get, LineDown, post, Problem } from "./asking.js";
import { rememberSkew, skew } from "./clock.js";
import { closeCamera, lookActions, lookNotes, watchCodes } from "./codes.js";
import * as customers from "./customers.js";
import * as deeds from "./deeds.js";
import * as delivering from "./delivering.js";
import { draw } from "./showing.js";
import * as goods from "./goods.js";
import { askToStay, fact, keep } from "./keeping.js";
import { watchKeys } from "./keys.js";
import { probe, watchLine } from "./line.js";
import * as paying from "./paying.js";
import * as printing from "./printing.js";
import * as queue from "./queue.js";
import * as receipts from "./receipts.js";
import { renew, takeWhenIdle, watchForNewer } from "./renewing.js";
import * as drawer from "./screens/drawer.js";
import * as entering from "./screens/entering.js";
import * as pickups from "./screens/pickups.js";
import * as sales from "./screens/sales.js";
import { change, drawWith, state } from "./state.js";
import * as sync from "./sync.js";
import { speak, spoken, t, textsIn } from "./texts.js";
import * as ticket from "./ticket.js";
import { toast } from "./toast.js";
import { watchPage } from "./watching.js";

// --- beginning

async function begin() {
  drawWith(draw);
  await speak((await fact("language")) ?? document.documentElement.lang);
  rememberSkew((await fact("skew")) ?? 0);
  watchLine();
  watchKeys();
  watchPage(actions, notes);
  watchCodes();
  await watchForNewer();
  await askToStay();
  await goods.recall();
  sync.onCounted(() => state.screen === "sales" && sales.look());
  sync.onCounted(takeWhenIdle);
  await sync.recount();
  change({ printer: await fact("printer") });
  await recognise();
  sync.keepSynchronising();
  await queue.forgetOld(Date.now());
}

/** Who is this device, and who stands at it? Without a line it is whoever it was. */
async function recognise() {
  try {
    await opened(await get("me"));
  } catch (error) {
    if (error instanceof LineDown) return recogniseAlone();
    if (error.code === "device_unknown") return change({ phase: "enrol" });
    throw error;
  }
}

async function recogniseAlone() {
  const device = await fact("device");
  if (!device) return change({ phase: "enrol" });
  change({ staff: (await fact("staff")) ?? [] });
  return opened(device, { alone: true });
}

async function opened(device, { alone = false } = {}) {
  const known = await fact("device");
  if (known && known.store.code !== device.store.code) await goods.forget();
  change({ device, cashier: device.cashier, drawer: device.drawer });
  await keep("device", device);
  await keep("skew", skew());
  await raiseSequence(device.last_sequence);
  if (!alone) await keep("staff", await entering.fetchStaff());
  if (!device.cashier) return change({ phase: "sign_in" });
  if (!(await fact("language")) && device.cashier.language) await speak(device.cashier.language);
  await goods.recall();
  await ticket.takeUpLeft();
  const goOn = await whatWasLeft();
  change({ phase: "open" });
  sync.goNow();
  await goOn();
}

async function raiseSequence(last) {
  await queue.note({ sales: [], allotment: undefined, last_sequence: last });
}

/** The device may have gone off at any moment: the screen is set to where it was; returns how to go on from there. */
async function whatWasLeft() {
  for (const sale of await queue.unshown()) {
    if (await ticket.isHeld(sale.sale_id)) continue;
    state.done = { receipt: receipts.ofSale(sale), mailed: null, email: "", wrong: "" };
    state.screen = "done";
    return ticket.settle;
  }
  const { ticket: left } = state;
  if (!left.deed && !left.order) return ticket.settle;
  paying.prepare();
  return left.deed ? paying.askAgain : paying.showOutcome;
}

// --- what the buttons do

const problem = (error) => toast(error.text ?? t("line.lost"));
state.onProblem = problem;

const actions = {
  ...entering.actions({ opened, enrolled: opened }),
  ...pickups.actions,
  ...drawer.actions,
  ...sales.actions,
  ...customers.actions,
  ...delivering.actions,
  ...lookActions,

  // between screens
  async go(screen) {
    if (state.screen === "done" && state.done) await paying.next();
    change({ screen: screen === "sell" && (state.ticket.order || state.ticket.deed) ? "pay" : screen, sheet: null });
    await { pickups, drawer, sales }[screen]?.enter();
  },
  closeSheet() {
    closeCamera();
    change({ sheet: null });
  },
  shortcuts: () => change({ sheet: { kind: "shortcuts" } }),
  async speak(language) {
    await speak(language);
    await keep("language", language);
    change();
  },
  async signOut() {
    if (!state.line.up) return toast(t("sign_in.needs_line"));
    await post("sign-out");
    change({ phase: "sign_in", cashier: null, device: { ...state.device, cashier: null }, sheet: null, screen: "sell" });
    await keep("device", state.device);
  },
  renew,

  // the ticket
  add: (sku) => ticket.add(sku),
  more: (sku) => ticket.add(sku),
  less: (sku) => ticket.add(sku, -1),
  remove: (sku) => ticket.set(sku, 0),
  chooseCategory(slug) {
    state.found.category = slug;
    change();
  },
  async clear() {
    if (!state.sure) {
      toast(t("ticket.sure"));
      state.sure = true;
      setTimeout(() => { state.sure = false; }, 4000);
      return;
    }
    state.sure = false;
    await ticket.drop();
  },

  // paying
  async pay() {
    if (!state.ticket.lines.length) return;
    if (delivering.isNeeded()) return delivering.open();
    await paying.openPaying();
  },
  backToSell: () => change({ screen: "sell" }),
  chooseMethod: paying.choose,
  payByLink: paying.payByLink,
  noLink() {
    state.pay.link = null;
    change();
  },
  given(amount) {
    state.pay.given = amount;
    change();
  },
  payKey(name) {
    state.pay.given = name === "back" ? state.pay.given.slice(0, -1) : state.pay.given + name;
    change();
  },
  take: paying.take,
  askAgain: paying.askAgain,
  putAside: paying.putAside,
  callOff: paying.callOff,
  lookAtGiftCard: paying.lookAtGiftCard,

  // after it
  next: paying.next,
  async print() {
    const opensDrawer = state.done.receipt.tenders.some((one) => one.method === "cash");
    await printing.print(document.querySelector(".receipt"), { opensDrawer }).catch(() => toast(t("print.failed")));
  },
  saveForPrinter() {
    const { order_id, language, number } = state.done.receipt;
    const link = Object.assign(document.createElement("a"), { download: `${number}.escpos`, href: `/pos/api/orders/${order_id}/receipt.escpos?language=${language}&width=48` });
    link.click();
  },
  async mailReceipt() {
    const { done } = state;
    const email = done.email.trim();
    try {
      await post(`orders/${done.receipt.order_id}/receipt-mail`, { email });
      done.mailed = email;
    } catch (error) {
      done.wrong = error.text ?? t("line.lost");
    }
    change();
  },

  // what waits
  async sendNow() {
    await probe();
    sync.goNow();
    await sales.enter();
  },
  async takeUp(id) {
    const taken = await deeds.takeUp(id);
    await ticket.begin(taken);
    paying.prepare();
    await paying.showOutcome();
  },

  // the device
  renewAllotment: () => sync.renewAllotment().then(sync.recount).catch(problem),
  giveBack: () => sync.giveBackAllotment().catch(problem),
  async connectPrinter(way) {
    await printing.connect(way).catch(() => toast(t("print.none")));
    change({ printer: await fact("printer") });
  },
  async disconnectPrinter() {
    await printing.disconnect();
    change({ printer: null });
  },
};
state.actions = actions;

// --- what somebody types

const notes = {
  ...actions.note,
  ...pickups.note,
  ...drawer.note,
  ...customers.note,
  ...delivering.note,
  ...lookNotes,
  query(value) {
    state.found.query = value;
  },
  given: (value) => { state.pay.given = value; },
  amount: (value) => { state.pay.amount = value; },
  card: (value) => { state.pay.card = value; },
  plan: (value) => { state.pay.plan = value; },
  mail: (value) => { state.done.email = value; },
  giftCode: (value) => Object.assign(state.pay, { code: value, balance: null }),
  language: (value) => actions.speak(value),
  async receiptLanguage(language) {
    const { done } = state;
    done.texts = language === spoken() ? undefined : await textsIn(language);
    const { receipt } = done;
    done.receipt = receipt.order_id && !receipt.offline ? await receipts.ofOrder(receipt, language) : { ...receipt, language };
    change();
  },
};

addEventListener("unhandledrejection", (event) => {
  if (!(event.reason instanceof Problem) && !(event.reason instanceof LineDown)) return;
  event.preventDefault();
  problem(event.reason);
});

begin();
