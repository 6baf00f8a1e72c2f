import assert from "node:assert/strict";
import { fileStemOf, isPostgresUrl, isUsableUrl, shownDatabase } from "./database_url.ts";

Deno.test("a database's URL is never shown with its password", () => {
  const shown: Record<string, string> = {
    "postgres://u:secret@h:5/d": "postgres://u@h:5/d",
    "postgresql://u:s%40ecret@h/d?sslmode=require": "postgresql://u@h/d?sslmode=require",
    "postgres://u@h/d?password=secret&x=1": "postgres://u@h/d?x=1",
    "postgres://u:secret@/d?host=/run/postgresql": "postgres://u@/d?host=/run/postgresql",
    "postgres://u:sec/ret@h:bad/d": "postgres://…",
    "postgres://h": "postgres://h",
    "/srv/fleet.db": "/srv/fleet.db",
  };
  for (const [db, text] of Object.entries(shown)) assert.equal(shownDatabase(db), text);
});

Deno.test("files beside a database are called by its name", () => {
  assert.equal(fileStemOf("/srv/fleet.db"), "fleet.db");
  assert.equal(fileStemOf("postgres://u@h/fleet"), "fleet");
  assert.equal(fileStemOf("postgres://u@/a%2Fb?host=/run"), "a_b");
  assert.equal(fileStemOf("postgres://u@h"), "u");
});

Deno.test("what is a PostgreSQL is told by the scheme", () => {
  assert.ok(isPostgresUrl("postgres://h") && isPostgresUrl("PostgreSQL://h/d"));
  assert.ok(!isPostgresUrl("postgres.db") && !isPostgresUrl("mysql://h/d"));
  assert.ok(isUsableUrl("postgres://u@/d?host=/run") && !isUsableUrl("postgres://h:port/d"));
});
