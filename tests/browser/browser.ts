/**
 * A real Chromium against a real server: pages that report every console error and every breach of their policy.
 *
 * @module
 */
import axe from "axe-core/axe.min.js" with { type: "text" };
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { AdminFleet, type UserSession } from "../server/admin_fleet.ts";

/** The browser's program; undefined where none is installed. */
export const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
  .find((path) => existsSync(path));

/** For `Deno.test`: left out, with the reason, where there is no browser. */
export const needsChromium = {
  ignore: CHROMIUM === undefined,
  sanitizeOps: false,
  sanitizeResources: false,
};

if (CHROMIUM === undefined) {
  console.error("SKIPPED chromium: not installed; install with: sudo apt-get install -y chromium");
}

/** A page and what it complained of. */
export interface WatchedPage {
  readonly page: Page;
  /** Console errors, uncaught errors and breaches of the policy so far. */
  readonly complaints: string[];
}

/** Starts a browser, with a program in the place of the installed one where a test has its own way to start it. */
export function startChromium(
  { executablePath = CHROMIUM, args = [] }: { executablePath?: string; args?: string[] } = {},
): Promise<Browser> {
  return chromium.launch({ executablePath, args: ["--no-sandbox", ...args] });
}

/** Opens a page and waits until its modules run. */
export async function openPage(context: BrowserContext, url: string): Promise<WatchedPage> {
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") {
      complaints.push(`${message.text()} (${message.location().url})`);
    }
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.addInitScript({
    content: `addEventListener("securitypolicyviolation", (event) =>
      console.error("policy:", event.violatedDirective, event.blockedURI, event.sample))`,
  });
  await page.goto(url);
  await page.waitForSelector("html[data-ready]", { state: "attached" });
  return { page, complaints };
}

/** A server and a browser. */
export class BrowserFleet implements AsyncDisposable {
  private constructor(readonly fleet: AdminFleet, readonly browser: Browser) {}

  /** Starts both. */
  static async start(options: Parameters<typeof AdminFleet.start>[0] = {}): Promise<BrowserFleet> {
    const fleet = await AdminFleet.start(options);
    return new BrowserFleet(fleet, await startChromium());
  }

  /** The server's address as the browser names it. */
  get origin(): string {
    return this.fleet.origin(false);
  }

  /** A browser of a user who is signed in; null = of nobody. */
  async context(
    user: UserSession | null,
    options: Parameters<Browser["newContext"]>[0] = {},
  ): Promise<BrowserContext> {
    const context = await this.browser.newContext(options);
    if (user !== null) await this.signIn(context, user);
    return context;
  }

  /** Gives a browser the session of a user. */
  async signIn(context: BrowserContext, { cookie }: UserSession): Promise<void> {
    const at = cookie.indexOf("=");
    await context.addCookies([{
      name: cookie.slice(0, at),
      value: cookie.slice(at + 1),
      url: this.origin,
      httpOnly: true,
      sameSite: "Strict",
    }]);
  }

  /** Opens a path in a context and waits until its modules run. */
  async open(context: BrowserContext, path: string, origin = this.origin): Promise<WatchedPage> {
    return await openPage(context, origin + path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close();
    await this.fleet[Symbol.asyncDispose]();
  }
}

interface Finding {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** Serious and critical findings of axe-core on a page as it is now. */
export async function seriousFindings(page: Page): Promise<string[]> {
  // In a world of its own: the page's policy forbids it to run text, the debugger's world is not the page's.
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send("Page.getFrameTree");
  const { executionContextId } = await session.send("Page.createIsolatedWorld", {
    frameId: frameTree.frame.id,
    worldName: "axe",
  });
  const { result, exceptionDetails } = await session.send("Runtime.evaluate", {
    contextId: executionContextId,
    expression:
      `${axe};axe.run({resultTypes:["violations"]}).then((r) => JSON.stringify(r.violations))`,
    awaitPromise: true,
    returnByValue: true,
  });
  assert.equal(exceptionDetails, undefined, JSON.stringify(exceptionDetails));
  await session.detach();
  return (JSON.parse(result.value) as Finding[])
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`)
    );
}
