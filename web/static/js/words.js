// The words the server put into the page, in the page's language.

export const words = JSON.parse(document.getElementById("words").textContent);

// `fill("{a} of {b}", {a: 1, b: 2})` is "1 of 2".
export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, key) => String(values[key] ?? ""));
}

// A word of a table, or the key itself for one this page does not know yet.
export function word(table, key) {
  return words[table][key] ?? String(key).replaceAll("_", " ");
}

// A number stays in one line with its unit or what it counts.
export function unbroken(text) {
  return text.replace(/(\d) (?=\S)/g, "$1\u00a0");
}
