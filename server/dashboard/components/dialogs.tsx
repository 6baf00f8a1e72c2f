/**
 * @module
 * Dialogs: a question with the fields it needs, the command that does the same, and two ways out.
 */
import type { Child, PropsWithChildren } from "hono/jsx";
import { CommandTwin } from "./basics.tsx";

/** A dialog whose form asks the API. */
export interface FormDialogProps {
  readonly id: string;
  readonly title: string;
  /** `POST /api/v1/…`. */
  readonly api?: string;
  /** What always goes with the fields. */
  readonly body?: Readonly<Record<string, unknown>>;
  readonly shape?: "label";
  /** Said when it is done. */
  readonly done?: string;
  /** What the answer is for, when it is more than that it is done. */
  readonly result?: string;
  /** Where to go when it is done. */
  readonly then?: string;
  readonly submit: string;
  readonly danger?: boolean;
  readonly command?: string;
  /** Stands in the place of the command. */
  readonly extra?: Child;
}

/** One dialog. It is there from the start and opened by `data-opens`. */
export function FormDialog(props: PropsWithChildren<FormDialogProps>) {
  const { id, title, submit, danger, command, extra, children } = props;
  return (
    <dialog id={id} aria-labelledby={`${id}-title`}>
      <form
        method="dialog"
        data-api={props.api}
        data-done={props.done}
        data-result={props.result}
        data-then={props.then}
        data-shape={props.shape}
        data-body={props.body === undefined ? undefined : JSON.stringify(props.body)}
      >
        <h2 id={`${id}-title`}>{title}</h2>
        {children}
        {command === undefined ? extra : <CommandTwin command={command} />}
        <p class="problem" role="alert" hidden></p>
        <div class="actions">
          <button class="button" type="button" data-closes="">Cancel</button>
          <button class={`button primary${danger ? " danger" : ""}`} type="submit">{submit}</button>
        </div>
      </form>
    </dialog>
  );
}

/** A button that opens a dialog. */
export function OpenButton(
  { dialog, class: more = "", label, children }: PropsWithChildren<
    { dialog: string; class?: string; label?: string }
  >,
) {
  return (
    <button
      class={`button ${more}`}
      type="button"
      data-opens={dialog}
      aria-haspopup="dialog"
      aria-label={label}
    >
      {children}
    </button>
  );
}

/** A field with its label and a hint. */
export function Field(
  { label, hint, children }: PropsWithChildren<{ label: string; hint?: string }>,
) {
  return (
    <label class="field">
      <span>{label}</span>
      {children}
      {hint === undefined ? null : <small>{hint}</small>}
    </label>
  );
}

/** The dialog in which tokens and links are shown once, with commands that name this server as devices reach it. */
export function OnceDialog({ deviceUrl }: { deviceUrl: string }) {
  return (
    <dialog id="once" aria-labelledby="once-title" data-device-url={deviceUrl} data-stays>
      <div class="sheet" data-once></div>
    </dialog>
  );
}
