/**
 * @module
 */
import { deepEqual, equal } from "node:assert/strict";
import { problemError } from "./problem_error.ts";

function error(status: number, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return problemError({ act: "list devices", url: "http://127.0.0.1:8080", status, headers, text });
}

Deno.test("the server's own sentence is kept, and one that lacks the act gets it", () => {
  const own = error(409, {
    code: "device.wrong_state",
    detail: "Cannot reject device x: it is accepted, not pending",
  });
  equal(own.message, "Cannot reject device x: it is accepted, not pending.");
  deepEqual([own.exitCode, own.problem.code], [6, "device.wrong_state"]);
  equal(error(403, { code: "c", title: "Forbidden" }).message, "Cannot list devices: forbidden.");
  equal(
    error(403, { code: "c", detail: "FT1 is no code!" }).message,
    "Cannot list devices: FT1 is no code!",
  );
});

Deno.test("an answer without a reason is not taken for the server's", () => {
  for (const body of ["", "<html>", "[]", "null", { error: "x" }]) {
    const { message, exitCode } = error(404, body);
    equal(
      message,
      "Cannot list devices: what answers at http://127.0.0.1:8080 gave HTTP 404 and no reason.",
    );
    equal(exitCode, 5);
  }
});

Deno.test("advice follows: sign in again, wait, look into the log", () => {
  deepEqual(error(401, { code: "c" }).hints, ["Sign in again: fleets login http://127.0.0.1:8080"]);
  deepEqual(error(429, { code: "c" }, { "retry-after": "7" }).hints, ["Try again in 7 s."]);
  deepEqual(error(500, { code: "c", requestId: "r-1" }).hints, [
    "The server's log says more under request r-1.",
  ]);
});
