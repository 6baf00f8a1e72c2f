/**
 * What people do: sign in and accept a device with the keyboard alone, make a token, invite a user.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { BrowserFleet, needsChromium } from "./browser.ts";

/** Presses Tab until the element has the focus. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press("Tab");
    if (
      await page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)
    ) return;
  }
  assert.fail(`Tab never reaches ${selector} on ${page.url()}`);
}

Deno.test(
  "with the keyboard alone: sign in, find the device that waits, accept it",
  needsChromium,
  async () => {
    await using it = await BrowserFleet.start();
    const device = await it.fleet.device({ name: "attic" });
    const { password } = await it.fleet.user("anna", "operator");
    const context = await it.context(null);
    const { page, complaints } = await it.open(context, "/enrol");
    assert.match(page.url(), /\/sign-in\?next=%2Fenrol$/);
    await page.keyboard.type("anna");
    await page.keyboard.press("Tab");
    await page.keyboard.type("wrong password");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".problem:not([hidden])");
    assert.match((await page.textContent(".problem"))!, /user name or the password is wrong/);
    await page.keyboard.press("Control+A");
    await page.keyboard.type(password);
    await page.keyboard.press("Enter");
    await page.waitForURL(`${it.origin}/enrol`);
    await page.waitForSelector("html[data-ready]", { state: "attached" });
    await tabTo(page, `[data-opens="accept-${device.handle}"]`);
    const outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle");
    assert.equal(outline, "solid", "focus is visible");
    await page.keyboard.press("Enter");
    await page.waitForSelector(`#accept-${device.handle}[open]`);
    assert.match(
      (await page.textContent("dialog[open] code[data-cli]"))!,
      /^fleets devices register \S+ --fingerprint \S+$/,
    );
    await tabTo(page, "dialog[open] button[type=submit]");
    await page.keyboard.press("Enter");
    await page.waitForSelector("text=attic is accepted");
    await page.waitForSelector("text=No device waits");
    const { admission } = await it.fleet.do("GET", `/api/v1/devices/${device.handle}`);
    assert.equal(admission, "accepted");
    // The wrong password is an error of the network's to the browser, and the only one.
    assert.deepEqual(complaints.filter((text) => !text.includes("401")), []);
    await context.close();
  },
);

Deno.test(
  "a token is shown once with its QR code, and is gone when its dialog closes",
  needsChromium,
  async () => {
    await using it = await BrowserFleet.start();
    const context = await it.context(await it.fleet.user("anna", "operator"));
    const { page, complaints } = await it.open(context, "/enrol");
    await page.click('[data-opens="new-token"]');
    await page.fill("#new-token [name=name]", "green house");
    await page.fill("#new-token [name=uses]", "3");
    assert.equal(
      await page.textContent("#new-token [data-cli]"),
      "fleets tokens create --name 'green house' --uses 3 --ttl 604800s",
    );
    await page.click("#new-token button[type=submit]");
    await page.waitForSelector("#once[open] .qr svg path");
    const text = (await page.textContent("#once .cli.value code"))!;
    assert.match(text, /^FT1-[A-Z2-7]+$/);
    await page.click("#once button:text('Done')");
    await page.waitForSelector("text=green house");
    assert.equal((await page.content()).includes(text), false);
    assert.deepEqual(complaints, []);
    await context.close();
  },
);

Deno.test(
  "whoever is invited sets a password with the link, and the code leaves the address at once",
  needsChromium,
  async () => {
    await using it = await BrowserFleet.start();
    const { path } = await it.fleet.do("POST", "/api/v1/users", { name: "ben", role: "viewer" });
    const context = await it.context(null);
    const { page, complaints } = await it.open(context, path);
    await page.waitForSelector("form[data-set-up]:not([hidden])");
    assert.equal(page.url(), `${it.origin}/setup`);
    await page.fill("[name=password]", "four words to remember");
    await page.fill("[name=again]", "four words to remember");
    await page.click("button[type=submit]");
    await page.waitForURL(`${it.origin}/`);
    assert.equal(await page.textContent(".who span"), "ben");
    assert.equal(await page.isVisible("text=Audit"), false, "a viewer is not led to the audit log");
    assert.deepEqual(complaints, []);
    await context.close();
  },
);

Deno.test(
  "many devices at once: accepted with their progress, then labelled",
  needsChromium,
  async () => {
    await using it = await BrowserFleet.start();
    for (const name of ["one", "two", "three"]) await it.fleet.device({ name });
    const context = await it.context(await it.fleet.user("anna", "operator"));
    const { page, complaints } = await it.open(context, "/devices?state=pending");
    await page.check("input[data-select-all]");
    await page.click("[data-bulk=accept]");
    assert.equal((await page.textContent("#bulk-accept [data-commands]"))!.split("\n").length, 3);
    await page.click("#bulk-accept button[type=submit]");
    await page.waitForSelector("text=3 devices accepted");
    await page.goto(`${it.origin}/devices`);
    await page.check("input[data-select-all]");
    await page.click("[data-bulk=label]");
    await page.fill("#bulk-label [name=key]", "site");
    await page.fill("#bulk-label [name=value]", "north pole");
    await page.click("#bulk-label button[type=submit]");
    await page.waitForSelector("text=3 devices labelled");
    const { items } = await it.fleet.do("GET", "/api/v1/devices?label=site%3Dnorth%20pole");
    assert.equal(items.length, 3);
    assert.deepEqual(complaints, []);
    await context.close();
  },
);
