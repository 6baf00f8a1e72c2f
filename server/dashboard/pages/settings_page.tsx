/**
 * @module
 * Settings: the person's own sign-in; for administrators users, everybody's sessions and API tokens; and the server
 * itself with the fingerprints that prove it.
 */
import type { ApiToken } from "../../access/api_tokens.ts";
import { isWholeFleet } from "../../access/device_scope.ts";
import type { User } from "../../access/user.ts";
import type { Caller } from "../../http/route_table.ts";
import { ApiTokensCard, TokenDialogs } from "../components/api_tokens_card.tsx";
import { OnceDialog } from "../components/dialogs.tsx";
import { OwnSignIn, PasswordDialog } from "../components/own_sign_in.tsx";
import { ServerCard, type ServerView } from "../components/server_card.tsx";
import { SessionsCard, type SessionView } from "../components/sessions_card.tsx";
import { UserDialogs, UsersCard } from "../components/users_card.tsx";
import { PageHead } from "../layout.tsx";
import { pageRoute } from "../page.tsx";

/** The page's row. */
export const settingsRoute = pageRoute({
  path: "/settings",
  access: "viewer",
  operation: "showSettings",
  summary: "One's own sign-in, users, tokens, and the server",
  section: "settings",
  render: async ({ caller, deviceUrl, nowMs }, { server, tls, users, sessions, apiTokens }) => {
    const administers = caller.role === "admin" && isWholeFleet(caller.scope);
    const [people, open, tokens] = await Promise.all([
      administers ? users.list() : [],
      administers ? sessions.list(null) : caller.user === null ? [] : sessions.list(caller.user.id),
      administers ? apiTokens.list() : [],
    ]);
    return {
      title: "Settings",
      live: { kinds: [], everyS: 30 },
      content: (
        <Settings
          caller={caller}
          administers={administers}
          users={people}
          sessions={open}
          tokens={tokens}
          server={{ ...server, tls: tls() }}
          nowMs={nowMs}
        />
      ),
      dialogs: (
        <>
          {caller.user === null ? null : <PasswordDialog name={caller.user.name} />}
          {administers
            ? (
              <>
                <UserDialogs />
                <TokenDialogs />
                <OnceDialog deviceUrl={deviceUrl} />
              </>
            )
            : null}
        </>
      ),
    };
  },
});

/** What the page shows. */
export interface SettingsProps {
  readonly caller: Caller;
  readonly administers: boolean;
  readonly users: readonly User[];
  readonly sessions: readonly SessionView[];
  readonly tokens: readonly ApiToken[];
  readonly server: ServerView;
  readonly nowMs: number;
}

/** The page's content. */
export function Settings(
  { caller, administers, users, sessions, tokens, server, nowMs }: SettingsProps,
) {
  return (
    <>
      <PageHead title="Settings" />
      <div class="stack" data-region="settings">
        <div class="grid">
          <div class="half stack">
            <OwnSignIn caller={caller} />
            <ServerCard server={server} nowMs={nowMs} />
          </div>
          <div class="half stack">
            <SessionsCard
              sessions={sessions}
              caller={caller}
              everybody={administers}
              nowMs={nowMs}
            />
          </div>
        </div>
        {administers
          ? (
            <>
              <UsersCard users={users} caller={caller} nowMs={nowMs} />
              <ApiTokensCard tokens={tokens} caller={caller} nowMs={nowMs} />
            </>
          )
          : null}
      </div>
    </>
  );
}
