/**
 * @module
 * What can be done to the selected devices of a list: the bar and its dialogs. `client/selection.ts` moves them.
 */
import { Field } from "./dialogs.tsx";

/** The bar; it shows itself when something is selected. */
export function BulkBar() {
  return (
    <div id="bulk" class="bulk" role="region" aria-label="Selected devices" hidden>
      <b data-chosen role="status"></b>
      <button class="button" type="button" data-bulk="accept" aria-haspopup="dialog">Accept</button>
      <button class="button" type="button" data-bulk="label" aria-haspopup="dialog">Label</button>
      <button class="button plain" type="button" data-clear-selection>Clear selection</button>
    </div>
  );
}

/** The dialogs of the bar. */
export function BulkDialogs() {
  return (
    <>
      <dialog id="bulk-accept" class="wide" aria-labelledby="bulk-accept-title">
        <form method="dialog">
          <h2 id="bulk-accept-title">Accept these devices?</h2>
          <p class="soft">
            Compare each fingerprint with the one the device itself shows (<code>
              fleetd status
            </code>). One that differs belongs to another device: reject it.
          </p>
          <ul class="list tight card" data-list></ul>
          <Commands />
          <Outcome />
          <Buttons submit="Accept" />
        </form>
      </dialog>
      <dialog id="bulk-label" class="wide" aria-labelledby="bulk-label-title">
        <form method="dialog">
          <h2 id="bulk-label-title">
            Label <span data-which></span>
          </h2>
          <div class="row">
            <Field label="Key">
              <input
                name="key"
                required
                pattern="[A-Za-z0-9][A-Za-z0-9._\/\-]{0,31}"
                placeholder="site"
                autocomplete="off"
              />
            </Field>
            <Field label="Value" hint="Empty takes the label away">
              <input name="value" maxlength={64} placeholder="berlin" autocomplete="off" />
            </Field>
          </div>
          <Commands />
          <Outcome />
          <Buttons submit="Label" />
        </form>
      </dialog>
    </>
  );
}

function Commands() {
  return (
    <div class="field">
      <small>The same on a command line</small>
      <div class="cli value">
        <code data-commands tabindex={0} role="group" aria-label="Commands"></code>
        <button class="button small plain" type="button" data-copy="" aria-label="Copy">
          Copy
        </button>
      </div>
    </div>
  );
}

function Outcome() {
  return (
    <>
      <progress hidden aria-label="Progress"></progress>
      <p class="problem" role="alert" hidden></p>
    </>
  );
}

function Buttons({ submit }: { submit: string }) {
  return (
    <div class="actions">
      <button class="button" type="button" data-closes="">Cancel</button>
      <button class="button primary" type="submit">{submit}</button>
    </div>
  );
}
