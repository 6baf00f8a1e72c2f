/**
 * Every page in a real browser: no complaint, no breach of the policy, nothing that axe-core finds serious, in light,
 * dark and on a phone.
 *
 * @module
 */
import assert from "node:assert/strict";
import { BrowserFleet, needsChromium, seriousFindings } from "./browser.ts";

const VIEWS = [
  { name: "light", options: { colorScheme: "light", viewport: { width: 1280, height: 800 } } },
  { name: "dark", options: { colorScheme: "dark", viewport: { width: 1280, height: 800 } } },
  {
    name: "phone",
    options: { colorScheme: "light", viewport: { width: 390, height: 844 }, hasTouch: true },
  },
] as const;

Deno.test(
  "every page opens without a complaint, fits its window, and axe-core finds nothing serious",
  needsChromium,
  async () => {
    await using it = await BrowserFleet.start();
    const { fleet } = it;
    const accepted = await fleet.device({ name: "pump", labels: { site: "north" } });
    const waiting = await fleet.device({ name: "attic" });
    await fleet.do("POST", "/api/v1/users", { name: "ben", role: "viewer" });
    const admin = await fleet.user("anna", "admin");
    const pages = [
      "/",
      "/devices",
      "/devices?state=attention&q=attic&sort=seen&order=desc",
      "/devices?q=nothing-like-it",
      `/devices/${accepted.handle}?range=24h`,
      `/devices/${waiting.handle}`,
      "/enrol",
      "/audit",
      "/settings",
    ];
    for (const { name, options } of VIEWS) {
      const inside = await it.context(admin, options);
      const outside = await it.context(null, options);
      for (const path of [...pages, "/sign-in", "/setup", "/nothing-here"]) {
        const { page, complaints } = await it.open(pages.includes(path) ? inside : outside, path);
        if (pages.includes(path)) await page.waitForSelector("#live.good");
        assert.deepEqual(await seriousFindings(page), [], `${name} ${path}`);
        const width = await page.evaluate<number>("document.documentElement.scrollWidth");
        assert.ok(width <= options.viewport.width, `${name} ${path} is ${width} wide`);
        // The browser itself notes that there is no such page.
        const others = complaints.filter((text) => !/status of 404 .*nothing-here/.test(text));
        assert.deepEqual(others, [], `${name} ${path}`);
        await page.close();
      }
      await inside.close();
      await outside.close();
    }
  },
);

Deno.test(
  "every dialog can be opened, and axe-core finds nothing serious in it",
  needsChromium,
  async () => {
    await using it = await BrowserFleet.start();
    const accepted = await it.fleet.device({ name: "pump", labels: { site: "north" } });
    await it.fleet.device({ name: "attic" });
    const context = await it.context(await it.fleet.user("anna", "admin"));
    for (const path of [`/devices/${accepted.handle}`, "/enrol", "/settings"]) {
      const { page, complaints } = await it.open(context, path);
      const ids = await page.$$eval(
        "[data-opens]",
        (buttons) => [...new Set(buttons.map((button) => button.getAttribute("data-opens")!))],
      );
      assert.ok(ids.length >= 3, path);
      for (const id of ids) {
        await page.dispatchEvent(`[data-opens="${id}"]`, "click");
        await page.waitForSelector(`#${id}[open]`);
        assert.deepEqual(await seriousFindings(page), [], `${path} ${id}`);
        await page.keyboard.press("Escape");
        await page.waitForSelector(`#${id}:not([open])`, { state: "attached" });
      }
      assert.deepEqual(complaints, [], path);
      await page.close();
    }
    await context.close();
  },
);
