/**
 * @module
 * Makes a part of the page what the server now says it is, keeping every element that can stay: focus,
 * selection, scroll positions, half-typed text and open dialogs survive a refresh.
 */

/** State that belongs to the person, not to the server. */
const OWN_STATE = new Set(["open", "data-theme", "aria-busy"]);

/** Changes `live` into `wanted`. Elements with `data-keep` are left to the module that fills them. */
export function morph(live: Element, wanted: Element): void {
  if (live.hasAttribute("data-keep")) return;
  copyAttributes(live, wanted);
  if (isEdited(live)) return;
  morphChildren(live, wanted);
}

function copyAttributes(live: Element, wanted: Element): void {
  for (const { name } of [...live.attributes]) {
    if (!wanted.hasAttribute(name) && !OWN_STATE.has(name)) live.removeAttribute(name);
  }
  for (const { name, value } of [...wanted.attributes]) {
    if (!OWN_STATE.has(name) && live.getAttribute(name) !== value) live.setAttribute(name, value);
  }
}

/** A form that somebody is filling in is not taken from under the fingers. */
function isEdited(element: Element): boolean {
  return element instanceof HTMLDialogElement && element.open;
}

function morphChildren(live: Element, wanted: Element): void {
  const byKey = new Map<string, Element>();
  for (const child of live.children) {
    const key = keyOf(child);
    if (key !== undefined) byKey.set(key, child);
  }
  let at: ChildNode | null = live.firstChild;
  for (const next of [...wanted.childNodes]) {
    const key = next instanceof Element ? keyOf(next) : undefined;
    const match = key === undefined ? (alike(at, next) ? at : null) : byKey.get(key) ?? null;
    if (match === null || match.nodeName !== next.nodeName) {
      live.insertBefore(document.importNode(next, true), at);
      continue;
    }
    if (match === at) at = at.nextSibling;
    else live.insertBefore(match, at);
    if (match instanceof Element) morph(match, next as Element);
    else if (match.nodeValue !== next.nodeValue) match.nodeValue = next.nodeValue;
  }
  while (at !== null) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

function keyOf(element: Element): string | undefined {
  return element.getAttribute("data-key") ?? (element.id === "" ? undefined : `#${element.id}`);
}

function alike(one: Node | null, other: Node): boolean {
  if (one === null || one.nodeType !== other.nodeType || one.nodeName !== other.nodeName) {
    return false;
  }
  return !(one instanceof Element) || keyOf(one) === undefined;
}
