/**
 * Each malformed request of the table gets the answer written beside it, over HTTP and over HTTPS, from a real server
 * with the limits that users get: no 5xx, no hang, no second request found in the bytes of a first.
 *
 * @module
 */
import { deepEqual, equal, ok } from "node:assert/strict";
import { Workplace } from "../e2e/processes.ts";
import { AttackedServer } from "./attacked_server.ts";
import { MALFORMED_REQUESTS } from "./malformed_requests.ts";
import { exchangeRaw, statusesOf } from "./raw_exchange.ts";

/** A request has 30 s in all; the server looks every two seconds. */
const DEADLINE_MS = 40_000;

Deno.test("the table of malformed requests is a table: enough rows, each once, none that expects a server's failure", () => {
  ok(MALFORMED_REQUESTS.length >= 200, `${MALFORMED_REQUESTS.length} rows`);
  equal(new Set(MALFORMED_REQUESTS.map(({ what }) => what)).size, MALFORMED_REQUESTS.length);
  equal(new Set(MALFORMED_REQUESTS.map(({ bytes }) => bytes)).size, MALFORMED_REQUESTS.length);
  for (const { what, answers } of MALFORMED_REQUESTS) {
    ok(answers.length >= 1 && answers.every((status) => status >= 200 && status < 500), what);
  }
});

Deno.test("answers are taken apart without mercy", () => {
  const answer = "HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nab";
  deepEqual(statusesOf(`${answer}${answer}`), [400, 400]);
  for (
    const text of [
      `${answer}c`,
      answer.slice(0, -1),
      "HTTP/1.1 400 Bad Request\r\n\r\n",
      answer.replace("\r\n\r\n", "\r\nContent-Length: 2\r\n\r\n"),
      `\r\n${answer}`,
    ]
  ) {
    try {
      statusesOf(text);
    } catch {
      continue;
    }
    throw new Error(`was taken for answers: ${JSON.stringify(text)}`);
  }
});

Deno.test(`each of ${MALFORMED_REQUESTS.length} malformed requests gets its answer over HTTP and HTTPS, and the server stays well`, async () => {
  await using place = await Workplace.open();
  await using server = await AttackedServer.start(place);
  const wrong: string[] = [];
  await Promise.all(
    [server.plain, server.secure].flatMap((door) =>
      MALFORMED_REQUESTS.map(async ({ what, bytes, answers }) => {
        const { statuses, end, text } = await exchangeRaw(door, { bytes, deadlineMs: DEADLINE_MS });
        if (statuses.join() === answers.join() && end === "closed") return;
        wrong.push(
          `${
            door.tls ? "HTTPS" : "HTTP"
          }, ${what}: ${statuses.join()} instead of ${answers.join()}, ${end}\n${
            text.slice(0, 500)
          }`,
        );
      })
    ),
  );
  equal(wrong.join("\n\n"), "");
  await server.checkIsWell();
});
