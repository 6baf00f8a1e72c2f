/**
 * @module
 * The command that does the same as a form, kept up to date with what is typed.
 */
import { all, on } from "./dom.ts";

/** A word as a POSIX shell takes it literally. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_.,:\/=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Fills `{field}` in the `data-cli` of a form's command lines. Text in brackets goes when its field is empty. */
export function showCommands(form: HTMLFormElement): void {
  for (const line of all("[data-cli]", form)) {
    line.textContent = line.dataset.cli!
      .replaceAll(
        /\[([^\]]*\{(\w+)\}[^\]]*)\]/g,
        (_, text, field) => valueOf(form, field) === "" ? "" : text,
      )
      .replaceAll(/\{(\w+)\}/g, (_, field) => {
        const value = valueOf(form, field);
        return value === "" ? field.toUpperCase() : shellWord(value);
      })
      .trim();
  }
}

function valueOf(form: HTMLFormElement, field: string): string {
  const input = form.elements.namedItem(field);
  return input instanceof HTMLInputElement || input instanceof HTMLSelectElement ? input.value : "";
}

/** Keeps every form's commands up to date. */
export function keepCommands(): void {
  for (const form of all<HTMLFormElement>("form")) showCommands(form);
  on("input", "form", (form) => showCommands(form as HTMLFormElement));
}
