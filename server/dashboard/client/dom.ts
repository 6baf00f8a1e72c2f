/**
 * @module
 * Making and finding elements. Text only ever becomes a text node: nothing here, or anywhere in these modules,
 * hands a string to the browser's HTML parser, and the pages' policy forbids it.
 */

/** What an element is made with; `on…` are listeners, `false`, null and undefined leave an attribute out. */
export type Attributes = Readonly<
  Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>
>;

/** Makes an element; texts among the children become text nodes. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string | null | undefined)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (typeof value === "function") made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** Every element of a selector. */
export function all<T extends Element = HTMLElement>(
  selector: string,
  inside: ParentNode = document,
): T[] {
  return [...inside.querySelectorAll<T>(selector)];
}

/** The first element of a selector; undefined when there is none. */
export function first<T extends Element = HTMLElement>(
  selector: string,
  inside: ParentNode = document,
): T | undefined {
  return inside.querySelector<T>(selector) ?? undefined;
}

/** Listens on the whole page for events on elements of a selector, also on those that come later. */
export function on<K extends keyof DocumentEventMap>(
  kind: K,
  selector: string,
  listener: (target: HTMLElement, event: DocumentEventMap[K]) => void,
): void {
  document.addEventListener(kind, (event) => {
    const target = event.target instanceof Element ? event.target.closest(selector) : null;
    if (target instanceof HTMLElement) listener(target, event);
  });
}
