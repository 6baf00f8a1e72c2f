import { doesNotThrow, throws } from "node:assert/strict";
import { checkKnownAnswers, selfTest } from "./known_answers.ts";

Deno.test("the self-test passes on a sound build", () => {
  doesNotThrow(selfTest);
});

Deno.test("a primitive that gives a wrong answer, or throws, fails the self-test by name", () => {
  const expected = { code: "crypto.self_test_failed", message: /X25519 gave a wrong answer/ };
  throws(() => checkKnownAnswers([["SHA-256", () => true], ["X25519", () => false]]), expected);
  const broken = () => {
    throw new Error("no such instruction");
  };
  throws(() => checkKnownAnswers([["X25519", broken]]), expected);
});
