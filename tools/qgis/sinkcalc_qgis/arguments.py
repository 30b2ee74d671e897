# SPDX-License-Identifier: Apache-2.0
"""Values of parameters as the argument vector of a program. No shell ever sees it."""
import re

from qgis.core import QgsMapLayerType

from .layers import Refusal, file_of
from .options import NUMBERS, is_set
from .parameters import band_key, more_key

# As the arguments of a Windows program: backslashes are doubled before a double quote only, so that \\server\share is what it says.
QUOTED = re.compile(r'"(?:[^"\\]|\\+[^"\\]|(?:\\\\)*\\")*(?:\\\\)*"')
WORD = re.compile(rf'(?:[^\s"]|{QUOTED.pattern})+')
LAYERS = ("raster", "zones", "vector", "sample")


def destination(algorithm, option, parameters, context):
    """Where the output goes, blank for nowhere. To be asked once a run: a temporary place is another one each time."""
    if option.type == "directory":
        return algorithm.parameterAsString(parameters, option.key, context)
    return algorithm.parameterAsFileOutput(parameters, option.key, context)


def argument_vector(algorithm, options, parameters, context, output=""):
    """Options first, each value behind its name, then `--` and the positional arguments. Throws Refusal."""
    typed, positional = [], []
    values = Values(algorithm, options, parameters, context, output)
    for option in options.offered:
        found = values.of(option)
        if option.positional:
            positional += found
        elif option.type == "flag":
            typed += [option.name] if found else []
        else:
            for value in found:
                typed += [option.name, value]
    return [*typed, *(["--", *positional] if positional else [])]


def words(text):
    """Words between spaces; a part in double quotes may hold spaces, and \\" there is a double quote. A backslash is one as it
    stands; only before a double quote two of them are one: "C:\\my maps\\\\"."""
    found = WORD.findall(text)
    if WORD.sub("", text).strip():
        raise Refusal(f"{text}: a double quote is open: close it")
    return [QUOTED.sub(lambda part: unescaped(part[0][1:-1]), word) for word in found]


def unescaped(text):
    return re.sub(r'(\\+)("|$)', lambda part: len(part[1]) // 2 * "\\" + part[2], text)


class Values:
    """The values of one call, as lists of text; what is as the program has it by itself is left out, but for choices: see
    parameters.choice."""

    def __init__(self, algorithm, options, parameters, context, output):
        self.algorithm, self.options, self.parameters, self.context = algorithm, options, parameters, context
        self.output = output

    def of(self, option):
        if option.output:
            return [self.output] if self.output else []
        if option.type == "flag":
            return ["yes"] if self.algorithm.parameterAsBoolean(self.parameters, option.key, self.context) else []
        if is_set(option) or self.options.rides_with_sets(option):
            return self.of_sets(option)
        if option.type in LAYERS:
            return self.several_layers(option) if option.several else self.layer(option)
        if option.several:
            return self.list_of(option)
        return self.single(option)

    def text(self, key):
        return self.algorithm.parameterAsString(self.parameters, key, self.context)

    def layer(self, option):
        """One layer, with its band where that was chosen."""
        as_layer = self.algorithm.parameterAsRasterLayer if option.type == "raster" else self.algorithm.parameterAsLayer
        found = as_layer(self.parameters, option.key, self.context)
        band = self.parameters.get(band_key(option)) if option.type in ("raster", "zones") else None
        band = None if band in (None, "") else self.algorithm.parameterAsInt(self.parameters, band_key(option), self.context)
        if found is None:
            if self.parameters.get(option.key) not in (None, ""):
                raise Refusal(f"{option.key}: {self.parameters[option.key]}: cannot be opened as a layer: check the path")
            return []
        if band is not None and found.type() != QgsMapLayerType.RasterLayer:
            raise Refusal(f"{band_key(option)}: '{found.name()}' is no raster and has no bands: leave the field blank")
        return [file_of(found, option.key, band)]

    def several_layers(self, option):
        """Several layers, each with its band where bands are given: one for all or one for each."""
        found = self.algorithm.parameterAsLayerList(self.parameters, option.key, self.context)
        given = self.parameters.get(option.key)
        if isinstance(given, (list, tuple)) and len(given) != len(found):
            raise Refusal(f"{option.key}: of {len(given)} layers {len(found)} can be opened: check their paths")
        bands = [None] * len(found)
        text = self.text(band_key(option)) if option.type == "raster" else ""
        if text.strip():
            bands = text.replace(",", " ").split()
            bands = bands * len(found) if len(bands) == 1 else bands
            if len(bands) != len(found) or not all(band.isdigit() for band in bands):
                raise Refusal(f"{band_key(option)}: '{text}' is not one band for {len(found)} layers, nor one for each: write 1 or 1,2")
        return [file_of(layer, option.key, band) for layer, band in zip(found, bands)]

    def of_sets(self, option):
        """One value for each zone set: of the fields, then of the table's rows. None at all where all are blank."""
        owner = option if is_set(option) else next(o for o in self.options.offered if is_set(o) and option in self.options.of(o))
        column = [owner, *self.options.of(owner)].index(option)
        first = self.layer(option) if option is owner else self.single(option)
        width = 1 + len(self.options.of(owner))
        cells = [str(cell or "") for cell in self.algorithm.parameterAsMatrix(self.parameters, more_key(owner), self.context)]
        rows = [cells[at:at + width] for at in range(0, len(cells), width)]
        more = [row[column] for row in rows if len(row) == width and row[0]]
        if option is owner:
            return first + more
        if not more:
            return first
        values = (first or [""]) + more
        return values if any(values) else []

    @staticmethod
    def checked_number(option, text):
        """A number from a field of text: whether it will do is the program's to say."""
        try:
            number = float(text)            # a model hands on 2015 as 2015.0
        except ValueError as error:
            raise Refusal(f"{option.key}: '{text}' is no number: {option.help}") from error
        return str(int(number)) if "." in text and number.is_integer() else text

    def list_of(self, option):
        given = self.parameters.get(option.key)
        if option.type == "choice":
            chosen = self.algorithm.parameterAsEnumStrings(self.parameters, option.key, self.context)
            return [text for text in chosen if text]        # QGIS has one blank text for nothing chosen
        if option.type in ("file", "table", "inventory"):
            return [path for path in self.algorithm.parameterAsFileList(self.parameters, option.key, self.context) if path]
        if option.type == "legend":
            return self.single(option) + words(self.text(more_key(option)))
        if isinstance(given, (list, tuple)):
            found = [str(value) for value in given if str(value)]
        else:
            text = self.text(option.key)
            found = text.replace(",", " ").split() if option.type in NUMBERS else words(text)
        return [self.checked_number(option, value) for value in found] if option.type in NUMBERS else found

    def single(self, option):
        """As text, none where nothing is given. A field that the program names by itself is filled in: a blank is passed on."""
        given = self.parameters.get(option.key)
        if option.type in NUMBERS:
            if given in (None, ""):
                return []
            if option.must_be_typed:
                return [self.checked_number(option, self.text(option.key).strip())]
            as_number = self.algorithm.parameterAsInt if option.type == "integer" else self.algorithm.parameterAsDouble
            return [f"{as_number(self.parameters, option.key, self.context)!r}"]
        if option.type == "choice":
            text = self.algorithm.parameterAsEnumString(self.parameters, option.key, self.context)
            return [text] if text else []
        if option.type == "field":
            text = (self.algorithm.parameterAsFields(self.parameters, option.key, self.context) or [""])[0]
            return [] if text == (option.default or "") else [text]
        text = self.text(option.key)
        return [text] if text else []


