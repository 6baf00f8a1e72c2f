/**
 * @module
 * Enrolment tokens: those there are, and the dialog that makes one.
 */
import { Buffer } from "node:buffer";
import type { EnrolmentToken } from "../../enrolment/enrolment_tokens.ts";
import { actorText } from "./actor_text.ts";
import { Badge, Card, EmptyState, Labels, Time, type Tone } from "./basics.tsx";
import { Field, FormDialog, OnceDialog, OpenButton } from "./dialogs.tsx";

const SHOWN_TOKENS = 50;

function tokenState(token: EnrolmentToken, nowMs: number): readonly [Tone, string] {
  if (token.revokedAtMs !== null) return ["idle", "revoked"];
  if (token.notAfterMs <= nowMs) return ["idle", "expired"];
  return token.used >= token.maxUses ? ["idle", "spent"] : ["good", "usable"];
}

/** The card. */
export function EnrolmentTokensCard(
  { tokens, mayChange, nowMs }: {
    tokens: readonly EnrolmentToken[];
    mayChange: boolean;
    nowMs: number;
  },
) {
  return (
    <Card
      title="Tokens"
      id="tokens"
      footer={tokens.length > SHOWN_TOKENS
        ? (
          <span>
            {`The newest ${SHOWN_TOKENS} of ${tokens.length}; all of them: `}
            <code>fleets tokens list</code>
          </span>
        )
        : undefined}
    >
      {tokens.length === 0
        ? (
          <EmptyState title="No tokens">
            <p>
              A token lets devices in without a question: for devices that are set up in numbers, or
              where nobody can compare.
            </p>
            {mayChange
              ? (
                <p>
                  <OpenButton dialog="new-token">New token</OpenButton>
                </p>
              )
              : null}
          </EmptyState>
        )
        : (
          <div class="scroll" tabindex={0} role="region" aria-label="Enrolment tokens">
            <table class="cards">
              <thead>
                <tr>
                  <th scope="col">Token</th>
                  <th scope="col">State</th>
                  <th scope="col" class="num">Used</th>
                  <th scope="col">Ends</th>
                  <th scope="col">Gives</th>
                  {mayChange
                    ? (
                      <th scope="col">
                        <span class="sr">Actions</span>
                      </th>
                    )
                    : null}
                </tr>
              </thead>
              <tbody>
                {tokens.slice(0, SHOWN_TOKENS).map((token) => (
                  <TokenRow token={token} mayChange={mayChange} nowMs={nowMs} />
                ))}
              </tbody>
            </table>
          </div>
        )}
    </Card>
  );
}

function TokenRow(
  { token, mayChange, nowMs }: { token: EnrolmentToken; mayChange: boolean; nowMs: number },
) {
  const id = Buffer.from(token.id).toString("hex");
  const [tone, word] = tokenState(token, nowMs);
  const name = token.name ?? id;
  return (
    <tr data-key={`token-${id}`}>
      <th scope="row">
        <span class="two cut">
          <span>{name}</span>
          <span>{`${token.name === null ? "" : `${id} · `}by ${actorText(token.actor)[0]}`}</span>
        </span>
      </th>
      <td data-label="State">
        <Badge tone={tone}>{word}</Badge>
      </td>
      <td data-label="Used" class="num">
        {`${token.used} of ${token.maxUses.toLocaleString("en")}`}
      </td>
      <td data-label="Ends">
        <Time atMs={token.notAfterMs} nowMs={nowMs} kind="until" />
      </td>
      <td
        data-label="Gives"
        class={Object.keys(token.labels).length === 0 && token.hwClass === null
          ? "empty"
          : undefined}
      >
        <Labels labels={token.labels} />
        {token.hwClass === null ? null : <span class="soft small">{`only ${token.hwClass}`}</span>}
      </td>
      {mayChange
        ? (
          <td class="num">
            {word === "usable"
              ? (
                <>
                  <OpenButton dialog={`revoke-${id}`} class="small" label={`Revoke ${name}`}>
                    Revoke
                  </OpenButton>
                  <FormDialog
                    id={`revoke-${id}`}
                    title={`Revoke ${name}?`}
                    api={`DELETE /api/v1/enrolment-tokens/${id}`}
                    done={`${name} is revoked`}
                    submit="Revoke"
                    danger
                    command={`fleets tokens revoke ${id}`}
                  >
                    <p>It lets nobody in from now on. Devices it admitted stay.</p>
                  </FormDialog>
                </>
              )
              : null}
          </td>
        )
        : null}
    </tr>
  );
}

/** Making a token, and showing it once. */
export function EnrolmentDialogs({ deviceUrl }: { deviceUrl: string }) {
  return (
    <>
      <FormDialog
        id="new-token"
        title="New enrolment token"
        api="POST /api/v1/enrolment-tokens"
        submit="Make the token"
        result="enrolment-token"
        command="fleets tokens create[ --name {name}] --uses {uses} --ttl {ttlS}s[ --label {labels}][ --class {hwClass}]"
      >
        <Field label="Name" hint="To find it again; the devices do not see it">
          <input
            name="name"
            data-as="optional"
            maxlength={63}
            autocomplete="off"
            placeholder="greenhouse sensors"
            autofocus
          />
        </Field>
        <div class="row">
          <Field label="Devices">
            <input
              name="uses"
              type="number"
              data-as="number"
              min={1}
              max={100_000}
              value="1"
              required
            />
          </Field>
          <Field label="Valid for">
            <select name="ttlS" data-as="number">
              <option value="3600">1 hour</option>
              <option value="86400">1 day</option>
              <option value="604800" selected>7 days</option>
              <option value="2592000">30 days</option>
            </select>
          </Field>
        </div>
        <div class="row">
          <Field label="Label" hint="Given to every device it lets in">
            <input
              name="labels"
              data-as="labels"
              placeholder="site=berlin"
              pattern="[^=\s]+=\S+"
              autocomplete="off"
            />
          </Field>
          <Field label="Hardware class" hint="Empty: any">
            <input
              name="hwClass"
              data-as="optional"
              maxlength={32}
              placeholder="raspberry-pi"
              autocomplete="off"
            />
          </Field>
        </div>
      </FormDialog>
      <OnceDialog deviceUrl={deviceUrl} />
    </>
  );
}
