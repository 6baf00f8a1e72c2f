/**
 * @module
 */
import { deepEqual, equal, match, throws } from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  profileIsExposed,
  profilePath,
  readProfile,
  removeProfile,
  writeProfile,
  writeSecretFile,
} from "./profile.ts";

const PROFILE = { url: "http://127.0.0.1:8080", token: "flt_secret" };

function inFolder(work: (env: Record<string, string>, folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "fleets-profile-"));
  try {
    work({ XDG_CONFIG_HOME: folder }, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

Deno.test("a sign-in is kept in a file that only its owner can read", () =>
  inFolder((env, folder) => {
    equal(readProfile(env), undefined);
    const path = writeProfile(env, PROFILE);
    equal(path, join(folder, "fleets", "profiles.json"));
    equal(statSync(path).mode & 0o777, 0o600);
    equal(statSync(join(folder, "fleets")).mode & 0o777, 0o700);
    deepEqual(readProfile(env), PROFILE);
    equal(profileIsExposed(env), false);
    chmodSync(path, 0o644);
    equal(profileIsExposed(env), true);
    writeProfile(env, PROFILE);
    equal(statSync(path).mode & 0o777, 0o600);
  }));

Deno.test("profiles live side by side and go one by one", () =>
  inFolder((env) => {
    const other = { ...env, FLEETS_PROFILE: "test" };
    writeProfile(env, PROFILE);
    writeProfile(other, { ...PROFILE, url: "https://fleet.example" });
    equal(readProfile(env)?.url, "http://127.0.0.1:8080");
    equal(readProfile(other)?.url, "https://fleet.example");
    equal(removeProfile(other), true);
    equal(removeProfile(other), false);
    deepEqual(readProfile(env), PROFILE);
    equal(removeProfile(env), true);
    equal(existsSync(profilePath(env)), false);
  }));

Deno.test("the environment names another file, another profile, or the whole sign-in", () =>
  inFolder((env, folder) => {
    equal(profilePath({ FLEETS_CONFIG: join(folder, "x.json") }), join(folder, "x.json"));
    equal(profilePath({ HOME: "/home/ada" }), "/home/ada/.config/fleets/profiles.json");
    equal(
      profilePath({ HOME: "/home/ada", XDG_CONFIG_HOME: "relative" }),
      "/home/ada/.config/fleets/profiles.json",
    );
    deepEqual(readProfile({ ...env, FLEETS_TOKEN: "t", FLEETS_URL: "http://127.0.0.1:1" }), {
      url: "http://127.0.0.1:1",
      token: "t",
    });
    equal(readProfile({ ...env, FLEETS_TOKEN: "t" }), undefined);
    throws(() => readProfile({ ...env, FLEETS_PROFILE: "../x" }), /no profile name/);
  }));

Deno.test("a damaged file is an error that says what to do, never a silent sign-out", () =>
  inFolder((env) => {
    const path = writeProfile(env, PROFILE);
    for (
      const text of [
        "",
        "{",
        "[]",
        `{"version":1}`,
        `{"version":1,"profiles":{"default":{"url":1}}}`,
      ]
    ) {
      writeFileSync(path, text);
      throws(() => readProfile(env), /is damaged/);
    }
  }));

Deno.test("a secret file replaces what was there and is never readable by others", () =>
  inFolder((_env, folder) => {
    const path = join(folder, "token.txt");
    writeFileSync(path, "old", { mode: 0o644 });
    writeSecretFile(path, "new\n");
    equal(readFileSync(path, "utf8"), "new\n");
    equal(statSync(path).mode & 0o777, 0o600);
    throws(() => writeSecretFile(join(folder, "no", "such"), "x"), (error: Error) => {
      match(error.message, /Cannot write .*no such file or directory/);
      return true;
    });
  }));
