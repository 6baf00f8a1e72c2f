/**
 * A line to a server that a test can cut and mend: a TCP relay on a port of its own.
 *
 * @module
 */
import { connect, createServer, type Server, type Socket } from "node:net";

/** The line. */
export class CuttableLine implements AsyncDisposable {
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  #cut = false;

  private constructor(to: number) {
    this.#server = createServer((near) => {
      if (this.#cut) return void near.destroy();
      const far = connect(to, "127.0.0.1");
      for (const [one, other] of [[near, far], [far, near]] as const) {
        this.#sockets.add(one);
        one.pipe(other);
        one.on("error", () => other.destroy());
        one.on("close", () => {
          this.#sockets.delete(one);
          other.destroy();
        });
      }
    });
  }

  /** Opens a line to a port of this machine. */
  static async to(port: number): Promise<CuttableLine> {
    const line = new CuttableLine(port);
    await new Promise<void>((resolve) => line.#server.listen(0, "127.0.0.1", resolve));
    return line;
  }

  /** Its near end. */
  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as { port: number }).port}`;
  }

  /** Ends every connection and lets none begin. */
  cut(): void {
    this.#cut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Lets connections begin again. */
  mend(): void {
    this.#cut = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
