// Asking the server. Only silence means that the line is down: whatever it answers, it is there.
import { newId } from "./ids.js";
import { setClock } from "./clock.js";
import { spoken } from "./texts.js";

const PATIENCE_MS = 25_000;
const SILENCE = new Set([502, 503, 504]);

/** Nobody answered: whether the server did what was asked is not known. */
export class LineDown extends Error {}

/** The server refused; `text` says why in our language, `body` holds the particulars. */
export class Problem extends Error {
  constructor(body) {
    super(body.code);
    this.code = body.code;
    this.status = body.status;
    this.text = body.text ?? body.detail ?? body.code;
    this.body = body;
  }
}

const listeners = { up: () => {}, down: () => {}, shutOut: () => {} };

/** Hear of each answer and of each silence, and when the device or whoever stands at it is not let in any more. */
export function hearLine(heard) {
  Object.assign(listeners, heard);
}

export const get = (path) => ask(path, { method: "GET" });

const unanswered = new Map();

/** Ask for a deed. Whoever asks for the same again because nobody answered asks with the same key, so it is done once. */
export async function post(path, body = {}, given = null) {
  const text = JSON.stringify(body);
  const deed = `${path} ${text}`;
  const key = given ?? unanswered.get(deed) ?? newId();
  unanswered.set(deed, key);
  const headers = { "Content-Type": "application/json", "Idempotency-Key": key, "X-Samband-Till": "1" };
  try {
    const answer = await ask(path, { method: "POST", body: text, headers });
    unanswered.delete(deed);
    return answer;
  } catch (error) {
    if (error instanceof Problem && error.status < 500) unanswered.delete(deed);
    throw error;
  }
}

async function ask(path, wish) {
  const asked_at = Date.now();
  const headers = { ...wish.headers, Accept: "application/json", "X-Samband-Language": spoken() };
  headers["X-Samband-Clock"] = String(asked_at);
  const { answer, text } = await heard(path, { ...wish, headers });
  setClock(Number(answer.headers.get("X-Samband-Time") ?? NaN), asked_at);
  listeners.up();
  const body = text && answer.status !== 304 ? JSON.parse(text) : null;
  if (answer.ok || answer.status === 304) return body;
  const problem = new Problem(body ?? { code: "not_found", status: answer.status });
  if (problem.status === 401) listeners.shutOut(problem.code);
  throw problem;
}

async function heard(path, wish) {
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const answer = await fetch(`/pos/api/${path}`, { ...wish, signal, credentials: "same-origin", cache: "no-store" });
    const text = await answer.text();
    // What is not JSON does not come from the server: a gateway, or a hotel's page that wants a sign-in.
    const ours = !text || /\bjson\b/.test(answer.headers.get("Content-Type"));
    if (SILENCE.has(answer.status) || !ours) throw new LineDown();
    return { answer, text };
  } catch (error) {
    listeners.down();
    throw error instanceof LineDown ? error : new LineDown(error.message);
  }
}
