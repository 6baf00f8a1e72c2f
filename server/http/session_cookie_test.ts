import assert from "node:assert/strict";
import { clearCookie, cookieName, readCookie, setCookie } from "./session_cookie.ts";

const FLEET = "0011223344556677";

Deno.test("over HTTPS the cookie is __Host- with all its locks, over plain HTTP it has another name", () => {
  assert.equal(
    setCookie("id.secret", { fleetId: FLEET, secure: true }),
    `__Host-fleetd-${FLEET}=id.secret; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict; Secure`,
  );
  assert.equal(
    setCookie("id.secret", { fleetId: FLEET, secure: false }),
    `fleetd-local-${FLEET}=id.secret; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict`,
  );
  assert.match(clearCookie({ fleetId: FLEET, secure: true }), /=; Path=\/; Max-Age=0; .*Secure$/);
});

Deno.test("only the cookie of this fleet and this transport is read, and only once", () => {
  const secure = { fleetId: FLEET, secure: true }, plain = { fleetId: FLEET, secure: false };
  const text = `a=b; ${cookieName(secure)}=one; ${cookieName(plain)}=two`;
  assert.equal(readCookie(text, secure), "one");
  assert.equal(readCookie(text, plain), "two");
  assert.equal(readCookie(text, { ...secure, fleetId: "ffffffffffffffff" }), undefined);
  assert.equal(readCookie(`${text}; ${cookieName(secure)}=three`, secure), undefined);
  for (const none of [undefined, "", "x", `x${cookieName(secure)}=one`]) {
    assert.equal(readCookie(none, secure), undefined);
  }
});
