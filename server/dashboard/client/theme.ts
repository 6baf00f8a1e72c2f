/**
 * @module
 * Light, dark, or as the system is. The choice is a cookie, so that the server writes the next page in it.
 */
import { on } from "./dom.ts";

const ORDER = ["system", "light", "dark"] as const;
const A_YEAR_S = 31_536_000;

/** Makes the button go through the three. */
export function themeButton(): void {
  on("click", "[data-theme-button]", (button) => {
    const root = document.documentElement;
    const now = ORDER.indexOf((root.dataset.theme ?? "system") as (typeof ORDER)[number]);
    const next = ORDER[(now + 1) % ORDER.length]!;
    if (next === "system") delete root.dataset.theme;
    else root.dataset.theme = next;
    document.cookie = `fleetd-theme=${next}; path=/; max-age=${A_YEAR_S}; samesite=strict`;
    button.setAttribute("aria-label", `Colours: ${next}`);
    button.title = `Colours: ${next}`;
    dispatchEvent(new Event("fleetd-theme"));
  });
}
