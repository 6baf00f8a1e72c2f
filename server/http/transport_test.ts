import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { isLocal, NO_PROXY, proxyCheck, transportOf } from "./transport.ts";

interface Given {
  readonly peer?: string;
  readonly encrypted?: boolean;
  readonly headers?: Record<string, string>;
  readonly proxies?: string[];
}

function transport({ peer = "127.0.0.1", encrypted = false, headers = {}, proxies = [] }: Given) {
  const incoming = {
    socket: { remoteAddress: peer, encrypted },
    headers: { host: "fleet.example:8080", ...headers },
  };
  const { address, secure, host, via, ...rest } = transportOf(
    incoming as unknown as IncomingMessage,
    proxyCheck(proxies),
  );
  const whole = { address, secure, host, via };
  return { ...whole, local: isLocal({ ...rest, ...whole }) };
}

const FORWARDED = {
  "x-forwarded-for": "192.0.2.7",
  "x-forwarded-proto": "https",
  "x-forwarded-host": "fleet.example",
};

Deno.test("without a proxy the peer is the caller", () => {
  assert.deepEqual(transport({ peer: "::ffff:192.0.2.1" }), {
    address: "192.0.2.1",
    secure: false,
    host: "fleet.example:8080",
    via: "nobody",
    local: false,
  });
  assert.equal(transport({ encrypted: true }).secure, true);
  assert.equal(transport({}).local, true);
  assert.equal(proxyCheck([]), NO_PROXY);
});

Deno.test("what a stranger says of a proxy counts for nothing, but makes a local request foreign", () => {
  for (const proxies of [[], ["10.0.0.0/8"]]) {
    const { address, secure, host, local, via } = transport({ headers: FORWARDED, proxies });
    assert.deepEqual({ address, secure, host, local, via }, {
      address: "127.0.0.1",
      secure: false,
      host: "fleet.example:8080",
      local: false,
      via: "stranger",
    });
  }
  for (const name of ["forwarded", "via", "x-real-ip"]) {
    assert.equal(transport({ headers: { [name]: "x" } }).local, false, name);
  }
});

Deno.test("a named proxy is believed", () => {
  const proxies = ["127.0.0.1", "10.0.0.0/8", "2001:db8::/32"];
  assert.deepEqual(transport({ headers: FORWARDED, proxies }), {
    address: "192.0.2.7",
    secure: true,
    host: "fleet.example",
    via: "named",
    local: false,
  });
  assert.equal(transport({ peer: "2001:db8::9", headers: FORWARDED, proxies }).secure, true);
  const plain = { ...FORWARDED, "x-forwarded-proto": "http" };
  assert.equal(transport({ headers: plain, proxies }).secure, false);
  assert.equal(transport({ headers: { "x-forwarded-for": "192.0.2.7" }, proxies }).secure, false);
});

Deno.test("a request that a named proxy's own machine makes itself is local", () => {
  assert.equal(transport({ proxies: ["127.0.0.1"] }).local, true);
});

Deno.test("of a chain of addresses the last one that is no named proxy counts; the rest is hearsay", () => {
  const from = (list: string, peer = "10.0.0.1") =>
    transport({
      peer,
      headers: { "x-forwarded-for": list },
      proxies: ["10.0.0.0/8"],
    }).address;
  assert.equal(from("127.0.0.1, 192.0.2.7"), "192.0.2.7");
  assert.equal(from("127.0.0.1, 192.0.2.7, 10.9.9.9"), "192.0.2.7");
  assert.equal(from("192.0.2.7:4711"), "192.0.2.7");
  assert.equal(from("[2001:db8::7]:4711"), "2001:db8::7");
  assert.equal(from("::ffff:192.0.2.7"), "192.0.2.7");
  assert.equal(from("10.1.1.1"), "10.0.0.1", "only proxies: the nearest stands for them");
  for (const nonsense of ["", "unknown", "192.0.2.7, evil", "_hidden"]) {
    assert.equal(from(nonsense), "10.0.0.1", nonsense);
  }
});

Deno.test("what a named proxy adds comes last", () => {
  const { secure, host } = transport({
    headers: {
      ...FORWARDED,
      "x-forwarded-proto": "https, http",
      "x-forwarded-host": "evil.example, fleet.example",
    },
    proxies: ["127.0.0.1"],
  });
  assert.equal(secure, false);
  assert.equal(host, "fleet.example");
});

Deno.test("a list of proxies holds addresses and networks only", () => {
  for (const bad of ["proxy.example", "10.0.0.0/33", "::/129", "10.0.0.0/x", "10.0.0.0/8/1", ""]) {
    assert.throws(() => proxyCheck([bad]), RangeError, bad);
  }
});
