/**
 * One fake per port of the agent. They stand in `tests/`, because nothing that ships may import them; so a test that needs
 * one stands in `tests/agent/`, and imports what it tests from `@fleetd/agent`. Tests that need none stand beside the code.
 *
 * None of them knows the real world: no timer, file or socket, hence nothing to close.
 *
 * @module
 */
import { FakeClock } from "./fake_clock.ts";
import { FakeDisk } from "./fake_disk.ts";
import { FakeHost } from "./fake_host.ts";
import { FakeNetwork } from "./fake_network.ts";
import { FakeProcess } from "./fake_process.ts";
import { FakeRandom } from "./fake_random.ts";

export { FakeClock, settle } from "./fake_clock.ts";
export { type CutOutcome, FakeDisk, PowerCut } from "./fake_disk.ts";
export { FakeHost } from "./fake_host.ts";
export { type Answering, FakeNetwork, type ShownService, type Weather } from "./fake_network.ts";
export { FakeProcess } from "./fake_process.ts";
export { FakeRandom } from "./fake_random.ts";

/** All six, typed as fakes, so that a test can drive what the agent is given. */
export interface FakePorts {
  readonly clock: FakeClock;
  readonly disk: FakeDisk;
  readonly network: FakeNetwork;
  readonly process: FakeProcess;
  readonly random: FakeRandom;
  readonly host: FakeHost;
}

/** A fresh world with a healthy disk, a silent server and an empty host. */
export function fakePorts({ seed = 1 } = {}): FakePorts {
  const clock = new FakeClock();
  return {
    clock,
    disk: new FakeDisk(),
    network: new FakeNetwork(clock),
    process: new FakeProcess(),
    random: new FakeRandom(seed),
    host: new FakeHost(),
  };
}
