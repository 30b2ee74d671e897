#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""man_and_completion.py PROGRAM FOLDER: man pages of a program and of each of its commands, and its bash completion, from
what `PROGRAM --describe` says, so that they cannot drift."""
import json
import pathlib
import subprocess
import sys

EXIT = "0 done, 2 wrong usage or input and nothing written, 3 output or disk, 4 memory, 5 a check failed, 130 or 143 stopped."


def roff(text):
    """Plain text: no line of it is a command, no hyphen a dash."""
    lines = text.replace("\\", "\\e").replace("-", "\\-").split("\n")
    return "\n".join("\\&" + line if line[:1] in (".", "'") else line for line in lines)


def page(name, told, summary, synopsis, body):
    return f""".TH "{name}" 1 "" "{told['program']} {told['version']}" "User commands"
.SH NAME
{roff(name)} \\- {roff(summary)}
.SH SYNOPSIS
.B {roff(synopsis)}
{body}.SH EXIT STATUS
{EXIT}
"""


def words(parameter):
    return [parameter["name"], *parameter["aliases"]]


def option_text(parameter):
    value = "" if parameter["positional"] or not parameter["value"] else f" {parameter['value']}" * parameter["values"]
    notes = [", ".join(parameter["choices"])] if parameter["choices"] else []
    notes += [f"default {parameter['default']}"] if parameter["default"] else []
    notes += ["required"] if parameter["required"] else []
    note = f" ({'; '.join(notes)})" if notes else ""
    return f".TP\n.B {roff(', '.join(words(parameter)) + value)}\n{roff(parameter['help'] + note)}\n"


def command_page(told, command):
    places = "".join(f" {p['name']}" + (" …" if p["repeatable"] else "") for p in command["parameters"] if p["positional"])
    body = ".SH OPTIONS\n" + "".join(option_text(p) for p in command["parameters"])
    body += f".SH EXAMPLE\n.EX\n{roff(command['example'])}\n.EE\n.SH SEE ALSO\n.BR {told['program']} (1)\n"
    name = f"{told['program']} {command['command']}"
    return page(name.replace(" ", "-"), told, command["summary"], f"{name}{places} [options]", body)


def program_page(told):
    body = ".SH COMMANDS\n" + "".join(f".TP\n.B {roff(c['command'])}\n{roff(c['summary'])}\n" for c in told["commands"])
    return page(told["program"], told, told["summary"], f"{told['program']} COMMAND [options]", body)


def completion(told):
    program, commands = told["program"], told["commands"]
    options, values = [], []
    for command in commands:
        name, parameters = command["command"], [p for p in command["parameters"] if not p["positional"]]
        options.append(f"    {name}) options='{' '.join(w for p in parameters for w in words(p))} --help' ;;")
        for parameter in parameters:
            offer = f"offered='{' '.join(parameter['choices'])}'" if parameter["choices"] else \
                "kind=-d" if parameter["type"] == "directory" else ""
            values += [f"    {name}:{word}) {offer} ;;" for word in words(parameter) if offer]
    names = [c["command"] for c in commands]
    newline = "\n"
    return f"""# bash completion of {program} {told['version']}, made from {program} --describe
_{program}() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} command='' options='' offered='' kind=-f i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${{COMP_WORDS[i]}} in {'|'.join(names)}) command=${{COMP_WORDS[i]}}; break ;; esac
  done
  case $command in
    '') offered='{' '.join(names)} --help --version --describe' ;;
{newline.join(options)}
  esac
  case $command:$before in
{newline.join(values)}
  esac
  if [[ -z $offered && $current == -* ]]; then offered=$options; fi
  if [[ -n $offered ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$offered" -- "$current")
  else
    compopt -o filenames 2> /dev/null
    mapfile -t COMPREPLY < <(compgen $kind -- "$current")
  fi
}}
complete -F _{program} {program}
"""


def main(program, folder):
    told = json.loads(subprocess.run([program, "--describe"], check=True, stdout=subprocess.PIPE).stdout)
    man, bash = pathlib.Path(folder) / "man1", pathlib.Path(folder) / "completions"
    for path in (man, bash):
        path.mkdir(parents=True, exist_ok=True)
    for command in told["commands"]:
        (man / f"{told['program']}-{command['command']}.1").write_text(command_page(told, command), encoding="utf-8")
    (man / f"{told['program']}.1").write_text(program_page(told), encoding="utf-8")
    (bash / told["program"]).write_text(completion(told), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
