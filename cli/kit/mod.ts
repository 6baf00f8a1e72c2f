/**
 * What the three command lines share: program builder, output, exit codes, sign-in profile, admin client, questions.
 * It imports no other folder.
 *
 * @module
 */
export * from "./cli_error.ts";
export * from "./display_width.ts";
export * from "./exit_code.ts";
export { commandPath } from "./help_text.ts";
export * from "./human.ts";
export * from "./output.ts";
export * from "./program.ts";
export * from "./rewrite_arguments.ts";
export * from "./safe_text.ts";
export * from "./table.ts";
export * from "./terminal.ts";
export * from "./admin_client.ts";
export { getJson, type HttpAnswer, type HttpRequest, openHttp, readAll } from "./http.ts";
export * from "./problem_error.ts";
export * from "./profile.ts";
export * from "./prompt.ts";
export * from "./secret.ts";
export * from "./server_sent_events.ts";
export * from "./sudo.ts";
export * from "./tls_pin.ts";
export * from "./completion.ts";
export * from "./filter.ts";
export * from "./live_view.ts";
