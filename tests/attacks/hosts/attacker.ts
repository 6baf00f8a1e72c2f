/**
 * Holds many hostile connections to a server on loopback: `attacker.ts PORT KIND CONNECTIONS SECONDS`. Each connection that the
 * server ends is opened again after a moment. Says "full" once all were open at the same time, and at its end what became of
 * them as one line of JSON.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { connect, type Socket } from "node:net";
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import type { AttackKind, AttackReport } from "../attack.ts";

const [port, kind, connections, seconds] = [
  Number(Deno.args[0]),
  Deno.args[1] as AttackKind,
  Number(Deno.args[2]),
  Number(Deno.args[3]),
];

/** How long a connection rests before it is opened again, in ms, from and to. */
const AGAIN_MS = [1_000, 3_000] as const;
/** How often a slow one says something, in ms. */
const DRIP_MS = 1_000;
/** All are opened, and in the end closed, within a second, in so many waves. */
const WAVES = 20;

const HOST = "Host: localhost\r\n";
const SYNC = `POST /d/1/sync HTTP/1.1\r\n${HOST}Content-Type: application/cose\r\n`;
const PIECE = Buffer.alloc(65_536, "x");
const CHUNK = Buffer.concat([Buffer.from("10000\r\n"), PIECE, Buffer.from("\r\n")]);
const ASKED_OFTEN = `GET /assets/any/uplot.js HTTP/1.1\r\n${HOST}\r\n`.repeat(20);

/** What each kind does with an open connection; returns how to stop doing it. */
const BEHAVIOUR: Readonly<Record<AttackKind, (socket: Socket, nth: number) => () => void>> = {
  "slow headers": (socket) => drip(socket, SYNC, () => "X-Slow: a\r\n"),
  "slow bodies": (socket, nth) =>
    nth % 2 === 0
      ? drip(socket, `${SYNC}Content-Length: 16384\r\n\r\n${"x".repeat(16_000)}`, () => "x")
      : drip(socket, `${SYNC}Transfer-Encoding: chunked\r\n\r\n`, () => "1\r\nx\r\n"),
  "idle connections": (socket, nth) => {
    if (nth % 2 === 0) socket.write(`GET /d/hello HTTP/1.1\r\n${HOST}\r\n`);
    return () => {};
  },
  "huge bodies": (socket, nth) =>
    nth % 2 === 0
      ? pour(socket, `${SYNC}Content-Length: 400000000\r\n\r\n`, PIECE)
      : pour(socket, `${SYNC}Transfer-Encoding: chunked\r\n\r\n`, CHUNK),
  "answers nobody reads": (socket) => {
    socket.pause();
    socket.write(ASKED_OFTEN);
    return () => {};
  },
};

const report: { -readonly [key in keyof AttackReport]: AttackReport[key] } = {
  opened: 0,
  mostOpen: 0,
  endedByServer: 0,
  statuses: {},
};
const open = new Set<Socket>();
let isOver = false;

function drip(socket: Socket, first: string, next: () => string): () => void {
  socket.write(first);
  const timer = setInterval(() => socket.write(next()), DRIP_MS);
  return () => clearInterval(timer);
}

function pour(socket: Socket, first: string, piece: Buffer): () => void {
  const more = () => {
    while (!socket.destroyed && socket.write(piece));
  };
  socket.on("drain", more);
  socket.write(first);
  more();
  return () => socket.off("drain", more);
}

function attack(nth: number): void {
  if (isOver) return;
  const socket = connect(port, "127.0.0.1");
  let stop = () => {};
  let heard = "";
  socket.on("error", () => {});
  socket.on("data", (data) => {
    if (heard.length < 16) heard += data.toString("latin1", 0, 16);
  });
  socket.once("connect", () => {
    report.opened++;
    open.add(socket);
    report.mostOpen = Math.max(report.mostOpen, open.size);
    if (open.size === connections) console.log("full");
    stop = BEHAVIOUR[kind](socket, nth);
  });
  socket.once("close", () => {
    stop();
    if (isOver) return;
    if (open.delete(socket)) report.endedByServer++;
    const status = /^HTTP\/1\.1 (\d{3})/.exec(heard)?.[1] ?? "none";
    report.statuses[status] = (report.statuses[status] ?? 0) + 1;
    const [from, to] = AGAIN_MS;
    setTimeout(attack, from + Math.random() * (to - from), nth);
  });
}

/** Does it for each number, in waves. */
async function inWaves(count: number, act: (nth: number) => void): Promise<void> {
  for (let nth = 0; nth < count; nth++) {
    if (nth % Math.ceil(count / WAVES) === 0) await delay(1_000 / WAVES);
    act(nth);
  }
}

const end = delay(seconds * 1_000);
await inWaves(connections, attack);
await end;
isOver = true;
console.log(JSON.stringify(report));
const left = [...open];
await inWaves(left.length, (nth) => left[nth]!.destroy());
process.exit(0);
