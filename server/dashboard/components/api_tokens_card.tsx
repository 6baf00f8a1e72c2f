/**
 * @module
 * API tokens: what programs, and the sign-ins of `fleets`, show instead of a password.
 */
import type { ApiToken } from "../../access/api_tokens.ts";
import { ROLES } from "../../access/role.ts";
import type { Caller } from "../../http/route_table.ts";
import { Badge, Card, EmptyState, Labels, Time, type Tone } from "./basics.tsx";
import { Field, FormDialog, OpenButton } from "./dialogs.tsx";

const SHOWN = 100;

function stateOf({ revokedAtMs, expiresAtMs }: ApiToken, nowMs: number): readonly [Tone, string] {
  if (revokedAtMs !== null) return ["idle", "revoked"];
  return expiresAtMs !== null && expiresAtMs <= nowMs ? ["idle", "expired"] : ["good", "usable"];
}

/** The card. */
export function ApiTokensCard(
  { tokens, caller, nowMs }: { tokens: readonly ApiToken[]; caller: Caller; nowMs: number },
) {
  const usableFirst = tokens.toSorted((a, b) =>
    Number(stateOf(a, nowMs)[1] !== "usable") - Number(stateOf(b, nowMs)[1] !== "usable")
  );
  return (
    <Card
      title="API tokens"
      id="api-tokens"
      actions={<OpenButton dialog="new-api-token">New API token</OpenButton>}
    >
      {tokens.length === 0
        ? (
          <EmptyState title="No API tokens">
            <p>A program that reads or changes the fleet needs one.</p>
          </EmptyState>
        )
        : (
          <div class="scroll" tabindex={0} role="region" aria-label="API tokens">
            <table class="cards">
              <thead>
                <tr>
                  <th scope="col">Token</th>
                  <th scope="col">Role</th>
                  <th scope="col">State</th>
                  <th scope="col">Devices</th>
                  <th scope="col">Last used</th>
                  <th scope="col">Ends</th>
                  <th scope="col">
                    <span class="sr">Actions</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {usableFirst.slice(0, SHOWN).map((token) => (
                  <TokenRow token={token} own={token.id === caller.id} nowMs={nowMs} />
                ))}
              </tbody>
            </table>
          </div>
        )}
    </Card>
  );
}

function TokenRow({ token, own, nowMs }: { token: ApiToken; own: boolean; nowMs: number }) {
  const { id, name, role, scope } = token;
  const [tone, word] = stateOf(token, nowMs);
  return (
    <tr data-key={`api-token-${id}`}>
      <th scope="row">
        <span class="two cut">
          <span>{name}{own ? " (this one)" : ""}</span>
          <span>{`${id}${token.userId === null ? "" : " · a user's sign-in"}`}</span>
        </span>
      </th>
      <td data-label="Role">{role}</td>
      <td data-label="State">
        <Badge tone={tone}>{word}</Badge>
      </td>
      <td data-label="Devices">
        {Object.keys(scope.labels).length === 0 ? "all" : <Labels labels={scope.labels} />}
      </td>
      <td data-label="Last used">
        <Time atMs={token.lastUsedMs} nowMs={nowMs} />
      </td>
      <td data-label="Ends">
        {token.expiresAtMs === null
          ? <span class="soft">never</span>
          : <Time atMs={token.expiresAtMs} nowMs={nowMs} kind="until" />}
      </td>
      <td class="num">
        {word === "usable" && !own
          ? (
            <>
              <OpenButton dialog={`revoke-${id}`} class="small" label={`Revoke ${name}`}>
                Revoke
              </OpenButton>
              <FormDialog
                id={`revoke-${id}`}
                title={`Revoke ${name}?`}
                api={`DELETE /api/v1/api-tokens/${id}`}
                done={`${name} is revoked`}
                submit="Revoke"
                danger
              >
                <p>Whatever uses it is refused from now on.</p>
              </FormDialog>
            </>
          )
          : null}
      </td>
    </tr>
  );
}

/** Making a token. */
export function TokenDialogs() {
  return (
    <FormDialog
      id="new-api-token"
      title="New API token"
      api="POST /api/v1/api-tokens"
      result="api-token"
      submit="Make the token"
    >
      <Field label="Name">
        <input
          name="name"
          required
          maxlength={63}
          autocomplete="off"
          placeholder="prometheus"
          autofocus
        />
      </Field>
      <div class="row">
        <Field label="Role">
          <select name="role">{ROLES.map((role) => <option value={role}>{role}</option>)}</select>
        </Field>
        <Field label="Valid for">
          <select name="ttlS" data-as="number">
            <option value="86400">1 day</option>
            <option value="2592000">30 days</option>
            <option value="31536000" selected>1 year</option>
            <option value="">Until it is revoked</option>
          </select>
        </Field>
      </div>
      <Field label="Only devices with the label" hint="Empty: all devices">
        <input
          name="scope"
          data-as="scope"
          placeholder="site=berlin"
          pattern="[^=\s]+=\S+"
          autocomplete="off"
        />
      </Field>
    </FormDialog>
  );
}
