/**
 * What the three command lines share: program builder, output, exit codes, sign-in profile, admin client, questions.
 * It imports no other folder.
 *
 * @module
 */
export * from "./cli_error.ts";
export * from "./display_width.ts";
export * from "./exit_code.ts";
export * from "./human.ts";
export * from "./output.ts";
export * from "./program.ts";
export * from "./rewrite_arguments.ts";
export * from "./safe_text.ts";
export * from "./table.ts";
export * from "./terminal.ts";
