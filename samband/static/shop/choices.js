// What this browser lets the shop do. Whoever wants to remember anything asks here first:
//
//   sambandChoices()  gives null while nobody has answered, else
//                     { preferences, statistics, marketing: true or false, at: Date, visitor: "32 hex digits" or "" }
//   document.addEventListener("samband:choices", (event) => …)  hears every new answer; event.detail is the same object.
//
// `visitor` is the number this browser goes by (the anonymousId of what it tells) and is there only once something was
// agreed to. With Global Privacy Control on, `marketing` never covers advertising elsewhere; the server sees to it.
(() => {
  "use strict";

  const FORM = /^1\.([01])([01])([01])\.(\d+)(?:\.([0-9a-f]{32}))?$/;

  function carried() {
    for (const one of document.cookie.split("; ")) {
      if (one.startsWith("samband_choices=")) return FORM.exec(one.slice("samband_choices=".length));
    }
    return null;
  }

  function choices() {
    const said = carried();
    if (!said) return null;
    const [, preferences, statistics, marketing, at, visitor] = said;
    return {
      preferences: preferences === "1",
      statistics: statistics === "1",
      marketing: marketing === "1",
      at: new Date(Number(at) * 1000),
      visitor: visitor || "",
    };
  }
  window.sambandChoices = choices;

  function tell() {
    document.dispatchEvent(new CustomEvent("samband:choices", { detail: choices() }));
  }

  const ask = document.getElementById("ask");
  if (!ask) return;
  const form = ask.querySelector("form");
  if (navigator.globalPrivacyControl) ask.querySelector(".ask-gpc").hidden = false;

  let byItself = false;
  form.addEventListener("submit", async (event) => {
    if (byItself) return;
    event.preventDefault();
    const sent = new FormData(form);
    if (event.submitter) sent.set(event.submitter.name, event.submitter.value);
    try {
      const answer = await fetch(form.action, { method: "POST", body: sent, headers: { "HX-Request": "true" } });
      if (!answer.ok || !choices()) throw new Error("not kept");
      putAway();
      tell();
    } catch {
      byItself = true;
      form.requestSubmit(event.submitter);
    }
  });

  // Whoever leaves the question with Escape has agreed to nothing, and is not asked again on the next page.
  ask.addEventListener("keydown", (event) => {
    if (event.key === "Escape") form.requestSubmit(form.querySelector("[value=refuse]"));
  });

  function putAway() {
    const inside = ask.contains(document.activeElement);
    ask.remove();
    if (inside) document.getElementById("main").focus({ preventScroll: true });
    const said = document.createElement("p");
    said.className = "told good";
    said.textContent = ask.dataset.kept;
    const notice = document.getElementById("notice");
    notice.replaceChildren(said);
    setTimeout(() => said.remove(), 5000);
  }

  // A page that comes back from the browser's memory may be older than the answer.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && choices()) ask.remove();
  });
})();
