import assert from "node:assert/strict";
import { arrayText, numbered } from "./postgres_statements.ts";
import { SET_FORMS } from "./postgres_set_forms.ts";

Deno.test("parameters are numbered, and question marks in texts and names are left alone", () => {
  assert.equal(
    numbered(`SELECT '?' AS "what?", 'it''s ?' FROM t WHERE a = ? AND b IN (?, ?)`).text,
    `SELECT '?' AS "what?", 'it''s ?' FROM t WHERE a = $1 AND b IN ($2, $3)`,
  );
});

Deno.test("a statement has one name, and no two have the same", () => {
  const [a, b] = [numbered("SELECT ?"), numbered("SELECT ? + 1")];
  assert.equal(numbered("SELECT ?"), a);
  assert.notEqual(a.name, b.name);
  assert.ok(a.name.length <= 63);
});

Deno.test("arrays hold any value of a column as it is", () => {
  assert.equal(arrayText([1, null, 2 ** 53 - 1, -3]), "{1,NULL,9007199254740991,-3}");
  assert.equal(arrayText([]), "{}");
  assert.equal(arrayText([new Uint8Array([0, 255]), null]), String.raw`{"\\x00ff",NULL}`);
  assert.equal(
    arrayText(['a,"b"\\{}', "NULL", "\0"]),
    String.raw`{"a,\"b\"\\{}","NULL","` + '\uFFFD"}',
  );
});

Deno.test("the form for many calls takes the parameters of the form for one", () => {
  for (const [text, { sql }] of SET_FORMS) {
    const one = numbered(text).text.match(/\$\d+/g)!.length;
    assert.equal(new Set(sql.match(/\$\d+/g)).size, one, text);
  }
});
