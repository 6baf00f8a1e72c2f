/**
 * The local RPC over real sockets: ports, limits, and who may ask.
 *
 * @module
 */
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { lineLog, type LocalRpc, PortTakenError, startLocalRpc } from "@fleetd/agent";

const SOURCE = {
  info: () => ({ handle: "h" }),
  health: () => ({ ok: true }),
  status: () => ({ storageDir: "/s" }),
  invite: () => true,
};

function start(
  also: Partial<Parameters<typeof startLocalRpc>[0]> = {},
  lines: string[] = [],
): Promise<LocalRpc> {
  const clock = {
    nowMs: Date.now,
    monotonicMs: () => performance.now(),
    sleep: () => Promise.resolve(),
  };
  return startLocalRpc({
    source: SOURCE,
    log: lineLog({ clock, level: "info", write: (line) => lines.push(line) }),
    listen: "127.0.0.1",
    port: 0,
    defaultPort: 7400,
    hostNames: ["device.local"],
    nowMs: () => performance.now(),
    ...also,
  });
}

/** Sends bytes and returns all that comes until the peer closes. */
async function raw(port: number, request: string): Promise<string> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode(request));
  const text = await new Response(connection.readable).text();
  return text;
}

Deno.test("it answers on the port it says", async () => {
  const rpc = await start();
  try {
    const answer = await fetch(`http://127.0.0.1:${rpc.port}/v1/info`);
    equal(answer.status, 200);
    equal(answer.headers.get("content-type"), "application/json");
    deepEqual(await answer.json(), { handle: "h" });
  } finally {
    await rpc.close();
  }
});

Deno.test("a default port that is taken moves to the next free one and says so; an explicit one is an error", async () => {
  const first = await start();
  try {
    const lines: string[] = [];
    const second = await start({ port: null, defaultPort: first.port }, lines);
    try {
      ok(second.port > first.port);
      ok(
        lines.some((line) =>
          line.includes(`Port ${first.port} is taken`) && line.includes(`port=${second.port}`)
        ),
      );
    } finally {
      await second.close();
    }
    await rejects(start({ port: first.port }), PortTakenError);
  } finally {
    await first.close();
  }
});

Deno.test("a request under a strange host name, too large a body and a flood are refused", async () => {
  const rpc = await start();
  const end = "Connection: close\r\n\r\n";
  try {
    const strange = await raw(rpc.port, `GET /v1/info HTTP/1.1\r\nHost: evil.example\r\n${end}`);
    ok(strange.startsWith("HTTP/1.1 421"), strange);
    const own = await raw(rpc.port, `GET /v1/info HTTP/1.1\r\nHost: device.local:1\r\n${end}`);
    ok(own.startsWith("HTTP/1.1 200"), own);
    const body = "x".repeat(5_000);
    const url = `http://127.0.0.1:${rpc.port}/v1/invitation`;
    const large = await fetch(url, { method: "POST", body });
    equal(large.status, 413);
    await large.body?.cancel();
    const statuses = [];
    for (let n = 0; n < 60; n++) {
      const answer = await fetch(`http://127.0.0.1:${rpc.port}/v1/info`);
      await answer.body?.cancel();
      statuses.push(answer.status);
    }
    ok(statuses.includes(429));
  } finally {
    await rpc.close();
  }
});

Deno.test("closing ends connections that nobody uses any more", async () => {
  const rpc = await start();
  const connection = await Deno.connect({ hostname: "127.0.0.1", port: rpc.port });
  const closed = new Response(connection.readable).text();
  await rpc.close();
  equal(await closed, "");
});

Deno.test("a connection that never finishes its request, and one kept busy, end by the same deadline", async () => {
  const rpc = await start({ connectionLimitMs: 200 });
  try {
    equal(await raw(rpc.port, "GET /v1/info HTTP/1.1\r\nHost: device"), "");
    const kept = await raw(rpc.port, "GET /v1/info HTTP/1.1\r\nHost: device.local\r\n\r\n");
    ok(kept.startsWith("HTTP/1.1 200"), kept);
  } finally {
    await rpc.close();
  }
});
