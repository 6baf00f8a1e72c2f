/**
 * @module
 * What can be done about one device, as its state and the caller's role allow: buttons and their dialogs.
 */
import type { Role } from "../../access/role.ts";
import type { DeviceView } from "./device_facts.tsx";
import { Field, FormDialog, OpenButton } from "./dialogs.tsx";
import { nameOf } from "./device_state.tsx";
import { Icon } from "./icons.tsx";

interface ActionsProps {
  readonly device: DeviceView;
  readonly role: Role;
}

/** What can be done now. */
function possible({ admission, quarantined, tofu }: DeviceView, role: Role) {
  return {
    accept: admission === "pending" || admission === "rejected" || admission === "decommissioned" ||
      (admission === "accepted" && tofu),
    reject: admission === "pending",
    release: quarantined && role === "admin",
    identify: admission === "accepted" && !quarantined,
    remove: admission !== "decommissioned",
  };
}

/** The buttons: the likely ones at hand, the others behind one. */
export function DeviceActions({ device, role }: ActionsProps) {
  const can = possible(device, role);
  return (
    <div class="actions">
      {can.release ? <OpenButton dialog="release" class="primary">Release</OpenButton> : null}
      {can.accept
        ? (
          <OpenButton
            dialog="accept"
            class={device.admission === "pending" || device.tofu ? "primary" : ""}
          >
            Accept
          </OpenButton>
        )
        : null}
      {can.reject ? <OpenButton dialog="reject">Reject</OpenButton> : null}
      {can.identify ? <OpenButton dialog="identify">Identify</OpenButton> : null}
      <details class="more" data-key="more">
        <summary class="button icon" aria-label="More actions">
          <Icon name="more" />
        </summary>
        <ul>
          <li>
            <OpenButton dialog="rename">Rename</OpenButton>
          </li>
          <li>
            <OpenButton dialog="label">Add a label</OpenButton>
          </li>
          <li>
            <OpenButton dialog="interval">Set the interval</OpenButton>
          </li>
          {can.remove
            ? (
              <li>
                <OpenButton dialog="remove" class="danger">Decommission</OpenButton>
              </li>
            )
            : null}
        </ul>
      </details>
    </div>
  );
}

/** The dialogs of the buttons. */
export function DeviceDialogs({ device }: ActionsProps) {
  const { handle, fingerprint, labels, intervalS } = device;
  const [path, name] = [`/api/v1/devices/${handle}`, nameOf(device)];
  return (
    <>
      <FormDialog
        id="accept"
        title={`Accept ${name}?`}
        api={`POST ${path}/accept`}
        body={{ fingerprint }}
        done={`${name} is accepted`}
        submit="Accept"
        command={`fleets devices register ${handle} --fingerprint ${fingerprint}`}
      >
        <p>
          The device itself shows its fingerprint with{" "}
          <code>fleetd status</code>. Accept it when it is this one:
        </p>
        <p class="fingerprint">{fingerprint}</p>
        <p class="soft">If it differs, another device uses the name: reject it.</p>
      </FormDialog>
      <FormDialog
        id="reject"
        title={`Reject ${name}?`}
        api={`POST ${path}/reject`}
        done={`${name} is rejected`}
        submit="Reject"
        danger
        command={`fleets devices reject ${handle}`}
      >
        <p>It is turned away and told so. It can be accepted later.</p>
      </FormDialog>
      <FormDialog
        id="release"
        title={`Release ${name} from quarantine?`}
        api={`POST ${path}/release`}
        done={`${name} is released`}
        submit="Release"
        command={`fleets devices release ${handle}`}
      >
        <p>
          Two programs seemed to use this device's key. Release it when the copy is found and gone:
          the device makes new keys.
        </p>
      </FormDialog>
      <FormDialog
        id="rename"
        title={`Rename ${name}`}
        api={`PATCH ${path}`}
        done="Renamed"
        submit="Rename"
        command={`fleets devices rename ${handle} {name}`}
      >
        <Field
          label="Name"
          hint="1 to 63 letters, digits, dots, dashes or underscores; empty takes the name away"
        >
          <input
            name="name"
            data-as="nullable"
            value={device.name ?? ""}
            pattern="[A-Za-z0-9][A-Za-z0-9._\-]{0,62}"
            autocomplete="off"
            autofocus
          />
        </Field>
      </FormDialog>
      <FormDialog
        id="label"
        title={`Label ${name}`}
        api={`PATCH ${path}`}
        shape="label"
        done="Labelled"
        submit="Label"
        command={`fleets devices label ${handle} {key}={value}`}
      >
        <div class="row">
          <Field label="Key">
            <input
              name="key"
              required
              pattern="[A-Za-z0-9][A-Za-z0-9._\/\-]{0,31}"
              placeholder="site"
              autocomplete="off"
              autofocus
            />
          </Field>
          <Field label="Value">
            <input name="value" required maxlength={64} placeholder="berlin" autocomplete="off" />
          </Field>
        </div>
      </FormDialog>
      <div data-region="unlabel">
        {Object.keys(labels).map((key, at) => (
          <FormDialog
            id={`unlabel-${at}`}
            title={`Remove the label ${key}?`}
            api={`PATCH ${path}`}
            body={{ labels: { [key]: null } }}
            done={`The label ${key} is gone`}
            submit="Remove"
            danger
            command={`fleets devices label ${handle} ${key}-`}
          >
            <p>{`${key}=${labels[key]} is taken off ${name}.`}</p>
          </FormDialog>
        ))}
      </div>
      <FormDialog
        id="interval"
        title={`How often ${name} syncs`}
        api={`PATCH ${path}`}
        done="Set; it holds from the next sync on"
        submit="Set"
        command={`fleets devices interval ${handle} {intervalS}s`}
      >
        <Field label="Seconds between syncs" hint="1 to 604,800 (a week)">
          <input
            name="intervalS"
            type="number"
            data-as="number"
            min={1}
            max={604_800}
            required
            value={intervalS}
            autofocus
          />
        </Field>
      </FormDialog>
      <FormDialog
        id="remove"
        title={`Decommission ${name}?`}
        api={`DELETE ${path}`}
        done={`${name} is decommissioned`}
        submit="Decommission"
        danger
        command={`fleets devices remove ${handle}`}
      >
        <p>
          The server takes nothing more from it. Its history stays, and accepting it again brings it
          back.
        </p>
      </FormDialog>
      <dialog id="identify" aria-labelledby="identify-title">
        <div class="sheet">
          <h2 id="identify-title">{`Which one is ${name}?`}</h2>
          <p>
            With its next sync the device is asked to make itself known: it says so in its own log,
            and its answer shows that it listens.
          </p>
          <div class="field">
            <small>The same on a command line</small>
            <div class="cli">
              <code>{`fleets devices identify ${handle}`}</code>
              <button class="button small plain" type="button" data-copy="" aria-label="Copy">
                Copy
              </button>
            </div>
          </div>
          <div class="actions">
            <button class="button" type="button" data-closes="">Close</button>
            <button class="button primary" type="button" data-identify={handle} data-name={name}>
              Identify
            </button>
          </div>
        </div>
      </dialog>
    </>
  );
}
