import { deepStrictEqual as equal, throws } from "node:assert/strict";
import { readReport } from "./junit.ts";

Deno.test("a report's passed, failed and skipped tests are told apart", () => {
  const xml =
    `<testsuites name="x"><testsuite><testcase name="a &quot;b&quot;" time="1"></testcase><testcase name="c"><failure message="m">t</failure></testcase>
    <testcase name="d"><skipped/></testcase><testcase name="e"/></testsuite></testsuites>`;
  equal(readReport(xml), { passed: 2, failed: ["c"], skipped: ["d"] });
});

Deno.test("a run that wrote no report is an error, never an empty success", () => {
  throws(() => readReport(""), /ended before/);
});
