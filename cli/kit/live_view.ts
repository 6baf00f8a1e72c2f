/**
 * A text on the terminal that is drawn again in place, such as a table of devices.
 *
 * @module
 */
import { truncateStyled } from "./display_width.ts";
import type { Terminal } from "./terminal.ts";

const HIDE_CURSOR = "\x1b[?25l";
const SHOW_CURSOR = "\x1b[?25h";

/** Draws on stdout; only for a terminal. Call {@linkcode LiveView.close} before anything else is written. */
export class LiveView {
  readonly #terminal: Terminal;
  #height = 0;
  #open = false;

  /** On stdout, which must be a terminal. */
  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Replaces what was drawn. Lines beyond the window's height are left out, so that the rest stays in place. */
  draw(text: string): void {
    const { columns, rows } = this.#terminal.size() ?? { columns: 80, rows: 24 };
    const lines = text.replace(/\n$/, "").split("\n");
    const shown = lines.length < rows
      ? lines
      : [...lines.slice(0, rows - 2), `… and ${lines.length - rows + 2} more lines`];
    const start = this.#open ? "" : HIDE_CURSOR;
    const back = this.#height > 0 ? `\x1b[${this.#height}A` : "";
    const body = shown.map((line) => `${truncateStyled(line, columns)}\x1b[K\n`).join("");
    this.#terminal.out(`${start}${back}\r${body}\x1b[J`);
    this.#open = true;
    this.#height = shown.length;
  }

  /** Leaves the last drawing on the screen and gives the cursor back. */
  close(): void {
    if (this.#open) this.#terminal.out(SHOW_CURSOR);
    this.#open = false;
    this.#height = 0;
  }
}
