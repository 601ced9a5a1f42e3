// The row of a set's reps: each a mark in its verdict's shape and colour, with its side beneath.

import { mark, svg } from "./svg.js";
import { fill, word, words } from "./words.js";

const MOST = 18; // More do not fit; the newest are shown.
const USUAL = 8; // Places shown from the start, the usual number of a set.

export function drawReps(list, reps, { places = USUAL, ranked = {} } = {}) {
  const shown = reps.slice(-MOST);
  const key = `${reps.length}:${places}:${reps.at(-1)?.end ?? ""}`;
  if (list.dataset.key === key) return;
  const grown = Number(list.dataset.count ?? 0) + 1 === reps.length;
  list.dataset.key = key;
  list.dataset.count = reps.length;
  const items = shown.map(repItem);
  for (const [rank, place] of Object.entries(ranked)) {
    const item = place === null ? null : items[place - (reps.length - shown.length)];
    if (item) item.dataset.rank = rank;
  }
  if (grown) items.at(-1).classList.add("new");
  for (let place = shown.length; place < places; place += 1) items.push(emptyItem());
  list.replaceChildren(...items);
}

function repItem(rep) {
  const item = document.createElement("li");
  const side = document.createElement("b");
  side.textContent = words.side[`${rep.side}_short`];
  side.setAttribute("aria-hidden", "true");
  const label = document.createElement("span");
  label.className = "unseen";
  label.textContent = fill(words.count.spoken, {
    side: word("side", rep.side),
    verdict: word("verdict", rep.verdict),
    reason: rep.reason ?? "",
  });
  item.dataset.verdict = rep.verdict;
  item.append(mark(rep.verdict), side, label);
  return item;
}

function emptyItem() {
  const item = document.createElement("li");
  item.className = "to-come";
  item.setAttribute("aria-hidden", "true");
  item.append(svg("svg"), document.createElement("b"));
  return item;
}
