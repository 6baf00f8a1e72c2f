/**
 * The fish completion script, with descriptions.
 *
 * @module
 */
import type { CommandShape, OptionShape } from "./completion.ts";

/** The script; `name` is the program. */
export function fishCompletion(name: string, commands: readonly CommandShape[]): string {
  const fn = `__${name.replaceAll(/\W/g, "_")}_at`;
  const paths = commands.map((c) => c.path).filter((path) => path !== "");
  const valued = commands.flatMap((c) =>
    c.options.filter((o) => o.value.kind !== "none").flatMap((o) =>
      o.flags.map((flag) => `${c.path}|${flag}`)
    )
  );
  return `# ${name}: completion for fish. Load it with: ${name} completion fish | source

# Whether the words before the cursor lead to the command in $argv[1].
function ${fn}
  set -l paths ${paths.map(quote).join(" ")}
  set -l valued ${valued.map(quote).join(" ")}
  set -l path ''
  set -l skip 0
  for word in (commandline -opc)[2..]
    if test $skip -eq 1
      set skip 0
    else if string match -q -- '-*' $word
      set -l flag $word
      if not string match -q -- '--*' $flag; and test (string length -- $flag) -gt 2
        set flag "-$flag"
      end
      contains -- "$path|$flag" $valued; and set skip 1
    else
      set -l next (string trim -- "$path $word")
      contains -- $next $paths; and set path $next
    end
  end
  test "$path" = "$argv[1]"
end

complete -c ${name} -f
${commands.flatMap((command) => commandLines(command, { name, fn })).join("\n")}
`;
}

function commandLines(command: CommandShape, { name, fn }: { name: string; fn: string }): string[] {
  const where = `complete -c ${name} -n ${quote(`${fn} ${quote(command.path)}`)}`;
  return [
    ...command.children.map((c) => `${where} -a ${quote(c.name)} -d ${quote(c.description)}`),
    ...command.operands.map((word) => `${where} -a ${quote(word)}`),
    ...(command.ask ? [`${where} -a ${quote(`(${command.ask} 2>/dev/null)`)}`] : []),
    ...command.options.map((option) => `${where} ${optionWords(option)}`),
  ];
}

function optionWords({ flags, description, value }: OptionShape): string {
  const names = flags.map((flag) =>
    flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`
  );
  const takes = value.kind === "words"
    ? [`-x -a ${quote(value.words.join(" "))}`]
    : value.kind === "path"
    ? ["-r -F"]
    : value.kind === "any"
    ? ["-x"]
    : [];
  return [...names, ...takes, `-d ${quote(description)}`].join(" ");
}

/** fish keeps everything between single quotes, but for `\\` and `\'`. */
function quote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
