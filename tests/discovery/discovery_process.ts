/**
 * A program for tests that announces or browses, in a process that can be killed.
 *
 * `announce JSON`: the service and its options; prints `announced NAME` and `renamed NAME`.
 * `announce-many TYPE COUNT`: "agent 0", "agent 1", …; prints `announced COUNT`.
 * `browse TYPE …`: prints each event as JSON. `types`: prints each service type.
 * All end by SIGTERM, with goodbyes.
 *
 * @module
 */
import process from "node:process";
import {
  announce,
  type AnnouncedService,
  browse,
  browseServiceTypes,
} from "@fleetd/firmware-protocol";

const [command, ...args] = process.argv.slice(2);
const stopping = new AbortController();
process.on("SIGTERM", () => stopping.abort());

/** Signals alone do not keep the process, its sockets do. */
async function stopped(): Promise<void> {
  if (stopping.signal.aborted) return;
  await new Promise((resolve) => stopping.signal.addEventListener("abort", resolve));
}

if (command === "announce") {
  const { ttlS, ...service } = JSON.parse(args[0]!) as AnnouncedService & { ttlS?: number };
  const announcement = await announce(service, {
    ttlS,
    onRename: (instance) => console.log(`renamed ${instance}`),
    log: (line) => console.error(line),
  });
  console.log(`announced ${announcement.instance}`);
  await stopped();
  await announcement.close();
} else if (command === "announce-many") {
  const announcements = await Promise.all(
    Array.from(
      { length: Number(args[1]) },
      (_, i) => announce({ type: args[0]!, instance: `agent ${i}`, port: 7400 + i, txt: {} }),
    ),
  );
  console.log(`announced ${announcements.length}`);
  await stopped();
  await Promise.all(announcements.map((announcement) => announcement.close()));
} else if (command === "browse") {
  for await (const event of browse({ types: args, signal: stopping.signal })) {
    console.log(JSON.stringify(event));
  }
} else if (command === "types") {
  for await (const type of browseServiceTypes({ signal: stopping.signal })) console.log(type);
}
process.exit(0);
