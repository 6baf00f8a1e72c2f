/**
 * @module
 * Copy buttons. The clipboard's own interface exists on HTTPS and localhost only, which is where these pages are.
 */
import { on } from "./dom.ts";

/** Makes every `[data-copy]` button copy the text of the element it names, or of its neighbour. */
export function copyButtons(): void {
  on("click", "[data-copy]", async (button) => {
    const source = button.dataset.copy === ""
      ? button.previousElementSibling
      : document.getElementById(button.dataset.copy!);
    const text = source?.textContent ?? "";
    const label = button.getAttribute("aria-label") ?? "Copy";
    try {
      await navigator.clipboard.writeText(text);
      button.dataset.copied = "yes";
      button.setAttribute("aria-label", "Copied");
    } catch {
      if (source !== null) getSelection()?.selectAllChildren(source);
      button.setAttribute("aria-label", "Select and copy by hand");
    }
    setTimeout(() => {
      delete button.dataset.copied;
      button.setAttribute("aria-label", label);
    }, 1_500);
  });
}
