// The camera, and scanners that type, put what they read into the form beside them and send it.
const SCANNING = "../scanning/";

export function watchAll() {
  for (const eye of document.querySelectorAll("[data-scans]")) watch(eye);
  for (const form of document.querySelectorAll("form[data-empties]")) watchAnswers(form);
}

/** A code that was answered goes; one that was not stays to be sent again, with the same key, so that it is done once. */
function watchAnswers(form) {
  const { code, key } = form.elements;
  const unheard = form.querySelector("[data-unheard]");
  let unanswered = null;

  form.addEventListener("htmx:configRequest", ({ detail }) => {
    if (key && unanswered !== null && unanswered !== code.value) detail.parameters.key = key.value = newKey();
  });
  form.addEventListener("htmx:afterRequest", ({ detail: { xhr, requestConfig } }) => {
    const sent = requestConfig.parameters.code;
    unheard.hidden = xhr.status > 0;
    // Of what broke the server, too, nobody knows whether it was done.
    unanswered = xhr.status > 0 && xhr.status < 500 ? null : sent;
    if (unanswered !== null) return;
    // What was scanned or typed meanwhile waits for its turn.
    if (code.value === sent) code.value = "";
    if (key) key.value = newKey();
  });
}

async function watch(eye) {
  const form = document.getElementById("typed");
  const video = eye.querySelector("video");
  const opens = eye.querySelector("[data-opens]");
  const shuts = eye.querySelector("[data-shuts]");
  let stop = null;
  let sending = Promise.resolve();

  function heard(text) {
    navigator.vibrate?.(40);
    // One after the other: the second of two quick scans waits for the first to be answered.
    sending = sending.then(() => send(form, text)).catch(() => {});
  }

  function shut() {
    stop?.();
    stop = null;
    eye.classList.remove("open");
    opens.hidden = false;
    shuts.hidden = true;
  }

  const { scan } = await import(`${SCANNING}scan.js`);
  const { listenToWedge } = await import(`${SCANNING}wedge.js`);
  opens.hidden = false;
  opens.addEventListener("click", () => {
    for (const told of eye.querySelectorAll("[data-trouble]")) told.hidden = true;
    eye.classList.add("open");
    opens.hidden = true;
    shuts.hidden = false;
    stop = scan(video, heard, {
      onTrouble(code) {
        shut();
        const told = eye.querySelector(`[data-trouble="${code}"]`);
        if (told) told.hidden = false;
      },
    });
  });
  shuts.addEventListener("click", () => {
    shut();
    opens.focus();
  });
  listenToWedge(heard);
  if (await allowedBefore()) opens.click();
}

// Who has allowed the camera once need not press a button every time.
async function allowedBefore() {
  try {
    return (await navigator.permissions.query({ name: "camera" })).state === "granted";
  } catch {
    return false;
  }
}

function send(form, text) {
  form.elements.code.value = text;
  return new Promise((done) => {
    form.addEventListener("htmx:afterRequest", done, { once: true });
    form.requestSubmit();
  });
}

function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(18))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
