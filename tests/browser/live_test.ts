/**
 * Pages follow the server, say when they cannot, and go on when they can again.
 *
 * @module
 */
import assert from "node:assert/strict";
import { byId } from "../demo/models.ts";
import { BrowserFleet, needsChromium } from "./browser.ts";
import { CuttableLine } from "./cuttable_line.ts";

Deno.test(
  "a device that comes shows up by itself, and what a person does meanwhile stays",
  needsChromium,
  async () => {
    await using it = await BrowserFleet.start();
    await it.fleet.device({ name: "pump", labels: { site: "north" } });
    const context = await it.context(await it.fleet.user("anna", "admin"));
    const { page, complaints } = await it.open(context, "/devices");
    await page.waitForSelector("#live.good");
    await page.check('input[aria-label="Select pump"]');
    await page.focus("input[type=search]");
    await it.fleet.device({ name: "attic" });
    await page.waitForSelector("text=attic");
    assert.equal(await page.isChecked('input[aria-label="Select pump"]'), true);
    assert.equal(await page.evaluate("document.activeElement.type"), "search");
    assert.deepEqual(complaints, []);
    await context.close();
  },
);

Deno.test(
  "a device that becomes hot is listed first on the overview, until it has cooled",
  needsChromium,
  async () => {
    await using it = await BrowserFleet.start();
    const device = await it.fleet.device({ name: "pump", labels: { site: "north" } });
    await it.fleet.device({ name: "attic" });
    const context = await it.context(await it.fleet.user("anna", "viewer"));
    const { page, complaints } = await it.open(context, "/");
    await page.waitForSelector("#live.good");
    const concerned = () =>
      page.$$eval("[data-key^=concern-] a:not(.button)", (all) => all.map((a) => a.textContent));
    assert.deepEqual(await concerned(), ["attic"]);
    device.take(byId({ "temperature.cpu": 84.2 }));
    await device.sync();
    await page.waitForSelector('[data-key^=concern-]:first-child:has(.badge.bad:text("hot"))');
    assert.deepEqual(await concerned(), ["pump", "attic"]);
    await page.waitForSelector("text=It measured 84.2 °C");
    device.take(byId({ "temperature.cpu": 50 }));
    await device.sync();
    await page.waitForSelector('.badge:text-is("hot")', { state: "detached" });
    assert.deepEqual(await concerned(), ["attic"]);
    assert.deepEqual(complaints, []);
    await context.close();
  },
);

Deno.test("new figures reach the device's page and its charts", needsChromium, async () => {
  await using it = await BrowserFleet.start();
  const device = await it.fleet.device({
    name: "pump",
    labels: { site: "north" },
    figures: { "cpu.use": 0.25 },
  });
  const context = await it.context(await it.fleet.user("anna", "viewer"));
  const { page, complaints } = await it.open(context, `/devices/${device.handle}`);
  await page.waitForSelector("figure canvas");
  await page.waitForSelector("#live.good");
  device.take(new Map([[0, 0.75]]));
  await device.sync();
  await page.waitForSelector('figure .now:text("75 %")');
  await page.waitForSelector('#latest >> xpath=../.. >> text="75 %"');
  await page.waitForSelector('figure .plot[aria-label*="highest 75 %"]');
  const words = await page.getAttribute("figure .plot", "aria-label");
  assert.equal(words, "cpu.use, lowest 25 %, highest 75 % in the last 1 hour");
  await page.click('a[data-range="7d"]');
  await page.waitForSelector('a[data-range="7d"][aria-current]');
  await page.waitForSelector('figure .plot[aria-label*="7 days"]');
  assert.match(page.url(), /range=7d/);
  assert.deepEqual(complaints, []);
  await context.close();
});

Deno.test(
  "a page that lost its server says so, and is whole again when the server is back",
  needsChromium,
  async () => {
    await using it = await BrowserFleet.start();
    await using line = await CuttableLine.to(it.fleet.server.port);
    const context = await it.context(await it.fleet.user("anna", "admin"));
    const { page } = await it.open(context, "/devices", line.origin);
    await page.waitForSelector("#live.good");
    line.cut();
    await page.waitForSelector("#live.warn");
    await page.waitForSelector("#not-live:not([hidden])");
    await it.fleet.device({ name: "attic" });
    assert.equal(await page.isVisible("text=attic"), false);
    line.mend();
    await page.waitForSelector("text=attic");
    await page.waitForSelector("#live.good");
    await page.waitForSelector("#not-live[hidden]", { state: "attached" });
    await context.close();
  },
);

Deno.test(
  "when the session is over the page says so and leads back to where it was",
  needsChromium,
  async () => {
    await using it = await BrowserFleet.start();
    const user = await it.fleet.user("anna", "admin");
    const context = await it.context(user);
    const { page } = await it.open(context, "/devices?state=online");
    await page.waitForSelector("#live.good");
    await it.fleet.do("DELETE", `/api/v1/sessions/${user.sessionId}`);
    await it.fleet.device({ name: "attic" });
    await page.waitForSelector("#signed-out[open]");
    const href = await page.getAttribute("#signed-out a", "href");
    assert.equal(href, `/sign-in?next=${encodeURIComponent("/devices?state=online")}`);
    await context.close();
  },
);
