/**
 * @module
 * Commands in the database.
 */
import type { Command, CommandRecords, CommandResult } from "../commands/commands.ts";
import type { Tx } from "../transaction.ts";
import { type Database, queriesOf } from "./database.ts";
import type { CommandsTable } from "./schema.ts";

/** A command that was taken and never reported ends this long after it expired, ms. */
const REPORT_GRACE_MS = 86_400_000;
const MOST_OUTPUT_BYTES = 4_096;

const NEXT_ID =
  `SELECT 1 + max(id) AS id FROM (SELECT commands_through AS id FROM devices WHERE id = ?
  UNION ALL SELECT max(command_id) FROM commands WHERE device_id = ?) AS taken`;
const INSERT = `INSERT INTO commands (device_id, command_id, name, args, state, created_at_ms,
  expires_at_ms, actor) VALUES (?, ?, ?, ?, 'waiting', ?, ?, ?)`;
const WAITING =
  `SELECT * FROM commands WHERE device_id = ? AND state = 'waiting' AND expires_at_ms > ?
  ORDER BY command_id LIMIT ?`;
const COUNT_OPEN = `SELECT count(*) AS count FROM commands WHERE device_id = ?
  AND state IN ('waiting', 'delivered')`;
const TAKE = `UPDATE commands SET state = 'delivered' WHERE device_id = ? AND command_id <= ?
  AND state = 'waiting'`;
const TAKEN = "UPDATE devices SET commands_through = ? WHERE id = ? AND commands_through < ?";
const FINISH = `UPDATE commands SET state = ?, status = ?, code = ?, output = ?, finished_at_ms = ?
  WHERE device_id = ? AND command_id = ?`;
const GET = "SELECT * FROM commands WHERE device_id = ? AND command_id = ?";
const EXPIRE = `UPDATE commands SET state = 'expired', finished_at_ms = ?
  WHERE (state = 'waiting' AND expires_at_ms <= ?) OR (state = 'delivered' AND expires_at_ms <= ?)`;

/** The port of `commands/` over one database. */
export class CommandsStore implements CommandRecords {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert(tx: Tx, command: Parameters<CommandRecords["insert"]>[1]): Promise<number> {
    const { raw } = queriesOf(tx);
    const id = (await raw.get<{ id: number }>(NEXT_ID, [command.deviceId, command.deviceId]))!.id;
    await raw.run(INSERT, [
      command.deviceId,
      id,
      command.name,
      command.args,
      command.createdAtMs,
      command.expiresAtMs,
      command.actor,
    ]);
    return id;
  }

  async waiting(
    { deviceId, nowMs, limit }: { deviceId: number; nowMs: number; limit: number },
  ): Promise<readonly Command[]> {
    const rows = await this.#database.read(({ raw }) =>
      raw.all<CommandsTable>(WAITING, [deviceId, nowMs, limit])
    );
    return rows.map(commandOf);
  }

  async countOpen(tx: Tx, deviceId: number): Promise<number> {
    const row = await queriesOf(tx).raw.get<{ count: number }>(COUNT_OPEN, [deviceId]);
    return Number(row?.count ?? 0);
  }

  async markTaken(
    tx: Tx,
    { deviceId, through }: { deviceId: number; through: number },
  ): Promise<void> {
    const { raw } = queriesOf(tx);
    await raw.run(TAKEN, [through, deviceId, through]);
    await raw.run(TAKE, [deviceId, through]);
  }

  async finish(tx: Tx, result: CommandResult & { deviceId: number }): Promise<boolean> {
    const { raw } = queriesOf(tx);
    const { deviceId, id } = result;
    const row = await raw.get<CommandsTable>(GET, [deviceId, id]);
    // A late report is the truth about a command that was given up; a second one changes nothing.
    if (row === undefined || row.state === "finished") return false;
    const isEnded = !result.isPartial;
    await raw.run(FINISH, [
      isEnded ? "finished" : "delivered",
      result.status,
      result.code,
      joined(row.output, result.output),
      isEnded ? result.atMs : null,
      deviceId,
      id,
    ]);
    return isEnded;
  }

  async get(deviceId: number, id: number): Promise<Command | undefined> {
    const row = await this.#database.read(({ raw }) => raw.get<CommandsTable>(GET, [deviceId, id]));
    return row && commandOf(row);
  }

  async expire(tx: Tx, nowMs: number): Promise<void> {
    await queriesOf(tx).raw.run(EXPIRE, [nowMs, nowMs, nowMs - REPORT_GRACE_MS]);
  }
}

function joined(before: Uint8Array | null, more: Uint8Array | null): Uint8Array | null {
  if (before === null || more === null) return before ?? more;
  const whole = new Uint8Array(Math.min(before.length + more.length, MOST_OUTPUT_BYTES));
  whole.set(before);
  whole.set(more.subarray(0, whole.length - before.length), before.length);
  return whole;
}

function commandOf(row: CommandsTable): Command {
  return {
    deviceId: row.device_id,
    id: row.command_id,
    name: row.name,
    args: row.args,
    state: row.state,
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
    finishedAtMs: row.finished_at_ms,
    status: row.status,
    code: row.code,
    output: row.output,
    actor: row.actor,
  };
}
