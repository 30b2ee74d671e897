# SPDX-License-Identifier: Apache-2.0
"""The options of a command as `--describe` tells them, and which of them a person in QGIS is asked for."""

# What a command speaks like is the plugin's own business.
SPOKEN_BY_PLUGIN = ("--json", "--quiet", "--progress")
FILES = ("file", "table", "legend", "inventory")
NUMBERS = ("integer", "number")


LONGEST_LABEL = 58       # QGIS adds [optional]; longer ones make the dialog scroll sideways


def shortened(text):
    """Cut behind a clause, where it is too long for a label."""
    if len(text) <= LONGEST_LABEL:
        return text
    ends = [text.rfind(mark, 0, LONGEST_LABEL) for mark in ("; ", ": ", ", ", " (")]
    end = max(ends) if max(ends) > LONGEST_LABEL // 3 else text.rfind(" ", 0, LONGEST_LABEL)
    return text[:end] + " …"


def key_of(name):
    """`--forest-type` is the parameter FOREST_TYPE."""
    return name.lstrip("-").replace("-", "_").upper()


class Option:
    """One entry of `parameters`. Fields that an older program does not tell have their plain value."""

    def __init__(self, entry):
        self.name = entry["name"]
        self.key = key_of(self.name)
        self.type = entry["type"]
        self.help = entry["help"]
        self.required = entry["required"]
        self.default = entry["default"]
        self.choices = entry["choices"]
        self.positional = entry["positional"]
        self.least = max(1, entry["values"])
        most = entry.get("most", None if entry["repeatable"] else 1)
        self.several = self.type != "flag" and (most is None or most > 1)
        self.minimum, self.maximum = entry.get("minimum"), entry.get("maximum")
        self.unit = entry.get("unit")
        self.owner = entry.get("of")
        self.output = entry.get("output", False)
        self.advanced = entry.get("advanced", False)

    @property
    def label(self):
        """The option's name and what it is, short enough for a line before a field: the whole help is in its tooltip."""
        name = self.key.replace("_", " ").lower()
        text = self.help if self.help.lower().startswith(name) else f"{name}: {self.help}"
        return shortened(text[:1].upper() + text[1:])

    @property
    def must_be_typed(self):
        """A number that must be given and has no value to begin with: a box with arrows would show one all the same."""
        return self.required and self.default is None and not self.several and self.type in NUMBERS


class CommandOptions:
    """The options of one command, in the order of its help."""

    def __init__(self, command):
        everything = [Option(entry) for entry in command["parameters"]]
        self.names = {option.name for option in everything}
        self.offered = [option for option in everything if option.name not in SPOKEN_BY_PLUGIN]
        self.output = next((option for option in self.offered if option.output), None)

    @property
    def prints(self):
        """Its result goes to stdout and to no file."""
        return self.output is None

    def has(self, name):
        return name in self.names

    def of(self, owner):
        """Options that go with each value of `owner` where it may have several: fields of each zone set."""
        return [option for option in self.offered if option.owner == owner.name and option.several]

    def rides_with_sets(self, option):
        """Whether its first value has a field of its own and further ones stand in the table of the owner."""
        return any(option in self.of(owner) for owner in self.offered if is_set(owner))


def is_set(option):
    """A zone set, or whatever else is a layer with fields, several times over."""
    return option.type == "zones" and option.several
