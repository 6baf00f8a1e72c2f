/**
 * @module
 * Doing something to many devices: a selection that outlives refreshes and pages, and changes one device after the
 * other with their progress.
 */
import { plural } from "../shared/format.ts";
import { Problem, request } from "./api.ts";
import { shellWord } from "./command_line.ts";
import { all, el, first, on } from "./dom.ts";
import { toast } from "./live.ts";
import { onRefreshed, refresh } from "./refresh.ts";

interface Chosen {
  readonly handle: string;
  readonly name: string;
  readonly admission: string;
  readonly fingerprint: string;
}

const chosen = new Map<string, Chosen>();

/** Keeps the selection and its bar. */
export function keepSelection(): void {
  on("change", "input[data-select]", (box) => {
    choose(box as HTMLInputElement);
    show();
  });
  on("change", "input[data-select-all]", (box) => {
    for (const one of all<HTMLInputElement>("input[data-select]")) {
      one.checked = (box as HTMLInputElement).checked;
      choose(one);
    }
    show();
  });
  on("click", "[data-clear-selection]", () => {
    chosen.clear();
    show();
  });
  on("click", "[data-bulk=accept]", openAccept);
  on("click", "[data-bulk=label]", openLabel);
  on("input", "#bulk-label form", showLabelCommands);
  on("submit", "#bulk-accept form", (form, event) => {
    event.preventDefault();
    void run(form as HTMLFormElement, waiting(), {
      done: "accepted",
      change: ({ handle, fingerprint }) =>
        request("POST", `/api/v1/devices/${handle}/accept`, { body: { fingerprint } }),
    });
  });
  on("submit", "#bulk-label form", (form, event) => {
    event.preventDefault();
    const { key, value } = labelOf(form as HTMLFormElement);
    void run(form as HTMLFormElement, [...chosen.values()], {
      done: value === null ? `without ${key}` : `labelled ${key}=${value}`,
      change: ({ handle }) =>
        request("PATCH", `/api/v1/devices/${handle}`, { body: { labels: { [key]: value } } }),
    });
  });
  onRefreshed(show);
  show();
}

function choose(box: HTMLInputElement): void {
  const { handle, name, admission, fingerprint } = box.dataset as unknown as Chosen;
  if (box.checked) chosen.set(handle, { handle, name, admission, fingerprint });
  else chosen.delete(handle);
}

function waiting(): Chosen[] {
  return [...chosen.values()].filter(({ admission }) => admission === "pending");
}

function show(): void {
  const boxes = all<HTMLInputElement>("input[data-select]");
  for (const box of boxes) {
    box.checked = chosen.has(box.dataset.handle!);
    // A device that was accepted meanwhile is not waiting any more.
    if (box.checked) choose(box);
    box.closest("tr")?.setAttribute("aria-selected", String(box.checked));
  }
  const every = first<HTMLInputElement>("input[data-select-all]");
  const checked = boxes.filter((box) => box.checked).length;
  if (every !== undefined) {
    every.checked = checked > 0 && checked === boxes.length;
    every.indeterminate = checked > 0 && checked < boxes.length;
  }
  const bar = first("#bulk")!;
  bar.hidden = chosen.size === 0;
  first("[data-chosen]", bar)!.textContent = `${plural(chosen.size, "device")} selected`;
  const accept = first<HTMLButtonElement>("[data-bulk=accept]", bar)!;
  accept.disabled = waiting().length === 0;
  accept.textContent = waiting().length === 0 ? "Accept" : `Accept ${waiting().length}`;
}

function openAccept(): void {
  const dialog = first<HTMLDialogElement>("#bulk-accept")!;
  first("[data-list]", dialog)!.replaceChildren(
    ...waiting().map(({ name, fingerprint }) =>
      el(
        "li",
        {},
        el(
          "span",
          { class: "main" },
          el("span", {}, name),
          el("span", { class: "fingerprint" }, fingerprint),
        ),
      )
    ),
  );
  commands(
    dialog,
    waiting().map(({ handle, fingerprint }) =>
      `fleets devices register ${handle} --fingerprint ${fingerprint}`
    ),
  );
  dialog.showModal();
}

function openLabel(): void {
  const dialog = first<HTMLDialogElement>("#bulk-label")!;
  first("[data-which]", dialog)!.textContent = plural(chosen.size, "device");
  showLabelCommands();
  dialog.showModal();
}

function showLabelCommands(): void {
  const dialog = first<HTMLDialogElement>("#bulk-label")!;
  const { key, value } = labelOf(first<HTMLFormElement>("form", dialog)!);
  const change = value === null
    ? `${key || "KEY"}-`
    : `${shellWord(key || "KEY")}=${shellWord(value)}`;
  commands(dialog, [...chosen.keys()].map((handle) => `fleets devices label ${handle} ${change}`));
}

function labelOf(form: HTMLFormElement): { key: string; value: string | null } {
  const field = (name: string) => (form.elements.namedItem(name) as HTMLInputElement).value.trim();
  return { key: field("key"), value: field("value") === "" ? null : field("value") };
}

function commands(dialog: HTMLElement, lines: readonly string[]): void {
  first("[data-commands]", dialog)!.textContent = lines.join("\n");
}

interface Change {
  readonly done: string;
  readonly change: (device: Chosen) => Promise<unknown>;
}

/** One after the other: the server's limits hold, and what failed is known by name. */
async function run(
  form: HTMLFormElement,
  devices: readonly Chosen[],
  { done, change }: Change,
): Promise<void> {
  const [bar, problem] = [first<HTMLProgressElement>("progress", form)!, first(".problem", form)!];
  const button = first<HTMLButtonElement>("button[type=submit]", form)!;
  const failed: string[] = [];
  button.disabled = true;
  problem.hidden = true;
  bar.hidden = false;
  bar.max = devices.length;
  for (const [at, device] of devices.entries()) {
    bar.value = at;
    bar.textContent = `${at} of ${devices.length}`;
    const error = await patiently(() => change(device));
    if (error === undefined) chosen.delete(device.handle);
    else failed.push(`${device.name}: ${error}`);
  }
  button.disabled = false;
  bar.hidden = true;
  await refresh();
  if (failed.length === 0) form.closest("dialog")?.close();
  else {
    problem.textContent = failed.join("\n");
    problem.hidden = false;
  }
  const succeeded = devices.length - failed.length;
  if (succeeded > 0) toast(`${plural(succeeded, "device")} ${done}`);
}

/** Waits when the server asks for it. @returns what went wrong, undefined for nothing */
async function patiently(change: () => Promise<unknown>): Promise<string | undefined> {
  while (true) {
    try {
      await change();
      return undefined;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.status !== 429) return error.message;
      await new Promise((resolve) => setTimeout(resolve, 1_000 * Math.max(1, error.retryAfterS)));
    }
  }
}
