/**
 * What devices say stays text: hundreds of hostile texts in everything that a device controls, on every page, in a real
 * browser. Nothing runs, nothing is loaded, and every text is shown as it came.
 *
 * @module
 */
import { dictionaryDigest, encodeSamples, metricsBatchCodec } from "@fleetd/firmware-protocol";
import assert from "node:assert/strict";
import type { BrowserContext, Page } from "playwright-core";
import { AdminFleet, type UserSession } from "../server/admin_fleet.ts";
import { BrowserFleet, needsChromium, openPage, type WatchedPage } from "./browser.ts";
import { PAYLOADS } from "./payloads.ts";

/** A page shows a few devices of its viewer's: with so few in a batch each of them, and all of their texts. */
const BATCH = 6;
const TABS = 2;
const NOW = Date.now();

interface HostileDevice {
  readonly handle: string;
  readonly texts: readonly string[];
}

type Raw = Parameters<Parameters<AdminFleet["tamper"]>[0]>[0];

function handleOf(at: number): string {
  const digits = at.toString(8).padStart(16, "0").replaceAll(/[01]/g, (d) => "ab"[Number(d)]!);
  return digits.match(/.{4}/g)!.join("-");
}

/** A device that says the same wherever it can say something, straight into the tables: no codec had its say. */
async function insertDevice(
  raw: Raw,
  texts: readonly string[],
  at: number,
): Promise<HostileDevice> {
  const text = texts.join(" ");
  const key = new Uint8Array(32);
  new DataView(key.buffer).setUint32(0, at + 1);
  const handle = handleOf(at);
  const { id } = (await raw.get<{ id: number }>(
    `INSERT INTO devices (handle, public_key, device_id, name, model, hw_class, serial, agent_version, last_address,
      admission, interval_s, rx_max, created_at_ms, last_seen_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', 60, 1024, ?, ?) RETURNING id`,
    [handle, key, key.slice(0, 16), text, text, text, text, text, text, NOW, NOW],
  ))!;
  const batch = String(Math.floor(at / BATCH));
  for (const [label, value] of [["batch", batch], ["site", text], [text, text]] as const) {
    await raw.run("INSERT INTO device_labels (device_id, key, value) VALUES (?, ?, ?)", [
      id,
      label,
      value,
    ]);
  }
  await raw.run(
    "INSERT INTO events (at_ms, device_id, name, severity, text) VALUES (?, ?, ?, 4, ?)",
    [NOW, id, text, text],
  );
  await raw.run(
    "INSERT INTO inventory (device_id, digest, body, changed_at_ms) VALUES (?, ?, ?, ?)",
    [id, key.slice(0, 8), JSON.stringify({ [text]: text, list: [text, text] }), NOW],
  );
  await raw.run(
    "INSERT INTO inventory_changes (device_id, at_ms, field, before, after) VALUES (?, ?, ?, ?, ?)",
    [id, NOW, text, JSON.stringify(text), JSON.stringify(text)],
  );
  await raw.run(
    `INSERT INTO audit (at_ms, actor, address, action, target, before, after, previous_hash, hash)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [NOW, text, text, text, text, JSON.stringify({ [text]: text }), "null", key, key],
  );
  await insertTelemetry(raw, id, texts);
  return { handle, texts };
}

/** Metrics of the device's own, named and measured in hostile text as far as the protocol has room. */
async function insertTelemetry(
  raw: Raw,
  deviceId: number,
  texts: readonly string[],
): Promise<void> {
  const dictionary = texts.map((text, at) => ({
    id: 128 + at,
    name: text.slice(0, 48),
    unit: `"><b onx=1>`,
  }));
  const digest = dictionaryDigest(dictionary);
  const body = metricsBatchCodec.encode(encodeSamples({
    epoch: 1,
    first: 0,
    base: "unix",
    samples: [{ atMs: NOW, values: new Map(dictionary.map(({ id }) => [id, 1.5])) }],
    dictionary,
  }));
  await raw.run(
    `INSERT INTO telemetry_dictionaries (device_id, digest, entries, declared_at_ms) VALUES (?, ?, ?, ?)`,
    [deviceId, digest, body, NOW],
  );
  await raw.run(
    `INSERT INTO telemetry_log (device_id, received_at_ms, from_ms, to_ms, suspect, body) VALUES (?, ?, ?, ?, 0, ?)`,
    [deviceId, NOW, NOW, NOW, body],
  );
}

/** Agents that announce one hostile text each. */
async function* announcing() {
  for (const [at, text] of PAYLOADS.entries()) {
    const service = {
      type: "_fleetd._tcp",
      instance: text,
      host: text,
      port: 1,
      addresses: [text],
      txt: { v: text, h: `${at}${text}`, model: text, ver: text, state: text, fp: text },
      interfaceName: "eth0",
    };
    yield { kind: "up" as const, service };
  }
  await new Promise((resolve) => setTimeout(resolve));
}

/** What the page would have if a text had become anything but text. */
const INSPECT = `(() => {
  const own = (url) => /^(\\/|#|\\?)/.test(url) && !url.startsWith("//");
  const foreign = [...document.querySelectorAll("*")].filter((element) =>
    ["IFRAME", "OBJECT", "EMBED", "BASE", "STYLE", "IMG", "VIDEO", "AUDIO", "SOURCE", "MARQUEE", "TEMPLATE", "ANIMATE",
      "MATH"].includes(element.nodeName.toUpperCase()) ||
    (element.matches("script, link") && !own(element.getAttribute("src") ?? element.getAttribute("href") ?? "")) ||
    (element.matches("meta[http-equiv]")) ||
    [...element.attributes].some(({ name, value }) =>
      name.startsWith("on") || name === "srcdoc" || (name === "href" && !own(value)) ||
      (["action", "formaction"].includes(name) && !own(value))));
  return { hits: window.hits ?? 0, foreign: foreign.map((element) => element.outerHTML.slice(0, 200)),
    base: document.baseURI === location.href, text: document.body.textContent };
})()`;

interface Inspected {
  readonly hits: number;
  readonly foreign: readonly string[];
  readonly base: boolean;
  readonly text: string;
}

/** One tab, in which one person after the other looks at pages. */
class Tab {
  private constructor(
    readonly it: BrowserFleet,
    readonly context: BrowserContext,
    readonly watched: WatchedPage,
  ) {}

  static async open(it: BrowserFleet): Promise<Tab> {
    const context = await it.context(null);
    await context.addInitScript({
      content: "window.hit = () => { window.hits = (window.hits ?? 0) + 1; }",
    });
    const watched = await openPage(context, `${it.origin}/sign-in`);
    watched.page.on("dialog", (dialog) => {
      watched.complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    return new Tab(it, context, watched);
  }

  get page(): Page {
    return this.watched.page;
  }

  /** Somebody else sits down. */
  async take(user: UserSession): Promise<void> {
    await this.context.clearCookies();
    await this.it.signIn(this.context, user);
  }

  async visit(path: string): Promise<void> {
    await this.page.goto(this.it.origin + path);
    await this.page.waitForSelector("html[data-ready]", { state: "attached" });
  }

  /** Holds the page harmless, and each of the texts shown at least so many times. */
  async inspect(texts: readonly string[], { times }: { readonly times: number }): Promise<void> {
    const where = new URL(this.page.url()).pathname;
    const { hits, foreign, base, text } = await this.page.evaluate<Inspected>(INSPECT);
    assert.deepEqual([hits, foreign, base], [0, [], true], where);
    assert.deepEqual(this.watched.complaints, [], where);
    for (const each of texts) {
      const count = text.split(each).length - 1;
      assert.ok(count >= times, `${where} shows ${each} ${count} times, not ${times}`);
    }
  }
}

/** What a few devices say, and somebody who may see these devices alone. */
interface Batch {
  readonly user: UserSession;
  readonly devices: readonly HostileDevice[];
}

/** While they wait. */
async function seeWaiting(tab: Tab, { user, devices }: Batch): Promise<void> {
  const texts = devices.flatMap((device) => device.texts);
  await tab.take(user);
  await tab.visit("/");
  // Among what needs attention; with the event: the device, its name and its text.
  await tab.inspect(texts, { times: 4 });
  await tab.visit("/enrol");
  // Name, model and address, and the name in both dialogs.
  await tab.inspect(texts, { times: 5 });
  await tab.visit("/devices");
  await tab.page.check("input[data-select-all]");
  await tab.page.click("[data-bulk=accept]");
  await tab.page.waitForSelector("#bulk-accept[open]");
  // Name, model and version, two labels, in the filter, in the dialog.
  await tab.inspect(texts, { times: 6 });
  for (const { handle, texts } of devices) {
    await tab.visit(`/devices/${handle}`);
    await tab.page.waitForSelector("figure:nth-of-type(3) canvas");
    await tab.inspect(texts, { times: 16 });
  }
}

/** Once they are let in: where their versions are counted, and what a failed command says. */
async function seeAccepted(tab: Tab, { user, devices }: Batch): Promise<void> {
  const texts = devices.flatMap((device) => device.texts);
  await tab.take(user);
  await tab.visit("/");
  await tab.inspect(texts, { times: 4 });
  await tab.visit(`/devices/${devices[0]!.handle}`);
  for (const text of texts) await failCommand(tab.page, text);
  await tab.inspect(texts, { times: 1 });
}

/** Has the device say something with a failure, and waits until the page says it. */
async function failCommand(page: Page, output: string): Promise<void> {
  await page.route("**/identify", (route) =>
    route.fulfill({
      contentType: "application/json",
      body: JSON.stringify({ id: 1, state: "finished", status: "failed", output }),
    }), { times: 1 });
  const said = page.locator("#toasts > *");
  const before = await said.count();
  await page.dispatchEvent("[data-identify]", "click");
  await said.nth(before).waitFor();
  assert.ok((await said.allTextContents()).some((text) => text.includes(output)), output);
}

async function seeAudit(tab: Tab): Promise<void> {
  await tab.visit("/audit");
  let shown = "";
  for (;;) {
    await tab.inspect([], { times: 0 });
    shown += await tab.page.textContent("table");
    const older = await tab.page.$("a:text-is('Older')");
    if (older === null) break;
    await tab.visit((await older.getAttribute("href"))!);
  }
  for (const text of PAYLOADS) assert.ok(shown.includes(text), text);
  await tab.visit("/settings");
  await tab.inspect([], { times: 0 });
}

/** A refresh changes what is shown by the page's own hands. */
async function seeRefreshed(tab: Tab, { handle, texts }: HostileDevice): Promise<void> {
  await tab.visit(`/devices/${handle}`);
  await tab.page.waitForSelector("#live.good");
  await tab.it.fleet.tamper(async (raw) => {
    await raw.run("UPDATE devices SET serial = ? WHERE handle = ?", [
      `${texts.join(" ")} fresh`,
      handle,
    ]);
  });
  await tab.it.fleet.do("PATCH", `/api/v1/devices/${handle}`, { intervalS: 61 });
  await tab.page.waitForSelector("dd:text('fresh')");
  await tab.inspect(texts, { times: 16 });
}

/** Does everything, a few tabs at a time. */
async function inTabs(
  it: BrowserFleet,
  batches: readonly Batch[],
  see: (tab: Tab, batch: Batch) => Promise<void>,
): Promise<void> {
  const left = batches.values();
  await Promise.all(Array.from({ length: TABS }, async () => {
    const tab = await Tab.open(it);
    for (const batch of left) await see(tab, batch);
    await tab.context.close();
  }));
}

Deno.test(
  "three hundred hostile texts in everything that devices say stay text on every page",
  needsChromium,
  async () => {
    assert.equal(new Set(PAYLOADS).size, 300);
    await using it = await BrowserFleet.start();
    const devices = await it.fleet.tamper(async (raw) => {
      const made: HostileDevice[] = [];
      // Three of different kinds for each.
      const third = PAYLOADS.length / 3;
      for (let at = 0; at < third; at++) {
        const texts = [0, 1, 2].map((part) => PAYLOADS[at + part * third]!);
        made.push(await insertDevice(raw, texts, at));
      }
      return made;
    });
    const batches: Batch[] = [];
    for (let at = 0; at < devices.length; at += BATCH) {
      const batch = String(at / BATCH);
      const user = await it.fleet.user(`user-${batch}`, "operator", { labels: { batch } });
      batches.push({ user, devices: devices.slice(at, at + BATCH) });
    }
    await inTabs(it, batches, seeWaiting);
    await it.fleet.tamper(async (raw) => {
      await raw.run("UPDATE devices SET admission = 'accepted'", []);
    });
    await inTabs(it, batches, seeAccepted);
    const tab = await Tab.open(it);
    await tab.take(await it.fleet.user("anna", "admin"));
    await seeAudit(tab);
    for (const device of devices.filter((_, at) => at % 20 === 0)) await seeRefreshed(tab, device);
  },
);

Deno.test(
  "three hundred hostile texts that are announced on the network stay text",
  needsChromium,
  async () => {
    await using it = await BrowserFleet.start({ browse: announcing });
    const tab = await Tab.open(it);
    await tab.take(await it.fleet.user("anna", "admin"));
    await tab.visit("/enrol");
    await tab.visit("/enrol");
    // Handle, model, state, server, address, version.
    await tab.inspect(PAYLOADS, { times: 6 });
  },
);
