import assert from "node:assert/strict";
import { COMPONENTS } from "../http/admin/schemas.ts";
import { openApiDocument } from "../http/openapi.ts";
import { ROUTES } from "../http/routes.ts";
import { generateOpenApi } from "./generate_openapi.ts";

// deno-lint-ignore no-explicit-any -- a JSON document is looked into by name
const DOCUMENT: any = openApiDocument({ routes: ROUTES, components: COMPONENTS, version: "0.0.0" });

Deno.test("the committed document is the route table's", () => {
  assert.ok(generateOpenApi({ check: true }), "run `deno task gen`");
});

Deno.test("every documented route is there with its role and limits, devices' routes and pages are not", () => {
  for (const route of ROUTES) {
    const path = route.path.replaceAll(/:([A-Za-z]+)/g, "{$1}");
    const operation = DOCUMENT.paths[path]?.[route.method.toLowerCase()];
    assert.equal(operation === undefined, route.undocumented === true, path);
    if (operation === undefined) continue;
    assert.equal(operation["x-role"], route.access);
    assert.equal(operation["x-body-limit-bytes"], route.bodyLimitBytes);
    assert.equal(
      Array.isArray(operation.security),
      route.access === "public",
      "only public routes need no token",
    );
    assert.ok(operation.responses.default.content["application/problem+json"]);
    const inPath = [...path.matchAll(/\{([A-Za-z]+)\}/g)].map(([, name]) => name);
    const declared = (operation.parameters ?? []).filter((p: { in: string }) => p.in === "path");
    assert.deepEqual(declared.map(({ name }: { name: string }) => name), inPath, path);
    assert.ok(declared.every(({ required }: { required: boolean }) => required));
  }
});

Deno.test("every reference leads to a component, and every component is referred to", () => {
  const text = JSON.stringify(DOCUMENT);
  const referred = new Set(
    [...text.matchAll(/"#\/components\/schemas\/([A-Za-z]+)"/g)].map(([, name]) => name),
  );
  assert.deepEqual([...referred].sort(), Object.keys(DOCUMENT.components.schemas).sort());
  assert.equal(text.includes("$defs"), false);
  assert.equal(text.includes('$schema"'), false);
});

Deno.test("a query parameter is shown as what its text stands for", () => {
  const parameters = DOCUMENT.paths["/api/v1/devices"].get.parameters;
  const shape = (name: string) => parameters.find((p: { name: string }) => p.name === name).schema;
  assert.deepEqual(shape("limit"), { type: "integer", minimum: 1, maximum: 500, default: 100 });
  assert.deepEqual(shape("online"), { type: "boolean" });
  assert.equal(shape("label").type, "array");
  const telemetry = DOCUMENT.paths["/api/v1/devices/{handle}/telemetry"].get.parameters;
  assert.equal(telemetry.find((p: { name: string }) => p.name === "metric").schema.type, "array");
  const command = DOCUMENT.paths["/api/v1/devices/{handle}/commands/{id}"].get.parameters;
  assert.equal(command.find((p: { name: string }) => p.name === "id").schema.type, "integer");
});
