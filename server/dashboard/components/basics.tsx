/**
 * @module
 * The small components: times, badges, labels, command lines, meters, empty states. Their look is in
 * `style/components.css`.
 */
import type { Child, PropsWithChildren } from "hono/jsx";
import { agoText, untilText } from "../shared/format.ts";

/** A tone of the design system: what a thing means to a person. */
export type Tone = "good" | "warn" | "bad" | "idle" | "info";

/** A moment: how long ago, or `until`; the exact time on hover, in the viewer's own zone where there is a script. */
export function Time(
  { atMs, nowMs, kind = "ago", never = "never" }: {
    atMs: number | null;
    nowMs: number;
    kind?: "ago" | "until" | "exact";
    never?: string;
  },
) {
  if (atMs === null) return <span class="soft">{never}</span>;
  const iso = new Date(atMs).toISOString();
  const exact = `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
  const text = kind === "exact"
    ? exact
    : kind === "until"
    ? untilText(atMs, nowMs)
    : agoText(atMs, nowMs);
  return <time class="nowrap" datetime={iso} data-kind={kind} title={exact}>{text}</time>;
}

/** A state as a word with its tone; hollow: it is not certain yet. */
export function Badge(
  { tone, hollow, children }: PropsWithChildren<{ tone: Tone; hollow?: boolean }>,
) {
  return <span class={`badge ${tone}${hollow ? " hollow" : ""}`}>{children}</span>;
}

/** Labels as they are. */
export function Labels({ labels }: { labels: Readonly<Record<string, string>> }) {
  const pairs = Object.entries(labels);
  if (pairs.length === 0) return null;
  return (
    <span class="labels">
      {pairs.map(([key, value]) => (
        <span class="label" title={`${key}=${value}`}>
          <b>{key}</b>
          <span>{value}</span>
        </span>
      ))}
    </span>
  );
}

/** A command to copy. With `template`, its text follows the fields of the form around it. */
export function CommandLine({ command, template }: { command: string; template?: boolean }) {
  return (
    <div class="cli">
      <code
        tabindex={0}
        role="group"
        aria-label="Command"
        data-cli={template ? command : undefined}
      >
        {template
          ? command.replaceAll(/\[[^\]]*\]/g, "").replaceAll(
            /\{(\w+)\}/g,
            (_, field) => field.toUpperCase(),
          ).trim()
          : command}
      </code>
      <CopyButton />
    </div>
  );
}

/** A value to copy, such as a fingerprint. */
export function CopyValue({ value }: { value: string }) {
  return (
    <div class="cli value">
      <code tabindex={0} role="group" aria-label="Value">{value}</code>
      <CopyButton />
    </div>
  );
}

function CopyButton() {
  return (
    <button class="button small plain" type="button" data-copy="" aria-label="Copy">Copy</button>
  );
}

/** The command that does what the form around it does. */
export function CommandTwin({ command }: { command: string }) {
  return (
    <div class="field">
      <small>The same on a command line</small>
      <CommandLine command={command} template />
    </div>
  );
}

/** A share of 0 to 1 as a number with a bar; a tone where it is high. */
export function Meter({ share, text }: { share: number | undefined; text: string }) {
  if (share === undefined) return <span class="soft">–</span>;
  const tone = share >= 0.95 ? "bad" : share >= 0.85 ? "warn" : "info";
  return (
    <span class={`meter ${tone}`}>
      <span>{text}</span>
      <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect width={Math.max(1, Math.min(100, Math.round(share * 100)))} height="8" />
      </svg>
    </span>
  );
}

/** One bar of a list of bars. */
export function Bar(
  { label, count, most, href, tone }: {
    label: string;
    count: number;
    most: number;
    href?: string;
    tone?: Tone;
  },
) {
  return (
    <li class={tone} data-key={label}>
      {href === undefined
        ? <span class="cut">{label}</span>
        : <a class="cut" href={href}>{label}</a>}
      <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect
          width={most === 0 ? 0 : Math.max(count > 0 ? 1 : 0, Math.round((count / most) * 100))}
          height="8"
        />
      </svg>
      <span class="num">{count.toLocaleString("en")}</span>
    </li>
  );
}

/** Says what is not there, and the next step. */
export function EmptyState({ title, children }: PropsWithChildren<{ title: string }>) {
  return (
    <div class="empty-state">
      <h3>{title}</h3>
      {children}
    </div>
  );
}

/** A box with a heading; `region` makes its body follow the server. */
export function Card(
  { title, id, actions, footer, class: more, children }: PropsWithChildren<{
    title: string;
    id: string;
    actions?: Child;
    footer?: Child;
    class?: string;
  }>,
) {
  return (
    <section class={`card ${more ?? ""}`} aria-labelledby={id} data-key={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {actions === undefined ? null : <div class="actions">{actions}</div>}
      </header>
      {children}
      {footer === undefined ? null : <footer>{footer}</footer>}
    </section>
  );
}
