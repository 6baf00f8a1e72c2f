/**
 * @module
 * Secrets that exist once: tokens and sign-in links, shown with a QR code and the command that uses them. They
 * live in one dialog and are gone from the page when it closes.
 */
import qrcode from "qrcode-generator";
import { el, first } from "./dom.ts";
import { onResult } from "./forms.ts";
import { refresh } from "./refresh.ts";

const SVG = "http://www.w3.org/2000/svg";
/** Light modules around a code (ISO/IEC 18004 §9.1). */
const QUIET = 4;

interface Secret {
  readonly title: string;
  readonly text: string;
  readonly explanation: string;
  /** Commands that use it, with what they are for. */
  readonly commands: readonly (readonly [does: string, command: string])[];
}

/** Takes the answers that hold a secret. */
export function showOnce(): void {
  onResult("enrolment-token", (form, answer) => {
    const { token, uses } = answer as { token: string; uses: number };
    show(form, {
      title: "Your enrolment token",
      text: token,
      explanation: uses === 1
        ? "It lets one device in without a question. It is shown this once."
        : `It lets ${uses} devices in without a question. It is shown this once.`,
      commands: [
        ["On the device, which asks for the token", "fleetd enroll"],
        [
          "Where it does not find this server by itself; paste the token, then Enter and Ctrl-D",
          `fleetd enroll --server ${first("#once")!.dataset.deviceUrl} --token-file -`,
        ],
      ],
    });
  });
  onResult("api-token", (form, answer) => {
    const { token } = answer as { token: string };
    show(form, {
      title: "Your API token",
      text: token,
      explanation: "Send it as “Authorization: Bearer …”. It is shown this once.",
      commands: [[
        "Sign in on a command line; paste the token",
        `fleets login ${location.origin} --token-file -`,
      ]],
    });
  });
  onResult("sign-in-link", (form, answer) => {
    const { link, user } = answer as { link: string; user: { name: string } };
    show(form, {
      title: `A sign-in link for ${user.name}`,
      text: link,
      explanation:
        "Hand it over in private. It works once, within a day, and whoever opens it sets the password.",
      commands: [],
    });
  });
}

function show(form: HTMLFormElement, { title, text, explanation, commands }: Secret): void {
  const dialog = first<HTMLDialogElement>("#once")!;
  form.closest("dialog")?.close();
  form.reset();
  first("[data-once]", dialog)!.replaceChildren(
    el("h2", { id: "once-title" }, title),
    el("p", { class: "soft" }, explanation),
    commandLine(text, "cli value"),
    el("div", { class: "qr" }, qrSvg(text, title)),
    ...commands.map(([does, command]) =>
      el("div", { class: "field" }, el("small", {}, does), commandLine(command, "cli"))
    ),
    el(
      "div",
      { class: "actions" },
      el("button", { class: "button primary", type: "button", "data-closes": "" }, "Done"),
    ),
  );
  dialog.addEventListener("close", () => {
    first("[data-once]", dialog)!.replaceChildren();
    void refresh();
  }, { once: true });
  dialog.showModal();
}

function commandLine(text: string, kind: string): HTMLElement {
  return el(
    "div",
    { class: kind },
    el("code", { tabindex: 0 }, text),
    el("button", {
      class: "button small plain",
      type: "button",
      "data-copy": "",
      "aria-label": "Copy",
    }, "Copy"),
  );
}

/** A QR code as one path; error correction of level M (15 %). */
export function qrSvg(text: string, title: string): SVGElement {
  const code = qrcode(0, "M");
  code.addData(text, "Byte");
  code.make();
  const size = code.getModuleCount();
  let path = "";
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if (code.isDark(y, x)) path += `M${x + QUIET} ${y + QUIET}h1v1h-1z`;
    }
  }
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${size + 2 * QUIET} ${size + 2 * QUIET}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", `QR code: ${title}`);
  svg.setAttribute("shape-rendering", "crispEdges");
  const dark = document.createElementNS(SVG, "path");
  dark.setAttribute("d", path);
  dark.setAttribute("fill", "#000");
  svg.append(dark);
  return svg;
}
