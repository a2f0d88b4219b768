// What is said, in the language of whoever stands at the till.

export const LANGUAGES = { en: "English", is: "Íslenska", pl: "Polski", lv: "Latviešu", el: "Ελληνικά" };

let said = {};
let language = "en";

export async function speak(wanted) {
  language = wanted in LANGUAGES ? wanted : "en";
  said = await textsIn(language);
  document.documentElement.lang = language;
  document.title = t("app.title");
}

/** All texts in a language: a receipt may be in another one than the till. */
export async function textsIn(wanted) {
  const answer = await fetch(`/pos/texts/${wanted}.json`);
  return answer.json();
}

export const spoken = () => language;

/** The text of a name, with its gaps filled in: t("bar.waiting", { count: 3 }). */
export function t(name, gaps = {}, texts = said) {
  const text = texts[name];
  if (text === undefined) throw new Error(`no text named ${name}`);
  return text.replace(/\{(\w+)\}/g, (_, gap) => gaps[gap]);
}

export const isSaid = (name) => name in said;

/** A name that is written in several languages, in ours if there is one. */
export function named(names, wanted = language) {
  return names?.[wanted] ?? names?.en ?? Object.values(names ?? {})[0] ?? "";
}
