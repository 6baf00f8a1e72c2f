/**
 * A balancer as small as one can be: it hands request after request to the next server of a list, waits for its answer, and
 * says 502 when there is none.
 *
 * @module
 */
import { createServer, request, type Server } from "node:http";

/** A running balancer. */
export class Balancer implements AsyncDisposable {
  #next = 0;

  private constructor(
    private readonly server: Server,
    readonly port: number,
    /** Ports on 127.0.0.1 that take their turns. */
    public targets: readonly number[],
  ) {}

  /** Listens on a free port. */
  static async start(targets: readonly number[]): Promise<Balancer> {
    let balancer: Balancer | undefined;
    const server = createServer((incoming, outgoing) => {
      const passed = request({
        host: "127.0.0.1",
        port: balancer!.#turn(),
        method: incoming.method,
        path: incoming.url,
        headers: incoming.headers,
        agent: false,
      }, (answer) => {
        outgoing.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(outgoing);
        answer.on("error", () => outgoing.destroy());
      });
      passed.on("error", () => {
        if (outgoing.headersSent) outgoing.destroy();
        else outgoing.writeHead(502).end();
      });
      outgoing.on("close", () => passed.destroy());
      incoming.pipe(passed);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    return balancer = new Balancer(server, port, targets);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  #turn(): number {
    return this.targets[this.#next++ % this.targets.length]!;
  }
}
