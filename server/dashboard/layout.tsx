/**
 * @module
 * The frame of every page: head, navigation, live sign, toasts; and the policy under which a page runs.
 */
import type { Child, PropsWithChildren } from "hono/jsx";
import type { Caller } from "../http/route_table.ts";
import { assetPath } from "./assets.ts";
import { Icon, type IconName } from "./components/icons.tsx";

/** Scripts, styles and pictures of this server alone, and no way from a string to code or markup. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

/** The pages of the navigation. */
export type Section = "overview" | "devices" | "enrol" | "audit" | "settings";

/** The person's choice of colours. */
export type Theme = "light" | "dark" | null;

/** How a page follows the server. */
export interface Live {
  /** Kinds of live events that change it. */
  readonly kinds: readonly string[];
  /** The one device it is about. */
  readonly handle?: string;
  /** Looked at anyway after this many seconds. */
  readonly everyS?: number;
}

/** What the frame needs. */
export interface FrameProps {
  readonly title: string;
  readonly fleet: string;
  readonly nowMs: number;
  readonly theme: Theme;
}

/** What the frame of a page for somebody signed in needs. */
export interface LayoutProps extends FrameProps {
  readonly section: Section | null;
  readonly caller: Caller;
  readonly waiting: number;
  readonly live: Live | null;
  /** Dialogs, outside of what is refreshed. */
  readonly dialogs?: Child;
}

const SECTIONS: readonly (readonly [Section, string, string, IconName])[] = [
  ["overview", "/", "Overview", "overview"],
  ["devices", "/devices", "Devices", "devices"],
  ["enrol", "/enrol", "Enrol", "enrol"],
  ["audit", "/audit", "Audit", "audit"],
  ["settings", "/settings", "Settings", "settings"],
];

/** The document around any page. */
export function Document({ title, fleet, nowMs, theme, children }: PropsWithChildren<FrameProps>) {
  return (
    <html lang="en" data-theme={theme ?? undefined} data-now={nowMs}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} · ${fleet}`}</title>
        <link rel="icon" type="image/svg+xml" href={assetPath("icon.svg")} />
        <link rel="stylesheet" href={assetPath("style.css")} />
        <script type="module" src={assetPath("main.js")}></script>
      </head>
      <body>{children}</body>
    </html>
  );
}

/** A page with navigation. */
export function Layout(props: PropsWithChildren<LayoutProps>) {
  const { section, caller, waiting, live, fleet, theme, children, dialogs } = props;
  const pages = SECTIONS.filter(([key]) => key !== "audit" || caller.role === "admin");
  return (
    <Document {...props}>
      <a class="skip" href="#main">Skip to the page</a>
      <div class="side">
        <a class="brand" href="/">
          <Icon name="fleet" size={22} />
          <span>{fleet}</span>
        </a>
        <nav class="nav" aria-label="Pages" data-region="nav">
          {pages.map(([key, href, label, icon]) => (
            <a href={href} aria-current={key === section ? "page" : undefined}>
              <Icon name={icon} />
              <span>{label}</span>
              {key === "enrol" && waiting > 0
                ? (
                  <span class="count warn">
                    {waiting > 99 ? "99+" : waiting}
                    <span class="sr">&nbsp;waiting</span>
                  </span>
                )
                : null}
            </a>
          ))}
        </nav>
        <div class="side-foot">
          {live === null ? null : <div id="live" class="live idle" role="status">Connecting</div>}
          <div class="who">
            <span title={`${caller.name}, ${caller.role}`}>{caller.name}</span>
            <button
              class="button plain icon"
              type="button"
              data-theme-button
              aria-label={`Colours: ${theme ?? "system"}`}
              title={`Colours: ${theme ?? "system"}`}
            >
              <Icon name="theme" />
            </button>
            {caller.kind === "session"
              ? (
                <form data-api="POST /api/v1/sign-out" data-then="/sign-in">
                  <button
                    class="button plain icon"
                    type="submit"
                    aria-label="Sign out"
                    title="Sign out"
                  >
                    <Icon name="leave" />
                  </button>
                </form>
              )
              : null}
          </div>
        </div>
      </div>
      <main
        id="main"
        tabindex={-1}
        data-live={live?.kinds.join(" ")}
        data-handle={live?.handle}
        data-every={live?.everyS}
      >
        <noscript>
          <div class="note warn">
            <div>Reading works without JavaScript; changes and live figures need it.</div>
          </div>
        </noscript>
        <div id="not-live" class="note warn" role="alert" hidden>
          <Icon name="alarm" />
          <div>
            <b>Not live.</b> The server has not answered for{" "}
            <span data-since></span>; what you see may be out of date. Trying again by itself.
          </div>
        </div>
        {children}
      </main>
      <div id="toasts" class="toasts" role="status" aria-live="polite"></div>
      {dialogs}
      <dialog id="signed-out" aria-labelledby="signed-out-title" data-stays>
        <div class="sheet">
          <h2 id="signed-out-title">Your session is over</h2>
          <p class="soft">Sign in again to go on where you are.</p>
          <div class="actions">
            <a class="button primary" href="/sign-in">Sign in</a>
          </div>
        </div>
      </dialog>
    </Document>
  );
}

/** The head of a page: what it shows and what can be done about all of it. */
export function PageHead(
  { title, crumb, children }: PropsWithChildren<{ title: Child; crumb?: Child }>,
) {
  return (
    <div class="head">
      {crumb === undefined ? null : <div class="crumb">{crumb}</div>}
      <h1>{title}</h1>
      {children}
    </div>
  );
}
