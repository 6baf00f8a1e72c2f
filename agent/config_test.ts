import { deepEqual, equal, throws } from "node:assert/strict";
import {
  ConfigError,
  defaultStorageDir,
  parseInterval,
  parseLabel,
  parseName,
  parsePort,
  parseServerUrl,
} from "./config.ts";
import type { Process } from "./ports.ts";

function user(also: Partial<Process>, variables: Record<string, string> = {}): Process {
  return {
    pid: 1,
    platform: "linux",
    architecture: "aarch64",
    isRoot: false,
    stopSignal: new AbortController().signal,
    environment: (name) => variables[name],
    usage: () => null,
    ...also,
  };
}

Deno.test("storage lies where this user may keep it", () => {
  equal(defaultStorageDir(user({ isRoot: true }, { HOME: "/root" })), "/var/lib/fleetd");
  equal(defaultStorageDir(user({}, { HOME: "/home/a" })), "/home/a/.local/state/fleetd");
  equal(defaultStorageDir(user({}, { HOME: "/home/a", XDG_STATE_HOME: "/s" })), "/s/fleetd");
  equal(
    defaultStorageDir(user({}, { HOME: "/home/a", XDG_STATE_HOME: "s" })),
    "/home/a/.local/state/fleetd",
  );
  equal(defaultStorageDir(user({ platform: "darwin" }, { HOME: "/Users/a" })), "/Users/a/.fleetd");
  equal(defaultStorageDir(user({ isRoot: true }, { FLEETD_STORAGE_DIR: "/x" })), "/x");
  throws(() => defaultStorageDir(user({})), ConfigError);
});

Deno.test("a server address is taken as people write it, and nothing else", () => {
  const good: [string, string][] = [
    ["192.0.2.1:8080", "http://192.0.2.1:8080"],
    ["fleet.local", "http://fleet.local"],
    ["https://Fleet.example/base/", "https://fleet.example/base"],
    ["http://[2001:db8::1]:8080/", "http://[2001:db8::1]:8080"],
  ];
  for (const [text, url] of good) equal(parseServerUrl(text), url);
  for (const text of ["", "ftp://a", "http://u:p@a", "http://a?b", "http://a#b", "http://"]) {
    throws(() => parseServerUrl(text), ConfigError, text);
  }
});

Deno.test("labels, names, ports and intervals keep to their limits", () => {
  deepEqual(parseLabel("site=Berlin 1=2"), { key: "site", value: "Berlin 1=2" });
  for (const text of ["site", "=x", "a b=c", `a=${"ü".repeat(40)}`]) {
    throws(() => parseLabel(text), ConfigError, text);
  }
  equal(parseName("box-1.a_b"), "box-1.a_b");
  for (const text of ["", "a b", "a".repeat(64), "ä"]) {
    throws(() => parseName(text), ConfigError, text);
  }
  equal(parsePort("0"), 0);
  for (const text of ["-1", "65536", "1e3", "", " 1"]) {
    throws(() => parsePort(text), ConfigError, text);
  }
  equal(parseInterval("2.5"), 2.5);
  for (const text of ["0", "3601", "x", ""]) throws(() => parseInterval(text), ConfigError, text);
});
