/**
 * Reads the counts and names out of the JUnit report that `deno test` writes.
 *
 * @module
 */

/** What one `deno test` found. Steps count with their test, not on their own. */
export interface Report {
  readonly passed: number;
  readonly failed: readonly string[];
  readonly skipped: readonly string[];
}

const unescape = (text: string) =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll(
    "&apos;",
    "'",
  )
    .replaceAll("&#39;", "'").replaceAll("&#x27;", "'").replaceAll("&amp;", "&");

/** Reads one report. @throws Error when the text is no JUnit report, so that a crashed run never counts as empty. */
export function readReport(xml: string): Report {
  if (!xml.includes("<testsuites")) {
    throw new Error("the test report is not there: the run ended before it was written");
  }
  let passed = 0;
  const failed: string[] = [], skipped: string[] = [];
  for (
    const [, attributes, body] of xml.matchAll(/<testcase([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g)
  ) {
    const name = unescape(/name="([^"]*)"/.exec(attributes!)?.[1] ?? "?");
    if (/<(failure|error)\b/.test(body ?? "")) failed.push(name);
    else if (/<skipped\b/.test(body ?? "")) skipped.push(name);
    else passed++;
  }
  return { passed, failed, skipped };
}
