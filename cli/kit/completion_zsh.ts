/**
 * The zsh completion script, with descriptions.
 *
 * @module
 */
import type { CommandShape, OptionShape } from "./completion.ts";

/** The script; `name` is the program. */
export function zshCompletion(name: string, commands: readonly CommandShape[]): string {
  const fn = `_${name.replaceAll(/\W/g, "_")}`;
  return `#compdef ${name}
# ${name}: completion for zsh. Load it with: source <(${name} completion zsh)

# Fills names, options and values for the command in $1 and the option in $2.
${fn}_shape() {
  names=() options=() values=''
  case "$1" in
${commands.map(commandCase).join("\n")}
  esac
  case "$1|$2" in
${commands.flatMap((c) => c.options.filter(takesValue).map((o) => valueCase(c.path, o))).join("\n")}
  esac
}

# What may stand for a command's operand and is only known when asked.
${fn}_ask() {
  case "$1" in
${commands.filter((c) => c.ask).map((c) => `    '${c.path}') ${c.ask} 2>/dev/null ;;`).join("\n")}
  esac
}

${fn}() {
  local at='' flag='' values='' word='' waiting=''
  local -a names options
  integer i
  for ((i = 2; i < CURRENT; i++)); do
    word="\${words[i]}"
    if [[ -n "$waiting" ]]; then
      waiting=''
      continue
    fi
    case "$word" in
      --) return 1 ;;
      -*=*) ;;
      -*)
        flag="$word"
        [[ "$flag" == --* || \${#flag} -eq 2 ]] || flag="-$flag"
        ${fn}_shape "$at" "$flag"
        [[ -n "$values" ]] && waiting="$flag"
        ;;
      *)
        ${fn}_shape "$at" ''
        (( \${names[(I)\${word}:*]} )) && at="\${at:+$at }$word"
        ;;
    esac
  done
  word="\${words[CURRENT]}"
  if [[ -z "$waiting" && "$word" == -*=* ]]; then
    waiting="\${word%%=*}"
    [[ "$waiting" == --* || \${#waiting} -eq 2 ]] || waiting="-$waiting"
    compset -P '*='
  fi
  ${fn}_shape "$at" "$waiting"
  if [[ -n "$waiting" ]]; then
    case "$values" in
      :path) _files ;;
      :any) _message 'value' ;;
      *) compadd -- \${=values} ;;
    esac
  elif [[ "\${words[CURRENT]}" == -* ]]; then
    _describe -o 'option' options
  else
    names+=("\${(@f)$(${fn}_ask "$at" | tr '\\t' ':')}")
    names=("\${(@)names:#}")
    (( \${#names} )) && _describe 'command' names
  fi
}

if [[ "\${funcstack[1]}" == "${fn}" ]]; then
  ${fn} "$@"
else
  compdef ${fn} ${name}
fi
`;
}

function commandCase(command: CommandShape): string {
  const names = [
    ...command.children.map((c) => entry(c.name, c.description)),
    ...command.operands.map((word) => entry(word, word)),
  ];
  const options = command.options.flatMap((o) => o.flags.map((flag) => entry(flag, o.description)));
  return `    '${command.path}')
      names=(${names.join(" ")})
      options=(${options.join(" ")})
      ;;`;
}

function valueCase(path: string, { flags, value }: OptionShape): string {
  const patterns = flags.map((flag) => `'${path}|${flag}'`).join(" | ");
  const text = value.kind === "words" ? value.words.join(" ") : `:${value.kind}`;
  return `    ${patterns}) values='${text}' ;;`;
}

function takesValue(option: OptionShape): boolean {
  return option.value.kind !== "none";
}

/** `'name:description'`: a colon in the name is escaped, a quote ends and reopens the string. */
function entry(name: string, description: string): string {
  return `'${name.replaceAll(":", "\\:")}:${description.replaceAll("'", `'\\''`)}'`;
}
