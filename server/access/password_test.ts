import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { DomainError } from "../errors.ts";
import { checkNewPassword, PASSWORD_COST, Passwords } from "./password.ts";

const random = (length: number) => new Uint8Array(randomBytes(length));
const CHEAP = { memoryKiB: 64, passes: 1 };
const GOOD = "correct horse battery";

Deno.test("a password is checked against its own hash, and two hashes of it differ", async () => {
  const passwords = new Passwords({ random, cost: CHEAP });
  const [one, other] = [await passwords.hash(GOOD), await passwords.hash(GOOD)];
  assert.notEqual(one, other);
  assert.match(one, /^\$argon2id\$v=19\$m=64,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  assert.deepEqual(await passwords.check(GOOD, one), { ok: true, outdated: false });
  assert.equal((await passwords.check(`${GOOD}!`, one)).ok, false);
  assert.equal((await passwords.check(GOOD, null)).ok, false, "a user without a password");
  assert.equal((await passwords.check("", "nonsense")).ok, false);
});

Deno.test("a hash that the reference implementation made is understood", async () => {
  // From its own tests (src/test.c of phc-winner-argon2).
  const phc =
    "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
  const passwords = new Passwords({ random });
  assert.deepEqual(await passwords.check("password", phc), { ok: true, outdated: true });
  assert.equal((await passwords.check("Password", phc)).ok, false);
});

Deno.test("composed and decomposed letters are the same password", async () => {
  const passwords = new Passwords({ random, cost: CHEAP });
  assert.equal(
    (await passwords.check("cafe\u0301 au lait", await passwords.hash("café au lait"))).ok,
    true,
  );
});

Deno.test("a hash made at another cost still works and is called outdated", async () => {
  const stored = await new Passwords({ random, cost: CHEAP }).hash(GOOD);
  const check = await new Passwords({ random, cost: { memoryKiB: 128, passes: 1 } }).check(
    GOOD,
    stored,
  );
  assert.deepEqual(check, { ok: true, outdated: true });
});

Deno.test("the usual cost is at least OWASP's", () => {
  assert.ok(PASSWORD_COST.memoryKiB >= 19_456 && PASSWORD_COST.passes >= 2);
});

Deno.test("other work goes on between the slices of a hash", async () => {
  let turns = 0, hashing = true;
  const others = (async () => {
    while (hashing) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      turns += 1;
    }
  })();
  await new Passwords({ random }).hash(GOOD);
  hashing = false;
  await others;
  assert.ok(turns >= 5, `${turns} turns`);
});

Deno.test("hashes queue up to a bound, and the rest is told to come back", async () => {
  const passwords = new Passwords({ random, cost: CHEAP });
  const tries = await Promise.allSettled(Array.from({ length: 40 }, () => passwords.hash(GOOD)));
  const refused = tries.filter((t) => t.status === "rejected");
  assert.equal(tries.length - refused.length, 16);
  for (const { reason } of refused) {
    assert.ok(reason instanceof DomainError && reason.code === "sign_in.busy");
    assert.equal(reason.retryAfterS, 5);
  }
  await passwords.hash(GOOD);
});

Deno.test("a new password is refused when it would be guessed, and for nothing else", () => {
  const refused = (password: string, why: RegExp) =>
    assert.throws(() => checkNewPassword(password, "administrator-ada"), (error: unknown) => {
      assert.ok(error instanceof DomainError && error.code === "password.weak");
      assert.match(error.message, why);
      return true;
    });
  refused("short", /has 5 characters and needs 12/);
  refused("🐎🔋📎🐎🔋📎🐎🔋📎🐎🔋", /has 11 characters/);
  refused("x".repeat(129), /longer than 128/);
  refused("abababababab", /repeats the same few/);
  refused("PasswordPassword", /tried first/);
  refused("administrator-ada", /user's name/);
  refused("Administrator-Ada12", /user's name/);
  for (
    const good of [
      GOOD,
      "vier wörter ohne zahl",
      "🐎🔋📎🗝️ horse battery",
      " leading and trailing ",
      "x1".repeat(5) + "yz3",
    ]
  ) {
    checkNewPassword(good, "ada");
  }
});
