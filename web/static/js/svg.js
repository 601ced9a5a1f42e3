// Small helpers for drawing: elements, attributes that are written only when they change.

const SPACE = "http://www.w3.org/2000/svg";

export function svg(name, attributes = {}, children = []) {
  const element = document.createElementNS(SPACE, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

export function put(element, key, value) {
  const text = String(value);
  if (element.getAttribute(key) !== text) element.setAttribute(key, text);
}

export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// The shape of a verdict: filled circle, triangle, broken ring.
export function mark(verdict) {
  return svg("svg", { class: `tone-${verdict}`, "aria-hidden": "true" }, [
    svg("use", { href: `#mark-${verdict}` }),
  ]);
}

// Start an animation class anew.
export function replay(element, name) {
  element.classList.remove(name);
  void element.getBoundingClientRect();
  element.classList.add(name);
}
