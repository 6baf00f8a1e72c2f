/**
 * A thousand accidents and attacks between devices and a real server, chosen by a seed and held against a model: each answer
 * that a device believes is the model's, in the end the database holds exactly the model's records, nothing that was
 * acknowledged is lost or there twice, and a clone alarm was raised for each device that two programs were, and no other.
 *
 * `FLEETD_SEED=<number>` runs another thousand; a failure names its seed and what led to it.
 *
 * @module
 */
import { deepEqual, equal, ok } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { Buffer } from "node:buffer";
import { parseToken } from "@fleetd/firmware-protocol";
import { checkIntegrity, readStoredDevice } from "../crash/stored_telemetry.ts";
import { Workplace } from "../e2e/processes.ts";
import { FakeRandom } from "../fakes/mod.ts";
import { TestDevice } from "../server/test_device.ts";
import { helloCodec } from "@fleetd/firmware-protocol";
import { AttackedServer } from "./attacked_server.ts";
import { type ClockState, FaultyDevice } from "./faulty_device.ts";
import { type Delivery, type Fault, FaultyNetwork } from "./faulty_network.ts";
import { type Message, type Outcome, ServerModel } from "./server_model.ts";

const SEED = Number(Deno.env.get("FLEETD_SEED") ?? 20_261_124);
const MISBEHAVIOURS = 1_000;
const DEVICES = 20;
/** Every fifth device gets a second program with its key, somewhere on its way. */
const CLONED_EVERY = 5;
const EACH = MISBEHAVIOURS / DEVICES;

const FAULTS: readonly ((random: FakeRandom) => Fault)[] = [
  () => ({ kind: "drop request" }),
  () => ({ kind: "drop reply" }),
  () => ({ kind: "duplicate" }),
  () => ({ kind: "hold" }),
  (random) => ({ kind: "truncate request", at: random.ratio() }),
  (random) => ({ kind: "truncate reply", at: random.ratio() }),
  (random) => ({ kind: "flip request", at: random.ratio(), bit: random.below(8) }),
  (random) => ({ kind: "flip reply", at: random.ratio(), bit: random.below(8) }),
];
const CLOCKS: readonly ClockState[] = ["right", "slow", "future", "past"];

/** One device's life, with its way to the server and the model of what the server makes of it. */
class Life {
  readonly trace: string[] = [];
  readonly model = new ServerModel();
  readonly network: FaultyNetwork<Message>;
  readonly random: FakeRandom;
  readonly programs: FaultyDevice[] = [];
  /** Tags of what the server has had. */
  readonly #arrived = new Set<string>();
  #reenrolments = 0;

  constructor(
    readonly nth: number,
    readonly server: AttackedServer,
    readonly identity: TestDevice,
  ) {
    this.random = new FakeRandom(SEED * 1_000 + nth);
    this.network = new FaultyNetwork(server.plain.port);
  }

  get isCloned(): boolean {
    return this.nth % CLONED_EVERY === 0;
  }

  async begin(token: { id: Uint8Array; secret: Uint8Array }): Promise<void> {
    await this.identity.enrol({ token });
    this.model.handshake(this.#kid);
    const { kid, keys } = this.identity;
    const memory = { kid, keys: keys!, seq: 0, epoch: 1, nextCounter: 1, records: [] };
    this.programs.push(new FaultyDevice(memory, () => this.random.below(2 ** 32)));
    await this.exchange(this.programs[0]!, { kind: "none" });
  }

  get #kid(): string {
    return Buffer.from(this.identity.kid).toString("hex");
  }

  /** All its misbehaviours, then quiet until everything is delivered. */
  async live(): Promise<void> {
    const cloneAt = this.isCloned ? this.random.below(EACH - 10) : Infinity;
    for (let step = 0; step < EACH; step++) {
      if (step === cloneAt) {
        this.programs.push(this.programs[0]!.copied());
        this.trace.push("copied");
      }
      for (const program of this.programs) program.take(1 + this.random.below(3));
      await this.misbehave(this.#anyProgram());
      // A device between two accidents, as a rule.
      if (this.random.ratio() < 0.6) await this.exchange(this.#anyProgram(), { kind: "none" });
    }
    while (await this.#release());
    for (let round = 0; round < 8; round++) {
      for (const program of this.programs) {
        if (round === 0 || this.isCloned || program.unsent > 0) {
          await this.exchange(program, { kind: "none" });
        }
      }
    }
  }

  #anyProgram(): FaultyDevice {
    return this.programs[this.random.below(this.programs.length)]!;
  }

  async misbehave(program: FaultyDevice): Promise<void> {
    const { random } = this;
    const kinds: readonly [weight: number, act: () => Promise<void>][] = [
      [12, () => this.exchange(program, FAULTS[random.below(FAULTS.length)]!(random))],
      [6, () => this.#replay()],
      [2, async () => void await this.#release()],
      [4, () => this.#restart(program)],
      [1, () => this.#loseBuffer(program)],
      [1, () => this.#wrongEpoch(program)],
      [1, () => this.#wrongServerEpoch(program)],
      [2, () => this.#changeClock(program)],
      [1, () => this.#dropOldest(program)],
      [1, () => this.#jumpAhead(program)],
      [1, () => this.#enrolAgain(program)],
    ];
    let at = random.below(kinds.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, act] of kinds) {
      if ((at -= weight) < 0) return await act();
    }
  }

  /** One exchange of what is outstanding, and what the device hears of it. */
  async exchange(program: FaultyDevice, fault: Fault): Promise<void> {
    const outstanding = program.next();
    const { message } = outstanding;
    this.trace.push(
      `${this.programs.indexOf(program)} seq ${message.seq} boot ${message.bootId} ${
        JSON.stringify(fault)
      }`,
    );
    const { deliveries, heard, isBodyHurt } = await this.network.exchange(outstanding, fault);
    if (isBodyHurt) {
      for (const { status } of deliveries) ok(status !== 200, "hurt, and taken all the same");
    }
    let expected: Outcome | undefined;
    for (const delivery of deliveries) {
      expected = this.#delivered(message, delivery, fault) ?? expected;
    }
    const isReplyHurt = fault.kind === "truncate reply" || fault.kind === "flip reply";
    program.hear(heard, isReplyHurt ? undefined : expected);
    if (heard?.status === 401 && fault.kind !== "flip request") program.refusals++;
    // Its key was replaced by another program with it: it enrols, as the protocol says, after three such answers.
    if (program.refusals === 3) await this.#enrol(program);
  }

  /** Tells the model of what arrived; undefined when it did not arrive as it was sent. */
  #delivered(message: Message, { status }: Delivery, fault: Fault): Outcome | undefined {
    const isHurt = fault.kind === "flip request" || fault.kind === "truncate request";
    // A bit of the head may change nothing that matters; then the server took the message.
    if (isHurt && status !== 200) {
      ok(status === undefined || (status >= 400 && status < 500), `answered ${status}`);
      return undefined;
    }
    this.#arrived.add(message.tag);
    const outcome = this.model.deliver(message);
    equal(status, outcome.kind === "unknown kid" ? 401 : 200);
    return outcome.kind === "unknown kid" ? undefined : outcome;
  }

  async #replay(): Promise<void> {
    for (let count = 1 + this.random.below(4); count > 0; count--) {
      const { delivery, message } = await this.network.replay(this.random.ratio());
      this.trace.push(`replay of seq ${message.seq} boot ${message.bootId}`);
      this.#delivered(message, delivery, { kind: "none" });
    }
  }

  async #release(): Promise<boolean> {
    const released = await this.network.release();
    if (released === undefined) return false;
    this.trace.push(`release of seq ${released.message.seq} boot ${released.message.bootId}`);
    this.#delivered(released.message, released.delivery, { kind: "none" });
    return true;
  }

  async #restart(program: FaultyDevice): Promise<void> {
    program.restart();
    this.trace.push(`restart into boot ${program.bootId}`);
    await this.exchange(program, { kind: "none" });
  }

  async #loseBuffer(program: FaultyDevice): Promise<void> {
    program.loseBuffer();
    this.trace.push(`buffer lost, epoch ${program.memory.epoch}`);
    program.take(2);
    await this.exchange(program, { kind: "none" });
  }

  /** A batch of an epoch that is over is acknowledged, and nothing of it is kept. */
  async #wrongEpoch(program: FaultyDevice): Promise<void> {
    if (program.outstanding !== undefined) await this.exchange(program, { kind: "none" });
    if (program.outstanding !== undefined || program.memory.epoch === 1) return;
    const batch = program.batchOfOlderEpoch(1 + this.random.below(4));
    program.outstanding = program.compose({ seq: ++program.memory.seq, batch });
    this.trace.push(`batch of epoch ${batch[0]!.epoch}`);
    await this.exchange(program, { kind: "none" });
  }

  async #wrongServerEpoch(program: FaultyDevice): Promise<void> {
    if (program.outstanding !== undefined) await this.exchange(program, { kind: "none" });
    if (program.outstanding !== undefined) return;
    const serverEpoch = this.random.below(2 ** 32);
    program.outstanding = program.compose({ seq: ++program.memory.seq, batch: [], serverEpoch });
    this.trace.push(`server epoch ${serverEpoch}`);
    await this.exchange(program, { kind: "none" });
  }

  async #changeClock(program: FaultyDevice): Promise<void> {
    program.clock = CLOCKS[this.random.below(CLOCKS.length)]!;
    this.trace.push(`clock is ${program.clock}`);
    program.take(2);
    await this.exchange(program, { kind: "none" });
  }

  async #dropOldest(program: FaultyDevice): Promise<void> {
    program.dropOldest(1 + this.random.below(3));
    this.trace.push("oldest records dropped");
    await this.exchange(program, { kind: "none" });
  }

  async #jumpAhead(program: FaultyDevice): Promise<void> {
    if (program.outstanding === undefined) program.memory.seq += this.random.below(10_000);
    await this.exchange(program, { kind: "none" });
  }

  /** At most three times, as the fourth in a day is an alarm by itself. */
  async #enrolAgain(program: FaultyDevice): Promise<void> {
    if (this.#reenrolments === 3) return await this.exchange(program, { kind: "drop reply" });
    await this.#enrol(program);
    await this.exchange(program, { kind: "none" });
  }

  async #enrol(program: FaultyDevice): Promise<void> {
    this.#reenrolments++;
    // Held back through an enrolment and a restart a message looks like another program's: the one case left.
    this.network.forget(({ tag }) => this.#arrived.has(tag));
    await this.identity.enrol();
    this.model.handshake(this.#kid);
    program.enrolled({ kid: this.identity.kid, keys: this.identity.keys! });
    this.trace.push(`enrolled again, kid ${this.#kid}`);
  }

  /** Holds the database against the model. */
  check(database: string): void {
    const { handle } = this.identity;
    const stored = readStoredDevice(database, handle);
    const records = stored.samples.map(({ epoch, counter, values, believed }) => ({
      epoch,
      counter,
      value: [...values.values()][0]!,
      dated: believed,
    }));
    const inOrder = (list: readonly { value: number }[]) =>
      list.toSorted((a, b) => a.value - b.value);
    deepEqual(
      inOrder(records),
      inOrder(this.model.records),
    );
    deepEqual(stored.stream, this.model.stream);
    deepEqual(alarmsOf(database, handle), this.model.alarm === undefined ? [] : [this.model.alarm]);
    equal(stored.quarantined, this.isCloned, "in quarantine are those that two programs are");
    equal(this.model.alarm !== undefined, this.isCloned);
    if (this.isCloned) return;
    // What one program was told to be safe is there, once; what it still holds is nothing.
    const [program] = this.programs;
    equal(program!.unsent, 0);
    equal(new Set(records.map(({ value }) => value)).size, records.length);
    const safe = new Set(
      records.map(({ epoch, counter, value }) => `${epoch}/${counter}/${value}`),
    );
    for (const { epoch, counter, value } of program!.acknowledged) {
      ok(safe.has(`${epoch}/${counter}/${value}`), `acknowledged and lost: ${epoch}/${counter}`);
    }
  }
}

async function serverKeyOf(url: string): Promise<Uint8Array> {
  const hello = await fetch(`${url}/d/hello`, { headers: { connection: "close" } });
  return helloCodec.decode(new Uint8Array(await hello.arrayBuffer())).serverKey;
}

/** Straight to the server, for handshakes. */
function transportTo(url: string) {
  const post = async (path: string, type: string, body: Uint8Array) => {
    const answer = await fetch(url + path, {
      method: "POST",
      body: body as BodyInit,
      headers: { "content-type": type, connection: "close" },
    });
    equal(answer.status, 200);
    return new Uint8Array(await answer.arrayBuffer());
  };
  return {
    enrol: (message1: Uint8Array) => post("/d/1/enrol", "application/octet-stream", message1),
    sync: (body: Uint8Array) => post("/d/1/sync", "application/cose", body),
  };
}

Deno.test(`${MISBEHAVIOURS} misbehaviours of ${DEVICES} devices and their network leave what the model says, and alarm for clones alone`, async () => {
  await using place = await Workplace.open();
  await using server = await AttackedServer.start(place);
  const serverKey = await serverKeyOf(server.url);
  const { id, secret } = parseToken(await server.enrolmentToken(DEVICES));
  const lives: Life[] = [];
  for (let nth = 0; nth < DEVICES; nth++) {
    const life = new Life(nth, server, new TestDevice(transportTo(server.url), serverKey));
    await life.begin({ id, secret });
    lives.push(life);
  }
  const told = async (life: Life, work: () => Promise<void> | void) => {
    try {
      await work();
    } catch (error) {
      throw new Error(
        `FLEETD_SEED=${SEED}, device ${life.nth}${life.isCloned ? " (cloned)" : ""}:\n${
          life.trace.slice(-60).join("\n")
        }`,
        { cause: error },
      );
    }
  };
  await Promise.all(lives.map((life) => told(life, () => life.live())));
  await server.checkIsWell();
  await server.stop();
  const database = place.path("fleet.db");
  equal(checkIntegrity(database), "ok");
  for (const life of lives) await told(life, () => life.check(database));
});

/** Why the server raised alarms for a device. */
function alarmsOf(path: string, handle: string): string[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const rows = database.prepare(
      `SELECT e.text FROM events e JOIN devices d ON d.id = e.device_id
       WHERE e.name = 'device.clone_alarm' AND d.handle = ? ORDER BY e.id`,
    ).all(handle) as { text: string }[];
    return rows.map(({ text }) => /key: (.*)$/.exec(text)![1]!);
  } finally {
    database.close();
  }
}
