/**
 * `fleets users`: who may sign in with a password. Nobody types another's password: a new user gets a one-time link.
 *
 * @module
 */
import { type Command, Option } from "@commander-js/extra-typings";
import {
  addExamples,
  canAsk,
  CliError,
  type Column,
  confirm,
  ExitCode,
  filterItems,
  filterOption,
  formatAgo,
  outputOption,
  type Terminal,
  usageError,
  writeJson,
  writeList,
  writeMessage,
} from "@fleetd/cli/kit";
import type { FleetApi } from "../api/client.ts";
import { openSession } from "../api/session.ts";
import type { User } from "../api/shapes.ts";
import type { FleetsContext } from "../context.ts";
import { labelText } from "../output/device_table.ts";
import { collectLabel } from "./label_arguments.ts";

const ROLES = ["viewer", "operator", "admin"] as const;

/** Adds `users` and everything below it. */
export function addUsersCommands(program: Command, context: FleetsContext): void {
  const users = program.command("users").description("make, change and remove users");
  addListCommand(users, context);
  addCreateCommand(users, context);
  addEditCommand(users, context);
  addResetCommand(users, context);
  addRemoveCommand(users, context);
}

function addListCommand(users: Command, { terminal, nowMs }: FleetsContext): void {
  users.command("list")
    .description("list the users")
    .addOption(filterOption())
    .addOption(outputOption())
    .action(async ({ filter, output }) => {
      const act = "list users";
      const { api } = await openSession(terminal, act);
      const all = await api.users(act);
      writeList(terminal, {
        format: output,
        columns: userColumns(nowMs()),
        items: filterItems(all, filter),
        empty: all.length === 0
          ? "No users yet. Make one with: fleets users create NAME"
          : "No user matches the filter.",
      });
    });
}

function addCreateCommand(users: Command, { terminal }: FleetsContext): void {
  const create = users.command("create")
    .description("make a user, and a one-time link by which it sets its password")
    .argument("<name>", "what is typed at every sign-in")
    .addOption(
      new Option("--role <role>", "what it may do").choices(ROLES).default("viewer" as const),
    )
    .addOption(
      new Option("--scope <key=value>", "only devices with this label; may be repeated")
        .argParser(collectLabel),
    )
    .addOption(outputOption(["table", "json", "ndjson"]))
    .action(async (name, { role, scope, output }) => {
      const act = `make user "${name}"`;
      const { api } = await openSession(terminal, act);
      const wanted = { name, role, ...(scope === undefined ? {} : { scope: { labels: scope } }) };
      showLink(terminal, output, await api.inviteUser(act, wanted));
    });
  addExamples(create, [
    { run: "fleets users create ada --role admin", does: "an administrator" },
    { run: "fleets users create bob --scope site=berlin", does: "who sees a part of the fleet" },
  ]);
}

function addEditCommand(users: Command, { terminal }: FleetsContext): void {
  users.command("edit")
    .description("change what a user may do; at once, also where it is signed in")
    .argument("<user>", "name or id")
    .addOption(new Option("--role <role>", "what it may do").choices(ROLES))
    .addOption(
      new Option("--scope <key=value>", "only devices with this label; may be repeated")
        .argParser(collectLabel).conflicts("wholeFleet"),
    )
    .option("--whole-fleet", "every device")
    .option("--disable", "end its sessions and let it in no more")
    .addOption(new Option("--enable", "let it in again").conflicts("disable"))
    .action(async (reference, { role, scope, wholeFleet, disable, enable }) => {
      const act = `change user "${reference}"`;
      const labels = wholeFleet ? {} : scope;
      const patch = {
        ...(role === undefined ? {} : { role }),
        ...(labels === undefined ? {} : { scope: { labels } }),
        ...(disable || enable ? { disabled: disable === true } : {}),
      };
      if (Object.keys(patch).length === 0) {
        throw usageError(
          `Cannot ${act}: nothing to change was given.`,
          "Give --role, --scope, --whole-fleet, --disable or --enable.",
        );
      }
      const { api } = await openSession(terminal, act);
      const { id } = await findUser(api, act, reference);
      const user = await api.editUser(act, id, patch);
      const state = user.disabledAtMs === null ? "" : ", disabled";
      writeMessage(terminal, `User ${user.name} is ${user.role} of ${scopeText(user)}${state}`);
    });
}

function addResetCommand(users: Command, { terminal }: FleetsContext): void {
  users.command("reset")
    .description("take the password and every sign-in of a user away, and make a new one-time link")
    .argument("<user>", "name or id")
    .addOption(outputOption(["table", "json", "ndjson"]))
    .action(async (reference, { output }) => {
      const act = `reset user "${reference}"`;
      const { api } = await openSession(terminal, act);
      const { id } = await findUser(api, act, reference);
      showLink(terminal, output, await api.resetUser(act, id));
    });
}

function addRemoveCommand(users: Command, { terminal }: FleetsContext): void {
  users.command("remove")
    .description("remove a user with its sessions and tokens")
    .argument("<user>", "name or id")
    .option("-y, --yes", "do not ask")
    .action(async (reference, { yes }) => {
      const act = `remove user "${reference}"`;
      const { api } = await openSession(terminal, act);
      const { id, name } = await findUser(api, act, reference);
      if (!yes) {
        if (!canAsk(terminal)) throw usageError(`Cannot ${act} without asking.`, "Pass --yes.");
        if (!await confirm(terminal, `Remove user ${name}?`)) {
          throw new CliError("Nothing was changed.", { exitCode: ExitCode.refused });
        }
      }
      await api.removeUser(act, id);
      writeMessage(terminal, `Removed user ${name}`);
    });
}

type InvitedUser = Awaited<ReturnType<FleetApi["inviteUser"]>>;

/** The link is the data; what it is good for is said on stderr. */
function showLink(
  terminal: Terminal,
  output: "table" | "json" | "ndjson",
  invited: InvitedUser,
): void {
  if (output !== "table") return writeJson(terminal, output, invited);
  terminal.out(`${invited.link}\n`);
  writeMessage(
    terminal,
    `User ${invited.user.name} sets its password there, once and within a day. The link is not shown again.`,
  );
}

/** The user of that name or id. @throws {CliError} exit code 4 when there is none */
async function findUser(api: FleetApi, act: string, reference: string): Promise<User> {
  const wanted = reference.toLowerCase();
  const users = await api.users(act);
  const found = users.find(({ name }) => name.toLowerCase() === wanted) ??
    users.find(({ id }) => id === reference);
  if (found !== undefined) return found;
  throw new CliError(`Cannot ${act}: there is no such user.`, {
    exitCode: ExitCode.notFound,
    hints: ["List who there is: fleets users list"],
  });
}

function scopeText({ scope }: User): string {
  return Object.keys(scope.labels).length === 0 ? "the whole fleet" : labelText(scope.labels);
}

function stateOf({ disabledAtMs, passwordAtMs }: User): string {
  if (disabledAtMs !== null) return "disabled";
  return passwordAtMs === null ? "invited" : "active";
}

function userColumns(nowMs: number): Column<User>[] {
  return [
    { heading: "NAME", key: "name", value: (u) => u.name, shrink: 12 },
    { heading: "ROLE", key: "role", value: (u) => u.role },
    {
      heading: "STATE",
      key: "state",
      value: stateOf,
      style: (text, { colours }) => text === "active" ? colours.green(text) : colours.dim(text),
    },
    { heading: "SEES", key: "scope", value: scopeText, shrink: 12, drop: 1 },
    {
      heading: "LAST SIGN-IN",
      key: "lastSignInMs",
      value: (u) => u.lastSignInMs,
      show: (u) => formatAgo(u.lastSignInMs, nowMs),
      align: "right",
      drop: 2,
    },
    { heading: "ID", key: "id", value: (u) => u.id, csvOnly: true },
  ];
}
