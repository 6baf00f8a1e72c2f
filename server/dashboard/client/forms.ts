/**
 * @module
 * Forms that change something. A form says what it asks (`data-api`, such as `POST /api/v1/…`), what always goes
 * with it (`data-body`, JSON), and what to say when it is done (`data-done`). While it runs its button is busy,
 * and after a second it says how long it has been.
 */
import { Problem, request } from "./api.ts";
import { all, first, on } from "./dom.ts";
import { toast } from "./live.ts";
import { refresh } from "./refresh.ts";

type Fields = Record<string, unknown>;

/** Shapes that are not field by field. */
const SHAPES: Readonly<Record<string, (fields: Fields) => Fields>> = {
  label: ({ key, value }) => ({ labels: { [String(key)]: value } }),
};

/** What a form's answer is for, by `data-result`. */
const results = new Map<string, (form: HTMLFormElement, answer: unknown) => void>();

/** Takes the answers of forms that say `data-result="name"`. */
export function onResult(
  name: string,
  take: (form: HTMLFormElement, answer: unknown) => void,
): void {
  results.set(name, take);
}

/** Makes forms ask the API, and buttons open dialogs. */
export function activeForms(): void {
  on("submit", "form[data-api]", (form, event) => {
    event.preventDefault();
    void submit(form as HTMLFormElement);
  });
  on("click", "[data-opens]", (button) => open(button.dataset.opens!));
  on("click", "[data-closes]", (button) => button.closest("dialog")?.close());
  document.addEventListener("click", ({ target }) => closeMenus(target));
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") closeMenus(null);
  });
  // A click on the backdrop is a click on the dialog itself.
  on("click", "dialog", (dialog, event) => {
    if (event.target === dialog && !dialog.hasAttribute("data-stays")) {
      (dialog as HTMLDialogElement).close();
    }
  });
}

/** Closes menus that were not meant. */
function closeMenus(target: EventTarget | null): void {
  for (const menu of all<HTMLDetailsElement>("details.more[open]")) {
    if (target instanceof Node && menu.contains(target)) continue;
    const hadFocus = menu.contains(document.activeElement);
    menu.open = false;
    if (hadFocus) first("summary", menu)?.focus();
  }
}

function open(id: string): void {
  const dialog = document.getElementById(id);
  if (!(dialog instanceof HTMLDialogElement)) return;
  const problem = first(".problem", dialog);
  if (problem !== undefined) problem.hidden = true;
  dialog.closest("details")?.removeAttribute("open");
  dialog.showModal();
}

async function submit(form: HTMLFormElement): Promise<void> {
  const button = first<HTMLButtonElement>("button[type=submit]", form);
  if (button === undefined || button.getAttribute("aria-busy") === "true") return;
  const [method, path] = form.dataset.api!.split(" ") as [string, string];
  const problem = first(".problem", form);
  if (problem !== undefined) problem.hidden = true;
  const free = busy(button);
  try {
    const answer = await request(method, path, { body: bodyOf(form) });
    await done(form, answer);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (problem === undefined) toast(error.message, "bad");
    else {
      problem.textContent = error.message;
      problem.hidden = false;
    }
  } finally {
    free();
  }
}

async function done(form: HTMLFormElement, answer: unknown): Promise<void> {
  const { result, then, done: words } = form.dataset;
  if (then !== undefined) return location.assign(then);
  if (result !== undefined) return results.get(result)?.(form, answer);
  form.closest("dialog")?.close();
  form.reset();
  if (words !== undefined) toast(words);
  await refresh();
}

/** Marks a button busy, counting seconds after the first; returns what ends it. */
export function busy(button: HTMLButtonElement): () => void {
  const label = [...button.childNodes];
  const startedMs = performance.now();
  button.setAttribute("aria-busy", "true");
  const count = setInterval(() => {
    button.replaceChildren(`Working, ${Math.round((performance.now() - startedMs) / 1000)} s`);
  }, 1_000);
  return () => {
    clearInterval(count);
    button.replaceChildren(...label);
    button.removeAttribute("aria-busy");
  };
}

/** The fields as JSON; undefined where a form has none. `data-as` says what a field's text stands for. */
function bodyOf(form: HTMLFormElement): unknown {
  const fields: Fields = {};
  for (const input of form.elements) {
    if (!(input instanceof HTMLInputElement || input instanceof HTMLSelectElement)) continue;
    if (input.name === "" || input.disabled || input.dataset.as === "nothing") continue;
    const value = valueOf(input);
    if (value !== undefined) fields[input.name] = value;
  }
  const shaped = SHAPES[form.dataset.shape ?? ""]?.(fields) ?? fields;
  const body = { ...JSON.parse(form.dataset.body ?? "{}"), ...shaped };
  return Object.keys(body).length === 0 ? undefined : body;
}

function valueOf(input: HTMLInputElement | HTMLSelectElement): unknown {
  const text = input instanceof HTMLInputElement && input.type === "password"
    ? input.value
    : input.value.trim();
  switch (input.dataset.as) {
    case "number":
      return text === "" ? undefined : Number(text);
    case "optional":
      return text === "" ? undefined : text;
    case "nullable":
      return text === "" ? null : text;
    case "labels":
      return labelsOf(text);
    case "scope":
      return text === "" ? undefined : { labels: labelsOf(text) };
    default:
      return text;
  }
}

/** `site=berlin floor=2` as an object. */
function labelsOf(text: string): Record<string, string> | undefined {
  const pairs = text.split(/[\s,]+/).filter((pair) => pair.includes("="));
  if (pairs.length === 0) return undefined;
  return Object.fromEntries(
    pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
  );
}
