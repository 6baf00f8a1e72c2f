import assert from "node:assert/strict";
import { isCrossSite } from "./browser_guard.ts";

const host = "127.0.0.1:8080";

Deno.test("programs, which send neither Origin nor fetch metadata, pass", () => {
  for (const method of ["GET", "POST", "DELETE"]) {
    assert.equal(isCrossSite({ host }, method), false);
  }
});

Deno.test("this server's own page and the address bar pass", () => {
  assert.equal(
    isCrossSite({ host, "sec-fetch-site": "same-origin", origin: `http://${host}` }, "POST"),
    false,
  );
  assert.equal(
    isCrossSite({ host, "sec-fetch-site": "none", "sec-fetch-mode": "navigate" }, "GET"),
    false,
  );
});

Deno.test("a link from another site may open a page, and nothing else", () => {
  const link = {
    host,
    "sec-fetch-site": "cross-site",
    "sec-fetch-mode": "navigate",
    "sec-fetch-dest": "document",
  };
  assert.equal(isCrossSite(link, "GET"), false);
  assert.equal(isCrossSite(link, "POST"), true);
  assert.equal(isCrossSite({ ...link, "sec-fetch-dest": "iframe" }, "GET"), true);
  for (const site of ["cross-site", "same-site", "nonsense"]) {
    for (const mode of ["cors", "no-cors", "websocket", undefined]) {
      assert.equal(
        isCrossSite({ host, "sec-fetch-site": site, "sec-fetch-mode": mode }, "GET"),
        true,
        `${site} ${mode}`,
      );
    }
  }
});

Deno.test("a foreign Origin is refused also where the browser sends no metadata", () => {
  for (
    const origin of [
      "http://evil.example",
      "null",
      "http://127.0.0.1",
      "http://127.0.0.1:8081",
      "file://",
    ]
  ) {
    assert.equal(isCrossSite({ host, origin }, "POST"), true, origin);
    assert.equal(isCrossSite({ host, origin }, "GET"), true, origin);
  }
  assert.equal(isCrossSite({ host, origin: "https://127.0.0.1:8080" }, "POST"), false);
  assert.equal(
    isCrossSite({ host, origin: `http://${host}`, "sec-fetch-site": "cross-site" }, "POST"),
    true,
  );
});
