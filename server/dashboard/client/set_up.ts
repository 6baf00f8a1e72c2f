/**
 * @module
 * The page of a one-time link: its code stands after the `#`, which browsers send to nobody and which is taken
 * out of the address at once.
 */
import { Problem, request } from "./api.ts";
import { first } from "./dom.ts";

interface Purpose {
  readonly kind: "first-admin" | "user";
  readonly name: string | null;
}

/** Asks what the link is for and shows the form that spends it. */
export async function setUpForm(): Promise<void> {
  const form = first<HTMLFormElement>("[data-set-up]")!;
  const problem = first("#link-problem")!;
  const code = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
  const field = (name: string) => form.elements.namedItem(name) as HTMLInputElement;
  const [password, again] = [field("password"), field("again")];
  const compare = () =>
    again.setCustomValidity(password.value === again.value ? "" : "The two passwords differ");
  password.addEventListener("input", compare);
  again.addEventListener("input", compare);
  try {
    if (code === "") {
      throw new Problem(
        0,
        "Open the link as it was given to you: the part after # is missing here.",
        0,
      );
    }
    const { kind, name } = await request<Purpose>("POST", "/api/v1/sign-in/link", {
      body: { code },
    });
    field("code").value = code;
    if (kind === "user") {
      // The name goes along for password managers and is not sent: the link knows whose it is.
      field("name").value = name ?? "";
      field("name").readOnly = true;
      field("name").dataset.as = "nothing";
    }
    form.hidden = false;
    (kind === "user" ? password : field("name")).focus();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    problem.textContent = error.message;
    problem.hidden = false;
  } finally {
    first("#link-wait")!.hidden = true;
  }
}
