import assert from "node:assert/strict";
import fc from "fast-check";
import { NetworkError, type NetworkErrorCode } from "../ports.ts";
import { type ByteSource, IncomingBytes, readAnswer } from "./http1_answer.ts";

const RUNS = Deno.env.get("FLEETD_CI") === "1" ? 100_000 : 2_000;
const encoder = new TextEncoder();

/** A connection that delivers these bytes in pieces of `step` and then ends. */
function sourceOf(text: string | Uint8Array, step = 7): ByteSource {
  const bytes = typeof text === "string" ? encoder.encode(text) : text;
  let at = 0;
  return {
    read(into) {
      if (at === bytes.length) return Promise.resolve(null);
      const part = bytes.subarray(at, at + Math.min(step, into.length));
      into.set(part);
      at += part.length;
      return Promise.resolve(part.length);
    },
  };
}

function read(text: string, { maxBytes = 100, step = 7 } = {}) {
  return readAnswer(new IncomingBytes(sourceOf(text, step)), maxBytes);
}

function fails(text: string, code: NetworkErrorCode, options = {}) {
  return assert.rejects(
    read(text, options),
    (error) => error instanceof NetworkError && error.code === code,
    text,
  );
}

const bodyOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

Deno.test("an answer with a length is read to that length and leaves the connection usable", async () => {
  for (const step of [1, 3, 4_096]) {
    const { answer, reusable } = await read(
      "HTTP/1.1 200 OK\r\nContent-Type: Application/COSE; x=1\r\nContent-Length: 5\r\n\r\nhello",
      { step },
    );
    assert.equal(bodyOf(answer.body), "hello");
    assert.equal(answer.contentType, "application/cose");
    assert.equal(answer.retryAfterS, undefined);
    assert.ok(reusable);
  }
});

Deno.test("a chunked answer is put together, extensions and trailers passed over", async () => {
  const { answer, reusable } = await read(
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nTrailer: x\r\n\r\n",
  );
  assert.equal(bodyOf(answer.body), "hello");
  assert.ok(reusable);
});

Deno.test("an answer without a length lasts until the connection ends", async () => {
  const { answer, reusable } = await read("HTTP/1.0 200 OK\r\n\r\nhello");
  assert.equal(bodyOf(answer.body), "hello");
  assert.ok(!reusable);
});

Deno.test("interim answers are passed over", async () => {
  const { answer } = await read("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n");
  assert.equal(answer.status, 204);
  await fails("HTTP/1.1 100 Continue\r\n\r\n".repeat(9), "network.broken");
  await fails("HTTP/1.1 101 Switching Protocols\r\n\r\n", "network.broken");
});

Deno.test("Retry-After counts when it is a number of seconds", async () => {
  const head = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nRetry-After: ";
  assert.equal((await read(`${head}120\r\n\r\n`)).answer.retryAfterS, 120);
  assert.equal(
    (await read(`${head}Fri, 31 Dec 2030 23:59:59 GMT\r\n\r\n`)).answer.retryAfterS,
    undefined,
  );
  assert.equal((await read(`${head}-5\r\n\r\n`)).answer.retryAfterS, undefined);
});

Deno.test("a connection is not used again when the server closes it or sent more than the answer", async () => {
  assert.ok(
    !(await read("HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 0\r\n\r\n")).reusable,
  );
  assert.ok(
    !(await read("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nextra", { step: 99 })).reusable,
  );
});

Deno.test("an answer longer than allowed is cut off, whichever way it says its length", async () => {
  const options = { maxBytes: 4 };
  await fails("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "network.too_large", options);
  await fails(
    "HTTP/1.1 200 OK\r\nContent-Length: 999999999999999\r\n\r\n",
    "network.too_large",
    options,
  );
  await fails("HTTP/1.1 200 OK\r\n\r\nhello", "network.too_large", options);
  await fails(
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n",
    "network.too_large",
    options,
  );
  await fails(
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n",
    "network.too_large",
    options,
  );
});

Deno.test("what is not plain HTTP/1.1, or can be read in two ways, is refused", async () => {
  const ok = "HTTP/1.1 200 OK\r\n";
  for (
    const text of [
      "",
      "SSH-2.0-OpenSSH_9.2\r\n\r\n",
      "HTTP/2 200\r\n\r\n",
      "HTTP/1.1 99 X\r\n\r\n",
      "HTTP/1.1 200 OK\n\n",
      `${ok}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!`,
      `${ok}Content-Length: +5\r\n\r\nhello`,
      `${ok}Content-Length: 0x5\r\n\r\nhello`,
      `${ok}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      `${ok}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
      `${ok}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      `${ok}Content-Encoding: gzip\r\nContent-Length: 0\r\n\r\n`,
      `${ok}Broken header\r\n\r\n`,
      `${ok} folded: x\r\n\r\n`,
      `${ok}Name : x\r\n\r\n`,
      `${ok}X: a\u0000b\r\n\r\n`,
      `${ok}Content-Length: 5\r\n\r\nhell`,
      `${ok}Transfer-Encoding: chunked\r\n\r\n5\r\nhello`,
      `${ok}Transfer-Encoding: chunked\r\n\r\n5\r\nhelloX\r\n0\r\n\r\n`,
      `${ok}Transfer-Encoding: chunked\r\n\r\n-1\r\n`,
      `${ok}Transfer-Encoding: chunked\r\n\r\n100000000\r\n`,
      `${ok}X: ${"y".repeat(9_000)}\r\n\r\n`,
      "HTTP/1.1 200 " + "y".repeat(9_000),
    ]
  ) await fails(text, "network.broken");
});

Deno.test("whatever a server sends, it ends as an answer or as a NetworkError", async () => {
  const piece = fc.constantFrom(
    "HTTP/1.1 200 OK\r\n",
    "HTTP/1.1 204 \r\n",
    "Content-Length: 3\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Connection: close\r\n",
    "\r\n",
    "3\r\nabc\r\n",
    "0\r\n\r\n",
    "abc",
    "\n",
    ":",
  );
  const anything = fc.oneof(
    fc.array(piece, { maxLength: 12 }).map((parts) => encoder.encode(parts.join(""))),
    fc.uint8Array({ maxLength: 200 }),
  );
  await fc.assert(
    fc.asyncProperty(anything, fc.integer({ min: 1, max: 50 }), async (bytes, step) => {
      try {
        const { answer } = await readAnswer(new IncomingBytes(sourceOf(bytes, step)), 64);
        assert.ok(answer.body.length <= 64 && answer.status >= 200 && answer.status <= 599);
      } catch (error) {
        assert.ok(error instanceof NetworkError, String(error));
      }
    }),
    { numRuns: RUNS },
  );
});
