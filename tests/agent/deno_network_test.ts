/**
 * The network adapter against real sockets on the loopback interface: well-behaved servers, and all the others.
 *
 * @module
 */
import { DenoNetwork, type HttpRequest, NetworkError, type NetworkErrorCode } from "@fleetd/agent";
import assert from "node:assert/strict";
import { createServer, type RequestListener, type Server } from "node:http";
import { fileURLToPath } from "node:url";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

interface HttpWorld {
  readonly network: DenoNetwork;
  readonly url: string;
  readonly server: Server;
  /** Connections that the server has accepted. */
  readonly accepted: () => number;
}

async function withHttpServer(
  listener: RequestListener,
  test: (world: HttpWorld) => Promise<void>,
): Promise<void> {
  const server = createServer(listener);
  let accepted = 0;
  server.on("connection", () => accepted++);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const network = new DenoNetwork();
  try {
    await test({ network, server, url: `http://127.0.0.1:${port}`, accepted: () => accepted });
  } finally {
    network.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** A server that does with each connection what the test says, on bare TCP. */
async function withTcpServer(
  serve: (connection: Deno.TcpConn, number: number) => Promise<void>,
  test: (world: { network: DenoNetwork; url: string }) => Promise<void>,
): Promise<void> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const network = new DenoNetwork();
  const connections: Deno.TcpConn[] = [];
  const serving: Promise<void>[] = [];
  const accepting = (async () => {
    for await (const connection of listener) {
      connections.push(connection);
      serving.push(serve(connection, connections.length).catch(() => {}));
    }
  })();
  try {
    await test({ network, url: `http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}` });
  } finally {
    network.close();
    listener.close();
    await accepting;
    for (const connection of connections) {
      try {
        connection.close();
      } catch {
        // The test's server closed it.
      }
    }
    await Promise.all(serving);
  }
}

/** Reads what the agent sent, up to the end of its head. */
async function readHead(connection: Deno.TcpConn): Promise<string> {
  const buffer = new Uint8Array(4_096);
  let text = "";
  while (!text.includes("\r\n\r\n")) {
    const count = await connection.read(buffer);
    if (count === null) return text;
    text += decoder.decode(buffer.subarray(0, count));
  }
  return text;
}

function get(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return { method: "GET", url, timeoutMs: 10_000, maxBytes: 65_536, ...more };
}

function failsWith(code: NetworkErrorCode) {
  return (error: unknown) => {
    assert.ok(error instanceof NetworkError, String(error));
    assert.equal(error.code, code, error.message);
    return true;
  };
}

Deno.test("a POST carries its bytes with their length and type, and a GET nothing but the host", () =>
  withTcpServer(async (connection) => {
    while (true) {
      const head = await readHead(connection);
      if (head === "") return;
      const body = encoder.encode(head);
      await connection.write(
        encoder.encode(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`),
      );
      await connection.write(body);
    }
  }, async ({ network, url }) => {
    const post = await network.request({
      ...get(`${url}/base/d/1/sync?x=1#no`),
      method: "POST",
      contentType: "application/cose",
      body: encoder.encode("abc"),
    });
    const host = url.slice("http://".length);
    assert.equal(
      decoder.decode(post.body),
      `POST /base/d/1/sync?x=1 HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/cose\r\nContent-Length: 3\r\n\r\nabc`,
    );
    const plain = await network.request(get(url));
    assert.equal(decoder.decode(plain.body), `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  }));

Deno.test("any status is an answer, and a redirect is not followed", () =>
  withHttpServer((request, response) => {
    if (request.url === "/moved") response.writeHead(302, { location: "/elsewhere" }).end();
    else {response.writeHead(503, { "retry-after": "120", "content-type": "text/plain; charset=x" })
        .end("busy");}
  }, async ({ network, url }) => {
    assert.equal((await network.request(get(`${url}/moved`))).status, 302);
    const busy = await network.request(get(url));
    assert.deepEqual({ ...busy, body: decoder.decode(busy.body) }, {
      status: 503,
      body: "busy",
      contentType: "text/plain",
      retryAfterS: 120,
    });
  }));

Deno.test("exchanges one after the other share a connection", () =>
  withHttpServer((request, response) => {
    request.on("data", () => {}).on("end", () => response.end("ok"));
  }, async ({ network, url, accepted }) => {
    for (let round = 0; round < 5; round++) {
      await network.request({ ...get(url), method: "POST", body: new Uint8Array(300) });
    }
    assert.equal(accepted(), 1);
  }));

Deno.test("a connection that the server closed meanwhile is replaced without the caller noticing", () =>
  withHttpServer(
    (_, response) => response.end("ok"),
    async ({ network, server, url, accepted }) => {
      await network.request(get(url));
      server.closeAllConnections();
      assert.equal((await network.request(get(url))).status, 200);
      assert.equal(accepted(), 2);
    },
  ));

Deno.test("a new connection that closes without an answer is a failure, and not tried again", async () => {
  let count = 0;
  await withTcpServer(async (connection, number) => {
    count = number;
    await readHead(connection);
    connection.close();
  }, async ({ network, url }) => {
    await assert.rejects(network.request(get(url)), (error) => {
      assert.match(String(error), /ended inside its head/);
      return failsWith("network.broken")(error);
    });
    assert.equal(count, 1);
  });
});

Deno.test("an answer that breaks off in the middle on a kept connection is not asked for again", async () => {
  let heads = 0;
  await withTcpServer(async (connection) => {
    while (await readHead(connection) !== "") {
      heads++;
      const length = heads === 1 ? 0 : 9;
      await connection.write(
        encoder.encode(`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`),
      );
      if (heads === 2) return connection.close();
    }
  }, async ({ network, url }) => {
    await network.request(get(url));
    await assert.rejects(network.request(get(url)), failsWith("network.broken"));
    assert.equal(heads, 2);
  });
});

Deno.test("a server that never answers runs into the deadline, one that trickles too", async () => {
  await withTcpServer(
    async (connection) => {
      await readHead(connection);
      await readHead(connection);
    },
    ({ network, url }) =>
      assert.rejects(network.request(get(url, { timeoutMs: 50 })), failsWith("network.timeout")),
  );
  await withTcpServer(async (connection) => {
    await readHead(connection);
    await connection.write(encoder.encode("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"));
    while (true) {
      await connection.write(encoder.encode("x"));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }, ({ network, url }) =>
    assert.rejects(
      network.request(get(url, { timeoutMs: 50, maxBytes: 1e6 })),
      failsWith("network.timeout"),
    ));
});

Deno.test("the caller's signal ends an exchange at once, also one that has not begun", () =>
  withTcpServer(async (connection) => {
    await readHead(connection);
    await readHead(connection);
  }, async ({ network, url }) => {
    const stop = new AbortController();
    const waiting = network.request(get(url, { signal: stop.signal }));
    stop.abort();
    await assert.rejects(waiting, failsWith("network.aborted"));
    await assert.rejects(
      network.request(get(url, { signal: stop.signal })),
      failsWith("network.aborted"),
    );
  }));

Deno.test("an answer without end costs no more than was allowed", () =>
  withTcpServer(
    async (connection) => {
      await readHead(connection);
      await connection.write(encoder.encode("HTTP/1.1 200 OK\r\n\r\n"));
      while (true) await connection.write(new Uint8Array(4_096));
    },
    ({ network, url }) =>
      assert.rejects(
        network.request(get(url, { maxBytes: 10_000 })),
        failsWith("network.too_large"),
      ),
  ));

Deno.test("nobody there, no such name and no proper address are told apart", async () => {
  const network = new DenoNetwork();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  await assert.rejects(
    network.request(get(`http://127.0.0.1:${port}`)),
    failsWith("network.refused"),
  );
  await assert.rejects(
    network.request(get("http://fleet.invalid")),
    failsWith("network.unknown_name"),
  );
  for (
    const url of [
      "",
      "fleet.local:8080",
      "ftp://host/",
      "http://user:secret@host/",
      "file:///etc/passwd",
    ]
  ) {
    await assert.rejects(network.request(get(url)), failsWith("network.bad_url"), url);
  }
});

Deno.test("two exchanges at once use two connections, one of which is kept", () => {
  const waiting: (() => void)[] = [];
  return withHttpServer((request, response) => {
    if (request.url === "/now") return response.end("now");
    waiting.push(() => response.end("later"));
    if (waiting.length === 2) waiting.forEach((answer) => answer());
  }, async ({ network, url, accepted }) => {
    await Promise.all([network.request(get(url)), network.request(get(url))]);
    assert.equal(accepted(), 2);
    await network.request(get(`${url}/now`));
    assert.equal(accepted(), 2);
  });
});

const certificate = (name: string) => new URL(`./certificates/${name}`, import.meta.url);

/** A TLS server that answers every request with "secure". */
async function withTlsServer(test: (port: number) => Promise<void>): Promise<void> {
  const server = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    cert: await Deno.readTextFile(certificate("server.pem")),
    key: await Deno.readTextFile(certificate("server_key.pem")),
    onListen: () => {},
  }, () => new Response("secure"));
  try {
    await test(server.addr.port);
  } finally {
    await server.shutdown();
  }
}

Deno.test("a certificate that nobody vouches for is refused", () =>
  withTlsServer(async (port) => {
    const network = new DenoNetwork();
    await assert.rejects(
      network.request(get(`https://127.0.0.1:${port}/`)),
      failsWith("network.tls"),
    );
  }));

Deno.test("TLS works where the authority is trusted: by name, by address, kept open", () =>
  withTlsServer(async (port) => {
    const program = fileURLToPath(new URL("./programs/ask_thrice.ts", import.meta.url));
    const config = fileURLToPath(new URL("../../deno.json", import.meta.url));
    const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-prompt",
        "--no-check",
        `--config=${config}`,
        "--allow-all",
        program,
        String(port),
      ],
      env: { DENO_CERT: fileURLToPath(certificate("authority.pem")), NO_COLOR: "1" },
    }).output();
    assert.ok(success, decoder.decode(stderr));
    assert.equal(decoder.decode(stdout), "secure\nsecure\nsecure\n");
  }));
