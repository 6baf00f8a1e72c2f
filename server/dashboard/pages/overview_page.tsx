/**
 * @module
 * Overview: what needs a person first, then how the fleet is. Three queries.
 */
import {
  type Concern,
  type ConcernedDevice,
  CONCERNS,
  type FleetNumbers,
  LAST_SEEN_BOUNDS_MS,
} from "../../devices/survey_devices.ts";
import type { FleetEvent } from "../../events/device_events.ts";
import {
  Badge,
  Bar,
  Card,
  CommandLine,
  EmptyState,
  Time,
  type Tone,
} from "../components/basics.tsx";
import { nameOf } from "../components/device_state.tsx";
import { EventsList } from "../components/events_list.tsx";
import { PageHead } from "../layout.tsx";
import { pageRoute } from "../page.tsx";
import { plural, spanText } from "../shared/format.ts";

const SHOWN_CONCERNS = 8;
const SHOWN_EVENTS = 12;
const SHOWN_VERSIONS = 6;

/** The bars of the histogram, by {@link LAST_SEEN_BOUNDS_MS}. */
const LAST_SEEN_TEXTS = [
  ...LAST_SEEN_BOUNDS_MS.map((ms) => `within ${spanText(ms, 1)}`),
  "longer ago",
];

/** What a concern is called, and what a person does about it. */
const CONCERN_TEXTS: Readonly<Record<Concern, readonly [tone: Tone, word: string, next: string]>> =
  {
    quarantined: [
      "bad",
      "quarantined",
      "Two programs seem to use its key: find the copy, then release it",
    ],
    mismatch: [
      "bad",
      "wrong server",
      "It was shown another server when it enrolled: somebody may stand between",
    ],
    hot: ["bad", "hot", "80 °C or more: see to its air, its place or its load"],
    full: ["warn", "full", "95 % of its disk or more is used: make room before it stops"],
    pending: ["warn", "waiting", "Compare its fingerprint and let it in, or turn it away"],
    unconfirmed: [
      "warn",
      "unconfirmed",
      "It was let in by its address alone: compare its fingerprint",
    ],
    offline: ["idle", "offline", "It has not synced for more than three intervals"],
  };

/** The page's row. */
export const overviewRoute = pageRoute({
  path: "/",
  access: "viewer",
  operation: "showOverview",
  summary: "The fleet at a glance",
  section: "overview",
  render: async ({ scope, nowMs }, { devicesSurvey, fleetEvents }) => {
    const [numbers, concerned, events] = await Promise.all([
      devicesSurvey.numbers(scope, nowMs),
      devicesSurvey.concerned(scope, { nowMs, limit: SHOWN_CONCERNS }),
      fleetEvents.newest(scope, SHOWN_EVENTS),
    ]);
    return {
      title: "Overview",
      live: {
        kinds: [
          "device.changed",
          "device.removed",
          "device.online",
          "device.offline",
          "event.recorded",
        ],
        everyS: 20,
      },
      waiting: numbers.byAdmission.pending,
      content: <Overview numbers={numbers} concerned={concerned} events={events} nowMs={nowMs} />,
    };
  },
});

/** What the page shows. */
export interface OverviewProps {
  readonly numbers: FleetNumbers;
  readonly concerned: readonly ConcernedDevice[];
  readonly events: readonly FleetEvent[];
  readonly nowMs: number;
}

/** The page's content. */
export function Overview(props: OverviewProps) {
  const { numbers } = props;
  return (
    <>
      <PageHead title="Overview" />
      <div data-region="overview" class="stack">
        {numbers.total === 0 ? <FirstDevice /> : <Fleet {...props} />}
      </div>
    </>
  );
}

function Fleet({ numbers, concerned, events, nowMs }: OverviewProps) {
  const { online, byAdmission, concerns } = numbers;
  const urgent = CONCERNS.reduce((sum, concern) => sum + (concerns[concern] ?? 0), 0);
  return (
    <>
      <div class="figures" data-key="figures">
        <Figure
          href="/devices?state=attention"
          count={urgent}
          text="need attention"
          tone={urgent === 0 ? undefined : worstTone(concerns)}
        />
        <Figure href="/devices?state=online" count={online} text="online" tone="good" />
        <Figure
          href="/devices?state=offline"
          count={byAdmission.accepted - online}
          text="offline"
        />
        <Figure
          href="/enrol"
          count={byAdmission.pending}
          text="waiting to be let in"
          tone={byAdmission.pending > 0 ? "warn" : undefined}
        />
        <Figure href="/devices" count={numbers.total} text="devices in all" />
      </div>
      <div class="grid" data-key="grid">
        <div class="two-thirds stack">
          <Attention concerned={concerned} urgent={urgent} nowMs={nowMs} />
          <Card title="Newest events" id="events">
            {events.length === 0
              ? (
                <EmptyState title="No events yet">
                  <p>What devices report and what the server notices about them shows up here.</p>
                </EmptyState>
              )
              : <EventsList events={events} nowMs={nowMs} />}
          </Card>
        </div>
        <div class="third stack">
          <Card title="Versions in use" id="versions">
            <div class="body">
              <Versions numbers={numbers} />
            </div>
          </Card>
          <Card title="Last seen" id="last-seen">
            <div class="body">
              <LastSeen numbers={numbers} />
            </div>
          </Card>
        </div>
      </div>
    </>
  );
}

function Figure(
  { href, count, text, tone }: { href: string; count: number; text: string; tone?: Tone },
) {
  return (
    <a class="figure" href={href}>
      <b class={tone === undefined ? undefined : `tone ${tone}`}>{count.toLocaleString("en")}</b>
      <span>{text}</span>
    </a>
  );
}

function worstTone(concerns: FleetNumbers["concerns"]): Tone {
  const worst = CONCERNS.find((concern) => (concerns[concern] ?? 0) > 0)!;
  return CONCERN_TEXTS[worst][0];
}

function Attention(
  { concerned, urgent, nowMs }: {
    concerned: readonly ConcernedDevice[];
    urgent: number;
    nowMs: number;
  },
) {
  const more = urgent - concerned.length;
  return (
    <Card
      title="Needs attention"
      id="attention"
      footer={more > 0
        ? <a href="/devices?state=attention">{`${plural(more, "more device")}`}</a>
        : undefined}
    >
      {concerned.length === 0
        ? (
          <EmptyState title="Nothing needs you">
            <p>Every device that was let in syncs and is well, and none waits.</p>
          </EmptyState>
        )
        : (
          <ul class="list">
            {concerned.map((device) => <Concerned device={device} nowMs={nowMs} />)}
          </ul>
        )}
    </Card>
  );
}

function Concerned({ device, nowMs }: { device: ConcernedDevice; nowMs: number }) {
  const [tone, word, next] = CONCERN_TEXTS[device.concern];
  const waits = device.concern === "pending";
  return (
    <li data-key={`concern-${device.handle}`}>
      <span class="main">
        <span>
          <a href={`/devices/${device.handle}`}>{nameOf(device)}</a>{" "}
          <Badge tone={tone} hollow={word === "offline"}>{word}</Badge>
        </span>
        <span>{next}</span>
      </span>
      <span class="side-text">
        {waits
          ? <a class="button small" href="/enrol">Look</a>
          : <Time atMs={device.lastSeenMs} nowMs={nowMs} never="never seen" />}
      </span>
    </li>
  );
}

function Versions({ numbers: { versions } }: { numbers: FleetNumbers }) {
  if (versions.length === 0) return <p class="soft">No device was let in yet.</p>;
  const most = versions[0]!.count;
  const rest = versions.slice(SHOWN_VERSIONS).reduce((sum, { count }) => sum + count, 0);
  return (
    <ul class="bars">
      {versions.slice(0, SHOWN_VERSIONS).map(({ version, count }) => (
        <Bar
          label={version}
          count={count}
          most={most}
          href={`/devices?version=${encodeURIComponent(version)}`}
        />
      ))}
      {rest > 0
        ? <Bar label={`${versions.length - SHOWN_VERSIONS} others`} count={rest} most={most} />
        : null}
    </ul>
  );
}

function LastSeen({ numbers: { lastSeen } }: { numbers: FleetNumbers }) {
  const most = Math.max(...lastSeen);
  return (
    <ul class="bars">
      {LAST_SEEN_TEXTS.map((label, at) => (
        <Bar label={label} count={lastSeen[at] ?? 0} most={most} tone={at < 2 ? "good" : "idle"} />
      ))}
    </ul>
  );
}

function FirstDevice() {
  return (
    <div class="card">
      <EmptyState title="Let the first device in">
        <p>
          Start the agent on a device. On this network it finds this server by itself and waits to
          be accepted.
        </p>
        <CommandLine command="fleetd agent" />
        <p>
          Then compare its fingerprint, or make a token that lets devices in without a question.
        </p>
        <p>
          <a class="button primary" href="/enrol">Discover &amp; enrol</a>
        </p>
      </EmptyState>
    </div>
  );
}
