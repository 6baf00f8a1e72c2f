import { deepEqual, equal } from "node:assert/strict";
import { answerFor, type RpcRequest, type RpcSource } from "./routes.ts";

const invitations: unknown[] = [];
const SOURCE: RpcSource = {
  info: () => ({ handle: "h" }),
  health: () => ({ ok: false }),
  status: () => ({ secret: "place" }),
  invite: (invitation) => invitations.push(invitation) < 3,
};

function ask(also: Partial<RpcRequest>) {
  const request = { method: "GET", path: "/", contentType: "", body: "", loopback: false };
  return answerFor({ ...request, ...also }, SOURCE);
}

function invite(body: unknown, contentType = "application/json") {
  return ask({ method: "POST", path: "/v1/invitation", contentType, body: JSON.stringify(body) });
}

Deno.test("information and health are public, the status is for this machine", () => {
  deepEqual(ask({ path: "/v1/info" }), { status: 200, body: { handle: "h" } });
  equal(ask({ path: "/v1/health" }).status, 503);
  equal(ask({ path: "/v1/status" }).status, 403);
  equal(ask({ path: "/v1/status", loopback: true }).status, 200);
});

Deno.test("there is no other route, and no other method", () => {
  for (const path of ["/", "/v1", "/v1/exec", "/v1/info/", "/constructor", "/v1/toString"]) {
    equal(ask({ path, loopback: true }).status, 404, path);
  }
  for (const method of ["PUT", "DELETE", "POST", "toString"]) {
    const answer = ask({ method, path: "/v1/info", loopback: true });
    deepEqual([answer.status, answer.allow], [405, "GET"], method);
  }
});

Deno.test("an invitation is an address and perhaps a fingerprint, in JSON, and nothing else", () => {
  const fingerprint = "abcd-efgh-ijkl-mnop-qrst-uvwx";
  equal(invite({ url: "http://192.0.2.1:8080/", fingerprint }).status, 202);
  deepEqual(invitations, [{ url: "http://192.0.2.1:8080", fingerprint }]);
  equal(invite({ url: "http://192.0.2.1:8080" }, "text/plain").status, 415);
  equal(invite(null).status, 400);
  equal(invite({}).status, 400);
  equal(invite({ url: "file:///etc/passwd" }).status, 400);
  equal(invite({ url: "http://a", fingerprint: "x" }).status, 400);
  equal(invite({ url: `http://${"a".repeat(200)}` }).status, 400);
  equal(
    ask({ method: "POST", path: "/v1/invitation", contentType: "application/json", body: "{" })
      .status,
    400,
  );
});

Deno.test("a device that has a server takes no invitation", () => {
  invitations.push(1, 2);
  equal(invite({ url: "http://192.0.2.1:8080" }).status, 409);
});
