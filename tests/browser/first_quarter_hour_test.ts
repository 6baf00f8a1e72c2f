/**
 * A new administrator's first quarter of an hour, on a network as it is at home: the server, a device and the browser on
 * hosts of their own (network namespaces), HTTPS with the certificate that the server made, everything done by what the
 * pages offer.
 *
 * @module
 */
import assert from "node:assert/strict";
import { createHash, X509Certificate } from "node:crypto";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { type LabHost, type NetworkLab, reasonForNoLab, withLab } from "../discovery/netns.ts";
import { eventually, fleetdCommand, run, RunningProcess, testProgram } from "../e2e/processes.ts";
import { CHROMIUM, needsChromium, openPage, startChromium } from "./browser.ts";

const reason = await reasonForNoLab();
if (reason !== undefined) {
  console.error(
    `SKIPPED first quarter of an hour: ${reason}; install with: apt-get install -y iproute2`,
  );
}

const SERVER = "10.88.1.1";
const PASSWORD = "four words to remember";

/** The demo on a network, a device that nobody let in yet, and a browser, each on its own host. */
class Home {
  constructor(
    readonly url: string,
    /** Path of the one-time link. */
    readonly link: string,
    /** SHA-256 of the server's certificate. */
    readonly certificate: string,
    readonly browser: Browser,
    readonly device: { readonly handle: string; readonly fingerprint: string },
  ) {}

  static async build(lab: NetworkLab): Promise<Home> {
    const [office, shed, desk] = [await lab.addHost(), await lab.addHost(), await lab.addHost()];
    const segment = await lab.addSegment();
    for (const [at, host] of [office, shed, desk].entries()) {
      const addresses = [`10.88.1.${at + 1}/24`];
      await host.connect(segment, { interfaceName: "eth0", addresses });
    }
    const kept = await lab.temporaryDirectory();
    const demo = start(lab, office, testProgram("demo/demo.ts", "--lan", "--keep", kept));
    const [, link] = await demo.says(/Elsewhere https:\/\/[^/]+(\/setup#\S+)/, 120_000);
    const [certificate] = await demo.says(/([0-9A-F]{2}:){31}[0-9A-F]{2}/);
    const [pem] = /-----BEGIN CERTIFICATE-----[^]+?-----END CERTIFICATE-----/
      .exec(readFileSync(`${kept}/fleet.db.tls.pem`, "utf8"))!;
    const { publicKey, fingerprint256 } = new X509Certificate(pem);
    assert.equal(fingerprint256, certificate);
    const spki = publicKey.export({ type: "spki", format: "der" });
    const browser = await startChromium({
      executablePath: await programOn(lab, desk),
      // This one certificate is believed, as a person does who compared it; any other ends the test.
      args: [
        `--ignore-certificate-errors-spki-list=${
          createHash("sha256").update(spki).digest("base64")
        }`,
      ],
    });
    lab.onClose(() => browser.close());
    await demo.says("Ctrl-C ends the demo.", 120_000);
    const device = await waitingDevice(lab, shed);
    return new Home(`https://${SERVER}:8443`, link!, certificate, browser, device);
  }
}

function start(lab: NetworkLab, host: LabHost, command: readonly string[]): RunningProcess {
  const process = new RunningProcess(["ip", "netns", "exec", host.name, ...command]);
  lab.onClose(() => process[Symbol.asyncDispose]());
  lab.onClose(() => process.end("SIGINT"));
  return process;
}

/** A program that starts the browser on a host. */
async function programOn(lab: NetworkLab, host: LabHost): Promise<string> {
  const path = `${await lab.temporaryDirectory()}/chromium`;
  writeFileSync(path, `#!/bin/sh\nexec ip netns exec ${host.name} ${CHROMIUM} "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}

/** An agent that was told nothing; what it says of itself on its own host once it waits. */
async function waitingDevice(lab: NetworkLab, host: LabHost): Promise<Home["device"]> {
  const storage = ["--storage-dir", await lab.temporaryDirectory()];
  const agent = start(lab, host, fleetdCommand("agent", "--interval", "1", ...storage));
  const status = ["ip", "netns", "exec", host.name, ...fleetdCommand("status", ...storage)];
  return await eventually(async () => {
    const { stdout } = await run([...status, "-o", "json"]);
    const said = JSON.parse(stdout || "{}");
    return said.state === "pending" && said;
  }, { everyMs: 500, describe: () => `the agent does not wait:\n${agent.report()}` });
}

/** Follows a link of the page and waits until the next page's modules run. */
async function follow(page: Page, link: string): Promise<void> {
  await Promise.all([page.waitForNavigation(), page.click(link)]);
  await page.waitForSelector("html[data-ready]", { state: "attached" });
}

async function setPassword(page: Page, home: Home): Promise<void> {
  await page.waitForSelector("form[data-set-up]:not([hidden])");
  assert.equal(page.url(), `${home.url}/setup`, "the code has left the address");
  assert.equal(await page.inputValue("[name=name]"), "demo");
  await page.fill("[name=password]", PASSWORD);
  await page.fill("[name=again]", PASSWORD);
  await page.click("button[type=submit]");
  await page.waitForURL(`${home.url}/`);
  await page.waitForSelector("#live.good");
}

/** The figures of the demo's devices change before one's eyes, without anything being clicked. */
async function seeDevicesMove(page: Page): Promise<void> {
  await follow(page, ".nav >> text=Devices");
  await page.waitForSelector("#live.good");
  for (const name of ["kitchen-display", "greenhouse"]) {
    const row = `tr:has(a:text-is("${name}"))`;
    const cells = () => page.$$eval(`${row} td.num`, (cells) => cells.map((c) => c.textContent));
    const before = await cells();
    assert.match(before.join(" "), /\d+ %.*\d+(\.\d+)? °C/, "it shows load and temperature");
    await eventually(async () => (await cells()).join() !== before.join(), {
      describe: () => `${name} stays at ${before}`,
    });
  }
}

/** Compares what the page shows with what the device says of itself, then lets it in. */
async function accept(page: Page, { handle, fingerprint }: Home["device"]): Promise<void> {
  await follow(page, ".nav >> text=Enrol");
  const entry = `li[data-key="waiting-${handle}"]`;
  await page.waitForSelector(entry);
  assert.equal(await page.textContent(`${entry} .main .fingerprint`), fingerprint);
  await page.click(`[data-opens="accept-${handle}"]`);
  assert.equal(await page.textContent("dialog[open] .fingerprint"), fingerprint);
  await page.click("dialog[open] button[type=submit]");
  await page.waitForSelector("text=is accepted");
  await page.waitForSelector("text=No device waits");
}

async function label(page: Page, home: Home): Promise<void> {
  await page.goto(`${home.url}/devices/${home.device.handle}`);
  await page.waitForSelector("html[data-ready]", { state: "attached" });
  await page.click("[data-opens=label] >> visible=true");
  await page.fill("#label [name=key]", "place");
  await page.fill("#label [name=value]", "garden shed");
  assert.equal(
    await page.textContent("#label [data-cli]"),
    `fleets devices label ${home.device.handle} place='garden shed'`,
  );
  await page.click("#label button[type=submit]");
  await page.waitForSelector('.label[title="place=garden shed"]');
}

async function lookAtCharts(page: Page): Promise<void> {
  const plot = 'figure:has(b:text-is("Processor")) .plot';
  const said = (range: string) => page.waitForSelector(`${plot}[aria-label*="last ${range}"]`);
  await said("1 hour");
  await page.waitForSelector(`${plot} canvas`);
  await page.click('[data-range="24h"]');
  await said("24 hours");
}

async function makeToken(page: Page, home: Home): Promise<void> {
  await follow(page, ".nav >> text=Enrol");
  await page.click('[data-opens="new-token"]');
  await page.fill("#new-token [name=name]", "garden");
  await page.click("#new-token button[type=submit]");
  await page.waitForSelector("#once[open] .qr svg path");
  assert.match((await page.textContent("#once .cli.value code"))!, /^FT1-[A-Z2-7]+$/);
  const commands = await page.$$eval("#once .field code", (all) => all.map((c) => c.textContent));
  assert.ok(commands.includes(`fleetd enroll --server http://${SERVER}:8080 --token-file -`));
  await page.click("#once button:text('Done')");
  await page.waitForSelector("tr >> text=garden");
  assert.equal(new URL(page.url()).origin, home.url);
}

async function findAuditRows(page: Page, { handle }: Home["device"]): Promise<void> {
  await follow(page, ".nav >> text=Audit");
  for (const [action, target] of [["device.accept", handle], ["device.label", handle]]) {
    const row = `tr:has(code:text-is("${action}")):has(a:text-is("${target}"))`;
    assert.match((await page.textContent(`${row} .cell-who`))!, /demo.*10\.88\.1\.3/);
  }
  await page.waitForSelector('tr:has(code:text-is("enrolment-token.create")) >> text=garden');
  await page.click("[data-check-audit]");
  await page.waitForSelector("#audit-check.good >> text=entries holds");
}

async function signOut(page: Page, home: Home): Promise<void> {
  await page.click("button[aria-label='Sign out']");
  await page.waitForURL(`${home.url}/sign-in`);
  await page.goto(`${home.url}/devices`);
  assert.equal(page.url(), `${home.url}/sign-in?next=%2Fdevices`, "the session is over");
}

async function getLost(page: Page, home: Home): Promise<void> {
  await page.goto(`http://${SERVER}:8080/wherever`);
  assert.equal(page.url(), `${home.url}/wherever`);
  await page.waitForSelector("text=there is none at this address");
  await follow(page, "text=Go to the overview");
  assert.equal(page.url(), `${home.url}/sign-in`);
}

Deno.test({
  ...needsChromium,
  ignore: needsChromium.ignore || reason !== undefined,
  name: "a new administrator's first quarter of an hour, from another machine over HTTPS",
  fn: () =>
    withLab(async (lab) => {
      const home = await Home.build(lab);
      const context = await home.browser.newContext();
      // Typed without thinking of HTTPS or the port: it still ends at the right door.
      const { page, complaints } = await openPage(context, `http://${SERVER}:8080${home.link}`);
      await setPassword(page, home);
      await seeDevicesMove(page);
      await accept(page, home.device);
      await label(page, home);
      await lookAtCharts(page);
      await makeToken(page, home);
      await follow(page, ".nav >> text=Settings");
      await page.waitForSelector(`text=${home.certificate}`);
      await findAuditRows(page, home.device);
      await signOut(page, home);
      // What a plain answer says of isolation counts for nothing, and the browser notes it: that one only redirects.
      assert.deepEqual(complaints.filter((text) => !/Opener-Policy.*ignored/.test(text)), []);
      await getLost(page, home);
    }),
});
