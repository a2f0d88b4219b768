// One ear for the whole page: elements name the deed they do (data-do) and the note they take (data-note).
import { change } from "./state.js";

export function watchPage(actions, notes) {
  const app = document.getElementById("app");

  app.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-do]");
    if (button && !button.disabled) run(actions, button);
  });

  app.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!event.submitter?.matches("[aria-disabled]")) run(actions, event.target);
  });

  app.addEventListener("input", ({ target }) => {
    const { note } = target.dataset;
    if (!note) return;
    notes[note](target.value, target);
    change();
  });

  // Escape and a touch beside it close a sheet; the browser only tells.
  app.addEventListener("cancel", (event) => {
    event.preventDefault();
    actions.closeSheet();
  }, true);
  app.addEventListener("pointerdown", (event) => {
    if (event.target.matches("dialog[data-sheet]")) actions.closeSheet();
  });
}

function run(actions, element) {
  const deed = actions[element.dataset.do];
  return deed(element.dataset.arg);
}
