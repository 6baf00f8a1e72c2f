import { deepEqual, equal } from "node:assert/strict";
import { readAgentOptions } from "./agent_options.ts";

Deno.test("plain options are read, with one dash or two, with = or a blank", () => {
  const options = readAgentOptions([
    "--server",
    "http://a:1",
    "-storage-dir=/s",
    "--rpc-port",
    "0",
    "-token-file",
    "-",
    "--label",
    "a=b",
    "--label=c=d",
    "--no-mdns",
    "--once",
    "--log-level",
    "debug",
  ])!;
  deepEqual(options, {
    server: "http://a:1",
    storageDir: "/s",
    rpcPort: "0",
    rpcListen: undefined,
    tokenFile: "-",
    name: undefined,
    label: ["a=b", "c=d"],
    interval: undefined,
    mdns: false,
    once: true,
    logLevel: "debug",
  });
});

Deno.test("nothing is the default", () => {
  const options = readAgentOptions([])!;
  equal(options.mdns, true);
  equal(options.once, false);
  equal(options.logLevel, "info");
});

Deno.test("what is not plain is left to the full command line", () => {
  const unplain = [
    ["--help"],
    ["-h"],
    ["--serve", "x"],
    ["--server"],
    ["--server", "--once"],
    ["extra"],
    ["--", "x"],
    ["--once=1"],
    ["--log-level", "loud"],
  ];
  for (const args of unplain) equal(readAgentOptions(args), null, args.join(" "));
});
