/**
 * @module
 * Users: who may sign in and what each may do.
 */
import { ROLES } from "../../access/role.ts";
import type { User } from "../../access/user.ts";
import type { Caller } from "../../http/route_table.ts";
import { Badge, Card, EmptyState, Labels, Time, type Tone } from "./basics.tsx";
import { Field, FormDialog, OpenButton } from "./dialogs.tsx";

function stateOf(
  { disabledAtMs, passwordAtMs, linkExpiresAtMs }: User,
  nowMs: number,
): readonly [Tone, string] {
  if (disabledAtMs !== null) return ["idle", "disabled"];
  if (passwordAtMs !== null) return ["good", "active"];
  return linkExpiresAtMs !== null && linkExpiresAtMs > nowMs
    ? ["warn", "invited"]
    : ["bad", "link is over"];
}

/** The card. */
export function UsersCard(
  { users, caller, nowMs }: { users: readonly User[]; caller: Caller; nowMs: number },
) {
  return (
    <Card
      title="Users"
      id="users"
      actions={<OpenButton dialog="new-user">Invite a user</OpenButton>}
    >
      {users.length === 0
        ? (
          <EmptyState title="No users yet">
            <p>
              You work with an API token. A user signs in with a browser, and with{" "}
              <code>fleets login</code>.
            </p>
          </EmptyState>
        )
        : (
          <div class="scroll" tabindex={0} role="region" aria-label="Users">
            <table class="cards">
              <thead>
                <tr>
                  <th scope="col">User</th>
                  <th scope="col">Role</th>
                  <th scope="col">State</th>
                  <th scope="col">Devices</th>
                  <th scope="col">Last sign-in</th>
                  <th scope="col">
                    <span class="sr">Actions</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {users.map((user) => (
                  <UserRow user={user} own={user.id === caller.user?.id} nowMs={nowMs} />
                ))}
              </tbody>
            </table>
          </div>
        )}
    </Card>
  );
}

function UserRow({ user, own, nowMs }: { user: User; own: boolean; nowMs: number }) {
  const { id, name, role, disabledAtMs, scope } = user;
  const [tone, word] = stateOf(user, nowMs);
  const path = `/api/v1/users/${id}`;
  return (
    <tr data-key={`user-${id}`}>
      <th scope="row">{name}{own ? <span class="soft">&nbsp;(you)</span> : null}</th>
      <td data-label="Role">{role}</td>
      <td data-label="State">
        <Badge tone={tone}>{word}</Badge>
      </td>
      <td data-label="Devices">
        {Object.keys(scope.labels).length === 0 ? "all" : <Labels labels={scope.labels} />}
      </td>
      <td data-label="Last sign-in">
        <Time atMs={user.lastSignInMs} nowMs={nowMs} />
      </td>
      <td class="num">
        <span class="actions">
          <OpenButton dialog={`role-${id}`} class="small" label={`Role of ${name}`}>
            Role
          </OpenButton>
          <OpenButton dialog={`reset-${id}`} class="small" label={`New link for ${name}`}>
            New link
          </OpenButton>
          {own ? null : (
            <>
              <OpenButton
                dialog={`able-${id}`}
                class="small"
                label={`${disabledAtMs === null ? "Disable" : "Enable"} ${name}`}
              >
                {disabledAtMs === null ? "Disable" : "Enable"}
              </OpenButton>
              <OpenButton dialog={`remove-${id}`} class="small danger" label={`Remove ${name}`}>
                Remove
              </OpenButton>
            </>
          )}
        </span>
        <UserRowDialogs user={user} path={path} />
      </td>
    </tr>
  );
}

function UserRowDialogs({ user, path }: { user: User; path: string }) {
  const { id, name, role, disabledAtMs } = user;
  return (
    <>
      <FormDialog
        id={`role-${id}`}
        title={`What ${name} may do`}
        api={`PATCH ${path}`}
        done="Changed; it holds at once"
        submit="Change"
        command={`fleets users edit ${name} --role {role}`}
      >
        <RoleField role={role} />
      </FormDialog>
      <FormDialog
        id={`reset-${id}`}
        title={`A new sign-in link for ${name}?`}
        api={`POST ${path}/reset`}
        result="sign-in-link"
        submit="Make the link"
        command={`fleets users reset ${name}`}
      >
        <p>
          The password, all sessions and all sign-ins of this user end. The link sets a new
          password.
        </p>
      </FormDialog>
      <FormDialog
        id={`able-${id}`}
        title={disabledAtMs === null ? `Disable ${name}?` : `Enable ${name}?`}
        api={`PATCH ${path}`}
        body={{ disabled: disabledAtMs === null }}
        done="Changed"
        submit={disabledAtMs === null ? "Disable" : "Enable"}
        command={`fleets users edit ${name} --${disabledAtMs === null ? "disable" : "enable"}`}
      >
        <p>
          {disabledAtMs === null
            ? "All sessions end at once; nothing is lost."
            : "The user can sign in again."}
        </p>
      </FormDialog>
      <FormDialog
        id={`remove-${id}`}
        title={`Remove ${name}?`}
        api={`DELETE ${path}`}
        done={`${name} is removed`}
        submit="Remove"
        danger
        command={`fleets users remove ${name}`}
      >
        <p>All sessions and sign-ins of this user end. The audit log keeps its name.</p>
      </FormDialog>
    </>
  );
}

function RoleField({ role }: { role: string }) {
  return (
    <Field label="Role">
      <select name="role">
        {ROLES.map((each) => <option value={each} selected={each === role}>{each}</option>)}
      </select>
    </Field>
  );
}

/** Inviting a user. */
export function UserDialogs() {
  return (
    <FormDialog
      id="new-user"
      title="Invite a user"
      api="POST /api/v1/users"
      result="sign-in-link"
      submit="Make the link"
      command="fleets users create {name} --role {role}"
    >
      <p class="soft">
        Nobody chooses another's password: you get a link to hand over, and the user sets it.
      </p>
      <Field label="Name" hint="What is typed at every sign-in">
        <input
          name="name"
          required
          pattern="[A-Za-z0-9][A-Za-z0-9._@\-]{0,62}"
          autocomplete="off"
          autofocus
        />
      </Field>
      <RoleField role="viewer" />
    </FormDialog>
  );
}
