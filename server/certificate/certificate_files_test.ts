import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SYSTEM_CLOCK } from "../clock.ts";
import { type CertificateSource, loadCertificate } from "./certificate_files.ts";

async function inFolder(body: (source: CertificateSource, folder: string) => Promise<void>) {
  const folder = mkdtempSync(join(tmpdir(), "fleets-certificate-"));
  const names = () => ["fleet.example", "127.0.0.1", "::1"];
  try {
    await body({ kind: "own", path: join(folder, "own.pem"), names }, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

Deno.test("servers that start at once in one folder agree on one certificate", () =>
  inFolder(async (source, folder) => {
    const all = await Promise.all(
      Array.from({ length: 8 }, () => loadCertificate(source, SYSTEM_CLOCK)),
    );
    assert.equal(new Set(all.map(({ fingerprint }) => fingerprint)).size, 1);
    assert.deepEqual(readdirSync(folder), ["own.pem"], "no draft is left");
  }));

Deno.test("a damaged file is replaced, and nothing of it is left", () =>
  inFolder(async (source, folder) => {
    for (const text of ["", "hello", "-----BEGIN PRIVATE KEY-----\nMII"]) {
      writeFileSync(join(folder, "own.pem"), text);
      const made = await loadCertificate(source, SYSTEM_CLOCK);
      assert.equal((await loadCertificate(source, SYSTEM_CLOCK)).fingerprint, made.fingerprint);
    }
    assert.deepEqual(readdirSync(folder), ["own.pem"]);
  }));
