/**
 * @module
 * The person's own sign-in: who, in which role, and the password.
 */
import type { Caller } from "../../http/route_table.ts";
import { Badge, Card, Labels } from "./basics.tsx";
import { Field, FormDialog, OpenButton } from "./dialogs.tsx";

const ROLE_TEXTS = {
  viewer: "sees the fleet",
  operator: "sees the fleet, changes devices and makes enrolment tokens",
  admin: "does everything",
} as const;

/** The card. */
export function OwnSignIn({ caller }: { caller: Caller }) {
  return (
    <Card
      title="You"
      id="you"
      actions={caller.user === null
        ? undefined
        : <OpenButton dialog="password">Change the password</OpenButton>}
    >
      <dl class="facts body">
        <dt>Signed in as</dt>
        <dd>{caller.name}</dd>
        <dt>Role</dt>
        <dd>
          <Badge tone="info">{caller.role}</Badge>{" "}
          <span class="soft small">{ROLE_TEXTS[caller.role]}</span>
        </dd>
        <dt>Devices</dt>
        <dd>
          {Object.keys(caller.scope.labels).length === 0
            ? "all"
            : <Labels labels={caller.scope.labels} />}
        </dd>
      </dl>
    </Card>
  );
}

/** Changing one's own password. */
export function PasswordDialog({ name }: { name: string }) {
  return (
    <FormDialog
      id="password"
      title="Change your password"
      api="POST /api/v1/password"
      done="The password is changed"
      submit="Change"
      extra={<p class="soft small">Every other session and sign-in of yours ends.</p>}
    >
      <input
        type="text"
        hidden
        readonly
        name="username"
        value={name}
        autocomplete="username"
        data-as="nothing"
      />
      <Field label="Password now">
        <input name="current" type="password" required autocomplete="current-password" autofocus />
      </Field>
      <Field label="New password" hint="12 characters or more; a few words will do">
        <input name="next" type="password" required minlength={12} autocomplete="new-password" />
      </Field>
    </FormDialog>
  );
}
