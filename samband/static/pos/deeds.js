// Requests that move money or goods. They are written down before they are asked, and asked again with the same key until there is an answer.
import { post, Problem } from "./asking.js";
import { newId } from "./ids.js";
import { within } from "./keeping.js";
import { now } from "./clock.js";

const UNDECIDED = new Set([401, 408, 425, 429]);

/**
 * Do something for a ticket, such as checking out; returns the server's answer.
 *
 * Throws Problem when the server refused, and LineDown when nobody knows: then the deed stays written down on the ticket, to be repeated.
 */
export async function doFor(ticket, path, body) {
  const deed = { id: newId(), path, body, at: now().toISOString(), ticket_id: ticket.id, aside: false };
  ticket.deed = deed.id;
  await within(["deeds", "tickets"], "readwrite", async ({ deeds, tickets }) => {
    await deeds.put(deed);
    await tickets.put(ticket);
  });
  return finish(ticket, deed);
}

/** Ask once more how the deed of a ticket went. */
export async function repeatFor(ticket) {
  const deed = await within(["deeds"], "readonly", ({ deeds }) => deeds.get(ticket.deed));
  return deed ? finish(ticket, deed) : ticket.order;
}

async function finish(ticket, deed) {
  try {
    const outcome = await post(deed.path, deed.body, deed.id);
    await close(ticket, deed, outcome);
    return outcome;
  } catch (error) {
    if (isAnswer(error)) await close(ticket, deed, ticket.order);
    throw error;
  }
}

const isAnswer = (error) => error instanceof Problem && error.status < 500 && !UNDECIDED.has(error.status);

function close(ticket, deed, outcome) {
  ticket.deed = null;
  ticket.order = outcome;
  return within(["deeds", "tickets"], "readwrite", async ({ deeds, tickets }) => {
    await deeds.delete(deed.id);
    await tickets.put(ticket);
  });
}

/** Put a ticket aside whose deed has no answer yet, so that the next customer can be served. */
export function putAside(ticket) {
  return within(["deeds", "tickets"], "readwrite", async ({ deeds, tickets }) => {
    const deed = await deeds.get(ticket.deed);
    if (deed) await deeds.put({ ...deed, aside: true, ticket });
    await tickets.delete(ticket.id);
  });
}

/** What was put aside, the oldest first; those with an `answer` are decided. */
export async function asides() {
  return (await waitingDeeds()).filter((deed) => !deed.quiet);
}

async function waitingDeeds() {
  const all = await within(["deeds"], "readonly", ({ deeds }) => deeds.getAll());
  return all.filter((deed) => deed.aside).sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** Do something when the line is back that nobody waits for and whose answer nobody needs. */
export function doLater(path, body) {
  const deed = { id: newId(), path, body, at: now().toISOString(), ticket_id: null, aside: true, quiet: true };
  return within(["deeds"], "readwrite", ({ deeds }) => deeds.put(deed));
}

/** Repeat what was put aside and is not decided yet. A refusal is an answer too: a person looks at it. */
export async function repeatDeeds() {
  for (const deed of await waitingDeeds()) {
    if (deed.answer) continue;
    try {
      await decide(deed, { outcome: await post(deed.path, deed.body, deed.id) });
    } catch (error) {
      if (!isAnswer(error)) throw error;
      await decide(deed, { refused: error.text });
    }
  }
}

function decide(deed, answer) {
  return within(["deeds"], "readwrite", ({ deeds }) => (deed.quiet ? deeds.delete(deed.id) : deeds.put({ ...deed, answer })));
}

/** Somebody has dealt with what was put aside: returns its ticket, as the answer left it. */
export async function takeUp(id) {
  return within(["deeds", "tickets"], "readwrite", async ({ deeds, tickets }) => {
    const deed = await deeds.get(id);
    const ticket = { ...deed.ticket, deed: null, order: deed.answer.outcome ?? deed.ticket.order };
    await deeds.delete(id);
    await tickets.put(ticket);
    return ticket;
  });
}
