// Before anybody can sell: the device is enrolled, and somebody signs in.
import { get, post } from "../asking.js";
import { html, nothing } from "../html.js";
import { button, field, sign } from "../pieces.js";
import { change, state } from "../state.js";
import { isSaid, LANGUAGES, named, spoken, t } from "../texts.js";

const entering = { name: "", code: "", member: null, pin: "", wrong: "" };
const LONGEST_PIN = 8;

/** Whoever has been chosen and is asked for a PIN. */
export const who = () => entering.member;

export function starting() {
  return cover(html`<p class="wait" role="status">${isSaid("app.title") ? t("enter.starting") : ""}</p>`);
}

export function enrol() {
  return cover(html`<h1>${t("enrol.title")}</h1><p class="soft">${t("enrol.how")}</p>
    <form data-do="enrol" class="stack" novalidate>
      ${field("enrolCode", t("enrol.code"), entering.code, { focus: true, hint: t("enrol.code_hint"), max: 20 })}
      ${field("enrolName", t("enrol.name"), entering.name, { hint: t("enrol.name_hint"), max: 60 })}
      ${wrong()}
      <button class="button big" ${state.busy && html`aria-disabled="true"`}>${t("enrol.do")}</button>
    </form>${waitingHere()}`);
}

/** A device that was revoked still holds what it sold. */
const waitingHere = () =>
  state.queue.waiting ? html`<p class="notice">${t("enrol.waiting", { count: state.queue.waiting })}</p>` : nothing;

export function signIn() {
  return cover(entering.member ? pin() : people());
}

function people() {
  return html`<h1>${t("sign_in.who")}</h1><p class="soft">${named(state.device.store.names)} · ${state.device.name}</p>
    ${!state.line.up && html`<p class="notice">${t("sign_in.needs_line")}</p>`}
    <ul class="people" data-list>${state.staff.map(
      (one, at) => html`<li><button type="button" data-do="choosePerson" data-arg="${one.id}" ${at === 0 && html`data-focus`}
        ${!one.has_pin && html`disabled`}><span class="initials" aria-hidden="true">${initials(one.name)}</span>
        <span>${one.name}${!one.has_pin && html`<small>${t("sign_in.no_pin")}</small>`}</span></button></li>`,
    )}</ul>${wrong()}
    ${!state.staff.length && state.line.up && html`<p class="notice">${t("sign_in.nobody")}</p>`}`;
}

const initials = (name) => name.split(/\s+/).map((word) => word[0]).slice(0, 2).join("");

function pin() {
  const person = state.staff.find((one) => one.id === entering.member);
  return html`<h1>${t("sign_in.hello", { name: person.name })}</h1>
    <form data-do="signIn" class="pin" novalidate>
      <label for="f-pin">${t("sign_in.pin")}</label>
      <input id="f-pin" type="password" inputmode="none" autocomplete="off" maxlength="${LONGEST_PIN}" value="${entering.pin}"
        data-note="pin" data-focus aria-describedby="pin-wrong">
      <div id="pin-wrong">${wrong()}</div>
      <div class="keypad" aria-hidden="true">${["1", "2", "3", "4", "5", "6", "7", "8", "9", "back", "0", "enter"].map(pinKey)}</div>
      ${button("choosePerson", t("sign_in.other"), { arg: "", look: "quiet", hot: "Escape" })}
    </form>`;
}

function pinKey(name) {
  if (name === "enter") return html`<button class="go" tabindex="-1">${sign("ok")}</button>`;
  const shown = name === "back" ? sign("back") : name;
  return html`<button type="button" tabindex="-1" data-do="pinKey" data-arg="${name}">${shown}</button>`;
}

const wrong = () => (entering.wrong ? html`<p class="wrong" role="alert">${entering.wrong}</p>` : nothing);

function cover(inside) {
  return html`<main id="main" class="cover" tabindex="-1"><div class="card">
    <img src="/static/shop/mark.svg" alt="Samband" width="56" height="56">${inside}</div>${tongues()}</main>`;
}

const tongues = () => html`<ul class="tongues">${Object.entries(LANGUAGES).map(
  ([code, name]) => html`<li><button type="button" lang="${code}" data-do="speak" data-arg="${code}"
    ${code === spoken() && html`aria-current="true"`}>${name}</button></li>`,
)}</ul>`;

// --- what is done here; `opened` goes on once somebody may sell

export function actions({ opened, enrolled }) {
  async function tried(deed) {
    change({ busy: "entering" });
    try {
      await deed();
      entering.wrong = "";
    } catch (error) {
      entering.wrong = error.text ?? t("line.lost");
      entering.pin = "";
    }
    change({ busy: null });
  }

  return {
    enrol: () => tried(async () => enrolled(await post("enrol", { code: entering.code.trim(), name: entering.name.trim() }))),
    choosePerson(id) {
      Object.assign(entering, { member: id || null, pin: "", wrong: "" });
      change();
    },
    pinKey(name) {
      entering.pin = name === "back" ? entering.pin.slice(0, -1) : (entering.pin + name).slice(0, LONGEST_PIN);
      change();
    },
    signIn: () =>
      tried(async () => {
        const device = await post("sign-in", { member_id: entering.member, pin: entering.pin });
        Object.assign(entering, { member: null, pin: "" });
        await opened(device);
      }),
    note: {
      enrolCode: (value) => { entering.code = value; },
      enrolName: (value) => { entering.name = value; },
      pin: (value) => { entering.pin = value.replace(/\D/g, ""); },
    },
  };
}

export async function fetchStaff() {
  const { staff } = await get("staff");
  change({ staff });
  return staff;
}
