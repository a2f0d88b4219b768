// A short word about what just happened, also to those who listen.
const SHOWN_MS = 5_000;
let going;

export function toast(text) {
  const said = document.getElementById("said");
  said.textContent = text;
  said.classList.add("shown");
  clearTimeout(going);
  going = setTimeout(() => said.classList.remove("shown"), SHOWN_MS);
}
