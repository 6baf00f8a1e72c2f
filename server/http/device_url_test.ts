import { equal } from "node:assert/strict";
import { deviceUrlFor, deviceUrlOf } from "./device_url.ts";

const machine = (...addresses: string[]) => ({ hostname: () => "pi", addresses: () => addresses });
const MACHINE = machine("127.0.0.1", "::1", "fe80::1%eth0", "2001:db8::7", "192.168.1.7");

Deno.test("devices are told an address of the network, or the name the server was given", () => {
  const door = { port: 8080, listen: null, allowHosts: [] };
  equal(deviceUrlOf(door, MACHINE), "http://192.168.1.7:8080");
  equal(deviceUrlOf({ ...door, listen: "::" }, MACHINE), "http://192.168.1.7:8080");
  equal(deviceUrlOf(door, machine("::1", "2001:db8::7")), "http://[2001:db8::7]:8080");
  equal(deviceUrlOf(door, machine("127.0.0.1", "169.254.1.1")), "http://127.0.0.1:8080");
  equal(deviceUrlOf({ ...door, listen: "10.0.0.1", port: 80 }, MACHINE), "http://10.0.0.1");
  equal(
    deviceUrlOf({ ...door, allowHosts: ["fleet.example"] }, MACHINE),
    "http://fleet.example:8080",
  );
  const here = { port: 8080, listen: "127.0.0.1", allowHosts: ["fleet.example"] };
  equal(deviceUrlOf(here, MACHINE), "http://127.0.0.1:8080", "nobody else reaches it");
});

Deno.test("whoever reaches the server over the network sees the name they reach it by", () => {
  const features = { deviceUrl: () => "http://192.168.1.7:8080" };
  const asked = { proxied: false, secure: true, address: "192.168.1.50" };
  const url = (request: Partial<typeof asked>, origin: string) =>
    deviceUrlFor({ ...asked, ...request, origin }, features);
  equal(url({}, "https://farm.example:8443"), "http://farm.example:8080");
  equal(url({}, "https://[2001:db8::7]:8443"), "http://[2001:db8::7]:8080");
  equal(url({ address: "127.0.0.1" }, "https://localhost:8443"), "http://192.168.1.7:8080");
  equal(
    url({ address: "127.0.0.1", secure: false }, "http://localhost:8080"),
    "http://192.168.1.7:8080",
  );
  equal(url({ proxied: true }, "https://fleet.example"), "https://fleet.example");
});
