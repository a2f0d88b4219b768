// What makes the console quicker for those who have scripts. Everything works without it.
(() => {
  "use strict";
  const page = document.documentElement;
  page.classList.add("scripted");

  // A form is sent once; the server would take a repeat for the same deed, but nobody need wait for two.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
    }
  });

  // A choice that stands alone is sent when it is made.
  document.addEventListener("change", (event) => {
    if (event.target.matches("select[data-sends]")) event.target.form.requestSubmit();
  });

  // Whoever likes sees the password while typing it. It is sent, and remembered by browsers, as the password it is.
  for (const peek of document.querySelectorAll("[data-peek]")) {
    const box = peek.querySelector("input");
    const secrets = [...box.form.querySelectorAll("input[type=password]")];
    const show = () => { for (const one of secrets) one.type = box.checked ? "text" : "password"; };
    const hide = () => { box.checked = false; show(); };
    box.addEventListener("change", show);
    box.form.addEventListener("submit", hide);
    hide();
    peek.hidden = false;
  }

  // A scanner ends each code with Enter: go on to the quantity, then to the next line, and do not send the form.
  const fields = (lines) => [...lines.querySelectorAll(".line input")];
  document.addEventListener("keydown", (event) => {
    const lines = event.target.closest && event.target.closest("[data-lines]");
    if (event.key !== "Enter" || !lines || event.target.tagName !== "INPUT") return;
    event.preventDefault();
    const all = fields(lines);
    const at = all.indexOf(event.target);
    if (at === all.length - 1) more(lines);
    fields(lines)[at + 1].focus();
  });
  const more = (lines) => {
    const last = [...lines.querySelectorAll(".line")].pop();
    const line = last.cloneNode(true);
    for (const input of line.querySelectorAll("input")) {
      const [name, number] = input.name.split("-");
      input.name = `${name}-${Number(number) + 1}`;
      input.value = "";
      const said = input.closest("label").querySelector(".unseen");
      if (said) said.textContent = ` ${Number(number) + 2}`;
    }
    last.after(line);
    return line;
  };
  for (const lines of document.querySelectorAll("[data-lines]")) {
    const button = lines.querySelector("[data-more]");
    button.hidden = false;
    button.addEventListener("click", () => more(lines).querySelector("input").focus());
  }

  // The menu on a phone closes with Escape.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && location.hash === "#menu") location.hash = "#main";
  });
})();
