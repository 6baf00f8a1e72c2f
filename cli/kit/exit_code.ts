/**
 * The exit codes of every FleetD command line. Scripts depend on them: a number never changes its meaning.
 *
 * @module
 */

/** What a process of ours ends with. */
export const ExitCode = {
  /** It did what was asked. */
  ok: 0,
  /** It failed for a reason that no other code names. */
  failed: 1,
  /** The command line itself is wrong, or an answer is needed and nobody can be asked. */
  usage: 2,
  /** No sign-in is stored, or the server no longer accepts it. */
  notSignedIn: 3,
  /** The named device, token or file does not exist. */
  notFound: 4,
  /** No server or device answers at the address. */
  unreachable: 5,
  /** Refused: not allowed, or the present state does not permit it. */
  refused: 6,
  /** What was waited for did not happen in time. */
  timedOut: 7,
  /** Ended by Ctrl-C at a question. */
  interrupted: 130,
} as const;

/** One of the numbers of {@linkcode ExitCode}. */
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** Number and meaning, in the order in which help texts show them. */
export const EXIT_CODE_MEANINGS: readonly (readonly [ExitCode, string])[] = [
  [ExitCode.ok, "done"],
  [ExitCode.failed, "failed"],
  [ExitCode.usage, "wrong usage, or an answer is needed and there is no terminal to ask on"],
  [ExitCode.notSignedIn, "not signed in"],
  [ExitCode.notFound, "not found"],
  [ExitCode.unreachable, "no answer from the server or device"],
  [ExitCode.refused, "refused: not allowed, or not in the present state"],
  [ExitCode.timedOut, "what was waited for did not happen in time"],
  [ExitCode.interrupted, "interrupted"],
];
