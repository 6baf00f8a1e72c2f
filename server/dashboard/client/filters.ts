/**
 * @module
 * Filters of a list: applied while one types, without leaving the page. Without this module the form asks the
 * server as every form does.
 */
import { first, on } from "./dom.ts";
import { goTo } from "./refresh.ts";

const AFTER_TYPING_MS = 200;

/** Makes `form[data-filters]`, its sorting and its pages work in place, and `/` go to its search field. */
export function activeFilters(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const apply = (form: HTMLFormElement) => {
    clearTimeout(timer);
    timer = setTimeout(() => void goTo(urlOf(form)), AFTER_TYPING_MS);
  };
  on("input", "form[data-filters]", (form) => apply(form as HTMLFormElement));
  on("submit", "form[data-filters]", (form, event) => {
    event.preventDefault();
    apply(form as HTMLFormElement);
  });
  on("click", "a[data-in-place]", (link, event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    void goTo(new URL((link as HTMLAnchorElement).href));
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof Element &&
      event.target.closest("input,select,textarea,dialog");
    const search = first<HTMLInputElement>("input[type=search]");
    if (event.key !== "/" || typing || search === undefined) return;
    event.preventDefault();
    search.focus();
    search.select();
  });
}

function urlOf(form: HTMLFormElement): URL {
  const url = new URL(form.action);
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && value !== "") url.searchParams.append(name, value);
  }
  return url;
}
