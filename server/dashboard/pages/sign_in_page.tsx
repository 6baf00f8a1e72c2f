/**
 * @module
 * The pages before anybody is signed in: the name and the password, and the one-time link that sets a password.
 */
import * as v from "valibot";
import { type Reply, route } from "../../http/route_table.ts";
import { Field } from "../components/dialogs.tsx";
import { Icon } from "../components/icons.tsx";
import { Document, type FrameProps } from "../layout.tsx";
import { html, themeOf } from "../page.tsx";

const RATE = { burst: 30, perMinute: 120 };

/** Only a path of this server is gone on to: anything else is the overview. */
export function safeNext(next: string | undefined): string {
  return next !== undefined && /^\/(?![\/\\])[\x21-\x7e]*$/.test(next) && !next.includes("\\")
    ? next
    : "/";
}

const shared = {
  method: "GET",
  access: "public",
  reach: "secure",
  page: true,
  undocumented: true,
  tag: "pages",
  bodyLimitBytes: 0,
  rate: RATE,
  replies: { 200: { description: "A page", type: "text/html" } },
} as const;

/** The rows of both pages. */
export const signInPages = [
  route({
    ...shared,
    path: "/sign-in",
    operation: "showSignIn",
    summary: "Sign in with a name and a password",
    query: v.object({
      next: v.fallback(v.optional(v.pipe(v.string(), v.maxLength(2_000))), undefined),
    }),
    handle: async (request, { server, clock, signIn }): Promise<Reply> => {
      const { users } = await signIn.ways();
      return html(
        <SignInPage
          fleet={server.name}
          nowMs={clock.nowMs()}
          theme={themeOf(request)}
          title="Sign in"
          fingerprint={server.fingerprint}
          next={safeNext(request.query.next)}
          users={users}
        />,
      );
    },
  }),
  route({
    ...shared,
    path: "/setup",
    operation: "showSetup",
    summary: "Spend a one-time link: set a password",
    handle: (request, { server, clock }): Reply =>
      html(
        <SetUpPage
          fleet={server.name}
          nowMs={clock.nowMs()}
          theme={themeOf(request)}
          title="Set your password"
          fingerprint={server.fingerprint}
        />,
      ),
  }),
];

interface EntryProps extends FrameProps {
  readonly fingerprint: string;
}

/** Signing in. */
export function SignInPage(props: EntryProps & { readonly next: string; readonly users: boolean }) {
  return (
    <Document {...props}>
      <main class="centre" id="main" tabindex={-1}>
        <div class="card" data-sign-in data-next={props.next}>
          <div class="body">
            <Brand />
            <h1>{props.fleet}</h1>
            {props.users ? null : <NoUsers />}
            <form class="fields" data-api="POST /api/v1/sign-in" data-then={props.next}>
              <Field label="User name">
                <input
                  name="name"
                  required
                  autocomplete="username"
                  autofocus
                  spellcheck={false}
                  autocapitalize="none"
                />
              </Field>
              <Field label="Password">
                <input name="password" type="password" required autocomplete="current-password" />
              </Field>
              <p class="problem" role="alert" hidden></p>
              <button class="button primary" type="submit">Sign in</button>
            </form>
            <noscript>
              <p class="problem">Signing in needs JavaScript.</p>
            </noscript>
            <ServerProof fingerprint={props.fingerprint} />
          </div>
        </div>
      </main>
    </Document>
  );
}

function Brand() {
  return (
    <div class="brand-mark">
      <Icon name="fleet" size={34} />
    </div>
  );
}

function NoUsers() {
  return (
    <div class="note info">
      <div>
        <b>Nobody has a password yet.</b>{" "}
        The server printed a link when it started: open it to become the first administrator. Lost
        it? Start the server again.
      </div>
    </div>
  );
}

function ServerProof({ fingerprint }: { fingerprint: string }) {
  return (
    <p class="soft small">
      {"Server "}
      <code>{fingerprint}</code>
    </p>
  );
}

/** Setting a password with a link. */
export function SetUpPage(props: EntryProps) {
  return (
    <Document {...props}>
      <main class="centre" id="main" tabindex={-1}>
        <div class="card">
          <div class="body">
            <Brand />
            <h1>{`Welcome to ${props.fleet}`}</h1>
            <p id="link-wait" class="soft" role="status">Checking your link …</p>
            <p id="link-problem" class="problem" role="alert" hidden></p>
            <form
              class="fields"
              data-set-up
              data-api="POST /api/v1/sign-in/link/use"
              data-then="/"
              hidden
            >
              <input type="hidden" name="code" />
              <Field label="User name">
                <input
                  name="name"
                  required
                  pattern="[A-Za-z0-9][A-Za-z0-9._@\-]{0,62}"
                  autocomplete="username"
                  spellcheck={false}
                  autocapitalize="none"
                />
              </Field>
              <Field label="Password" hint="12 characters or more; a few words will do">
                <input
                  name="password"
                  type="password"
                  required
                  minlength={12}
                  autocomplete="new-password"
                />
              </Field>
              <Field label="The password again">
                <input
                  name="again"
                  type="password"
                  required
                  autocomplete="new-password"
                  data-as="nothing"
                />
              </Field>
              <p class="problem" role="alert" hidden></p>
              <button class="button primary" type="submit">Set the password and sign in</button>
            </form>
            <noscript>
              <p class="problem">Setting a password needs JavaScript.</p>
            </noscript>
            <ServerProof fingerprint={props.fingerprint} />
          </div>
        </div>
      </main>
    </Document>
  );
}
