import assert from "node:assert/strict";
import { DOMAIN_ERRORS, DomainError, type DomainErrorCode } from "../errors.ts";
import { InvalidInput, problemOf, problemReply, statusOf } from "./problem.ts";

const PLACE = { requestId: "abcdefghijklmnop", path: "/api/v1/devices" };

Deno.test("every code has a status of an error", () => {
  for (const code of Object.keys(DOMAIN_ERRORS) as DomainErrorCode[]) {
    assert.ok(statusOf(code) >= 400 && statusOf(code) < 600, code);
  }
});

Deno.test("a refusal is told as it is", () => {
  const error = new DomainError("request.rate_limited", "Cannot answer: too many requests", {
    retryAfterS: 7,
  });
  assert.deepEqual(problemOf(error, PLACE), {
    type: "urn:fleetd:problem:request.rate_limited",
    title: "the caller asks too often",
    status: 429,
    detail: "Cannot answer: too many requests",
    instance: "/api/v1/devices",
    code: "request.rate_limited",
    requestId: "abcdefghijklmnop",
  });
  assert.equal(problemReply(error, PLACE).headers!["retry-after"], "7");
});

Deno.test("a defect is told by its request's id alone: no message, no stack, no path of a file", () => {
  for (
    const error of [
      new TypeError("secret at /srv/fleet.db"),
      "text",
      null,
      new DomainError("store.foreign", "Cannot open /srv/fleet.db"),
    ]
  ) {
    const reply = problemReply(error, PLACE);
    assert.equal(reply.status, 500);
    assert.equal(String(reply.body).includes("/srv"), false);
    assert.equal(String(reply.body).includes("secret"), false);
    assert.ok(String(reply.body).includes("abcdefghijklmnop"));
  }
});

Deno.test("wrong input names every field", () => {
  const { errors, detail, status } = problemOf(
    new InvalidInput([{ field: "query.limit", message: "a whole number" }, {
      field: "body.name",
      message: "it is missing",
    }]),
    PLACE,
  );
  assert.equal(status, 400);
  assert.equal(
    detail,
    "Cannot use the request: query.limit: a whole number; body.name: it is missing",
  );
  assert.equal(errors?.length, 2);
});
