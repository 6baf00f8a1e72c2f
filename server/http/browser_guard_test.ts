import assert from "node:assert/strict";
import type { IncomingHttpHeaders } from "node:http";
import { isCrossSite as crossSite, provesOwnPage } from "./browser_guard.ts";

const host = "127.0.0.1:8080";
const own = `http://${host}`;
const isCrossSite = (headers: IncomingHttpHeaders, method: string) =>
  crossSite(headers, { method, origin: own });

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
  assert.equal(
    isCrossSite({ host, origin: "https://127.0.0.1:8080" }, "POST"),
    true,
    "exact scheme",
  );
  assert.equal(
    isCrossSite({ host, origin: `http://${host}`, "sec-fetch-site": "cross-site" }, "POST"),
    true,
  );
});

Deno.test("a session changes something only with this server's own exact Origin", () => {
  const may = (headers: IncomingHttpHeaders, method = "POST") =>
    provesOwnPage({ host, ...headers }, { method, origin: own });
  assert.equal(may({ origin: own }), true);
  assert.equal(may({ origin: own, "sec-fetch-site": "same-origin" }), true);
  assert.equal(may({}), false, "no Origin");
  for (const origin of ["null", "http://127.0.0.1", "https://127.0.0.1:8080", `${own}/`, ""]) {
    assert.equal(may({ origin }), false, origin);
  }
  for (const site of ["none", "same-site", "cross-site", "nonsense"]) {
    assert.equal(may({ origin: own, "sec-fetch-site": site }), false, site);
  }
  assert.equal(may({}, "GET"), true, "reading needs none");
});
