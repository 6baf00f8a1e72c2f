/**
 * @module
 * The shapes of users, sessions and signing in.
 */
import * as v from "valibot";
import { ROLES } from "../../access/role.ts";
import { labels, moment } from "../schema_parts.ts";

const role = v.picklist(ROLES, `one of ${ROLES.join(", ")}`);

/** The name of a user: what is typed at every sign-in. */
export const userName = v.pipe(
  v.string(),
  v.regex(
    /^[A-Za-z0-9][A-Za-z0-9._@-]{0,62}$/,
    "1 to 63 letters, digits, dots, dashes, underscores or @",
  ),
);

/** A password as it is given; whether it is good enough is the feature's to say. */
export const passwordText = v.pipe(v.string(), v.minLength(1), v.maxLength(512));

/** The code of a one-time link. */
export const linkCode = v.pipe(v.string(), v.minLength(1), v.maxLength(64));

/** What a new user, or a change of one, may say. */
export const userRights = { role, scope: v.strictObject({ labels }) };

/** A user; what proves it is not here. */
export const userSchema = v.object({
  id: v.string(),
  name: v.string(),
  role: v.picklist(ROLES),
  scope: v.object({ labels }),
  createdAtMs: moment("Made"),
  passwordAtMs: v.nullable(moment("The password was set; null: it never was")),
  linkExpiresAtMs: v.nullable(moment("End of the open sign-in link")),
  disabledAtMs: v.nullable(moment("Since when the user cannot sign in")),
  lastSignInMs: v.nullable(moment("Last sign-in")),
});

/** A user and its one-time link. */
export const invitedUserSchema = v.object({
  user: userSchema,
  code: v.pipe(v.string(), v.description("Works once, for a day; shown once")),
  path: v.pipe(v.string(), v.description("Where the code is used: /setup#<code>")),
  link: v.pipe(v.string(), v.description("The whole address to hand over")),
});

/** A session; what proves it is not here. */
export const sessionSchema = v.object({
  id: v.string(),
  userId: v.string(),
  userName: v.string(),
  createdAtMs: moment("Signed in"),
  expiresAtMs: moment("Ends"),
  lastUsedMs: moment("Last use, exact to a minute"),
  address: v.nullable(v.string()),
  agent: v.nullable(v.pipe(v.string(), v.description("What the browser called itself"))),
  current: v.pipe(v.boolean(), v.description("The one that asks")),
});

/** What signing in answers, beside the cookie. */
export const signedInSchema = v.object({
  user: userSchema,
  sessionId: v.string(),
  expiresAtMs: moment("The session ends"),
});
