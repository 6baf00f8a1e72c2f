/**
 * The bash completion script. It needs nothing beside bash itself, version 3.2 or newer (macOS).
 *
 * @module
 */
import type { CommandShape, OptionShape } from "./completion.ts";

/** The script; `name` is the program. */
export function bashCompletion(name: string, commands: readonly CommandShape[]): string {
  const fn = `_${name.replaceAll(/\W/g, "_")}`;
  return `# ${name}: completion for bash. Load it with: source <(${name} completion bash)

# Words that may follow a command.
${fn}_words() {
  case "$1" in
${commands.filter(hasWords).map((c) => caseLine(c.path, words(c))).join("\n")}
  esac
}

# Options of a command.
${fn}_options() {
  case "$1" in
${commands.map((c) => caseLine(c.path, c.options.flatMap((o) => o.flags).join(" "))).join("\n")}
  esac
}

# What follows an option: words, :path or :any; nothing when it takes no value.
${fn}_values() {
  case "$1|$2" in
${commands.flatMap((c) => c.options.filter(takesValue).map((o) => valueLine(c.path, o))).join("\n")}
  esac
}

# What may stand for a command's operand and is only known when asked.
${fn}_ask() {
  case "$1" in
${
    commands.filter((c) => c.ask).map((c) => `    '${c.path}') ${c.ask} 2>/dev/null | cut -f 1 ;;`)
      .join("\n")
  }
  esac
}

${fn}() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" path="" flag="" values="" word i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    flag=""
    case "$word" in
      --) return ;;
      -*)
        flag="$word"
        [[ "$flag" == --* || \${#flag} -eq 2 ]] || flag="-$flag"
        values="$(${fn}_values "$path" "$flag")"
        if [[ -n "$values" ]]; then
          [[ "\${COMP_WORDS[i + 1]}" == "=" ]] && ((i++))
          ((i++))
        else
          flag=""
        fi
        ;;
      *)
        [[ " $(${fn}_words "$path") " == *" $word "* ]] && path="\${path:+$path }$word"
        ;;
    esac
  done
  # The word under the cursor is the value of the option before it.
  if [[ -n "$flag" && $i -gt $COMP_CWORD ]] || [[ "$cur" == "=" ]]; then
    [[ "$cur" == "=" ]] && cur=""
    case "$values" in
      :path) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur")) ;;
      :any) ;;
      *) COMPREPLY=($(compgen -W "$values" -- "$cur")) ;;
    esac
  elif [[ "$cur" == -* ]]; then
    COMPREPLY=($(compgen -W "$(${fn}_options "$path")" -- "$cur"))
  else
    COMPREPLY=($(compgen -W "$(${fn}_words "$path") $(${fn}_ask "$path")" -- "$cur"))
  fi
}

complete -F ${fn} ${name}
`;
}

function hasWords(command: CommandShape): boolean {
  return command.children.length > 0 || command.operands.length > 0;
}

function words(command: CommandShape): string {
  return [...command.children.map((c) => c.name), ...command.operands].join(" ");
}

function takesValue(option: OptionShape): boolean {
  return option.value.kind !== "none";
}

function caseLine(pattern: string, text: string): string {
  return `    '${pattern}') echo '${text}' ;;`;
}

function valueLine(path: string, { flags, value }: OptionShape): string {
  const patterns = flags.map((flag) => `'${path}|${flag}'`).join(" | ");
  const text = value.kind === "words" ? value.words.join(" ") : `:${value.kind}`;
  return `    ${patterns}) echo '${text}' ;;`;
}
