import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ERRORS } from "../schema/errors.ts";
import { SCHEMA, type Schema } from "../schema/messages.ts";
import { METRICS } from "../schema/metrics.ts";
import type { Field, Message } from "../schema/types.ts";
import { generate, generatedFiles } from "./generate.ts";
import { lockOf, lockViolations } from "./schema_lock.ts";

const run = promisify(execFile);
const FOLDER = fileURLToPath(new URL("..", import.meta.url));

Deno.test("the committed files are what the schema generates", async () => {
  assert.deepEqual(await generate({ check: true }), []);
});

const compiler = await findCompiler();

Deno.test({
  name: "the generated C compiles as C99 without a warning",
  ignore: compiler === undefined,
  fn: async () => {
    const folder = await mkdtemp(join(tmpdir(), "fleetd-c-"));
    try {
      for (const path of generatedFiles().keys()) {
        if (!path.endsWith(".c")) continue;
        const flags = ["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-Ic/include"];
        const files = ["-c", path, "-o", join(folder, "out.o")];
        await run(compiler as string, [...flags, ...files], { cwd: FOLDER });
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  },
});

async function findCompiler(): Promise<string | undefined> {
  for (const name of ["gcc", "clang", "cc"]) {
    const found = await run(name, ["--version"]).then(() => true, () => false);
    if (found) return name;
  }
  return undefined;
}

Deno.test("the schema itself is sound: keys ascend, names are unique, references exist", () => {
  const names = [...SCHEMA.messages, ...SCHEMA.tuples, ...SCHEMA.values].map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const { name, fields } of SCHEMA.messages) {
    const keys = fields.map(({ key }) => key);
    assert.deepEqual(keys, [...new Set(keys)].sort((a, b) => a - b), name);
    assert.equal(new Set(fields.map((field) => field.name)).size, fields.length, name);
    for (const { since } of fields) assert.ok(since <= SCHEMA.minor);
  }
  for (const rows of [ERRORS.map(([, number]) => number), METRICS.map(([id]) => id)]) {
    assert.deepEqual(rows, [...new Set(rows)].sort((a, b) => a - b));
  }
  for (const [id, name, unit] of METRICS) {
    assert.ok(id <= 127 && name.length <= 48 && unit.length <= 12, name);
  }
});

/** The schema with one message changed. */
function changed(name: string, change: (message: Message) => Message): Schema {
  const messages = SCHEMA.messages.map((message) =>
    message.name === name ? change(message) : message
  );
  return { ...SCHEMA, messages };
}

/** The schema with one field of SyncRequest changed. */
function withField(key: number, change: Partial<Field>): Schema {
  return changed("SyncRequest", (message) => ({
    ...message,
    fields: message.fields.map((field) => field.key === key ? { ...field, ...change } : field),
  }));
}

function violations(schema: Schema): string[] {
  return lockViolations(lockOf(SCHEMA), lockOf(schema));
}

Deno.test("the lock lets the same schema and additions pass", () => {
  assert.deepEqual(violations(SCHEMA), []);
  const added = changed("SyncRequest", (message) => ({
    ...message,
    fields: [...message.fields, {
      key: 24,
      name: "added",
      type: { kind: "true" },
      requirement: "O",
      doc: "New.",
      since: 1,
    }],
  }));
  assert.deepEqual(violations(added), []);
  const newMessage: Message = { name: "Added", doc: "New.", fields: [] };
  assert.deepEqual(violations({ ...SCHEMA, messages: [...SCHEMA.messages, newMessage] }), []);
});

Deno.test("the lock refuses a key that is reused, retyped, made required or removed", () => {
  const broken: [Schema, RegExp][] = [
    [withField(1, { name: "other" }), /SyncRequest 1 is "uptimeMs.*became "other/],
    [
      withField(8, { type: { kind: "uint", min: 0, max: 60 } }),
      /SyncRequest 8 is "waitS: uint 0\.\.50 O"/,
    ],
    [withField(3, { type: { kind: "bytes", min: 0, max: 32 } }), /SyncRequest 3/],
    [withField(22, { requirement: "R" }), /SyncRequest 22/],
    [withField(0, { requirement: "O" }), /SyncRequest 0/],
    [
      changed("SyncRequest", (m) => ({ ...m, fields: m.fields.slice(1) })),
      /SyncRequest 0.*is gone/,
    ],
    [{ ...SCHEMA, messages: SCHEMA.messages.slice(1) }, /Hello 1.*is gone/],
  ];
  for (const [schema, message] of broken) assert.match(violations(schema).join("\n"), message);
});

Deno.test("the lock refuses a new field that older peers do not send but that is required", () => {
  const added = changed("Move", (message) => ({
    ...message,
    fields: [...message.fields, {
      key: 3,
      name: "added",
      type: { kind: "true" },
      requirement: "R",
      doc: "New.",
      since: 1,
    }],
  }));
  assert.match(violations(added).join(), /Move 3 "added: true R" is new and cannot be required/);
});

Deno.test("the lock refuses any change of a tuple and any renumbered value", () => {
  const tuples = SCHEMA.tuples.map((tuple) =>
    tuple.name === "Ack" ? { ...tuple, items: tuple.items.slice(0, 2) } : tuple
  );
  assert.match(violations({ ...SCHEMA, tuples }).join(), /tuples Ack all/);
  const values = SCHEMA.values.map((entry) =>
    entry.name === "NeedCode" ? { ...entry, values: { ...entry.values, inventory: 9 } } : entry
  );
  assert.match(violations({ ...SCHEMA, values }).join(), /values NeedCode 2 was "inventory"/);
});
