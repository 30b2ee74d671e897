# SPDX-License-Identifier: Apache-2.0
"""The QGIS plugin where something is missing, refused, failing, cancelled or opened; and how it is packed and loaded."""
import configparser
import pathlib
import shutil
import subprocess
import tempfile
import unittest
import zipfile

from qgis_process import ROOT, Qgis, exit_without_qgis

exit_without_qgis()

from plugin_world import make_world                                                             # noqa: E402
from test_qgis_plugin import PROGRAMS, contents                                                 # noqa: E402

LONGEST_STOP_S = 10
FLOAT, CLASSES, GRADUATED = "QgsSingleBandPseudoColorRenderer", "QgsPalettedRasterRenderer", "QgsGraduatedSymbolRenderer"

# A program of next year: a command and a type that the plugin has never heard of.
LATER_PROGRAM = """#!/usr/bin/python3
import json, sys
def entry(name, type, **more):
    return {"name": name, "aliases": [], "type": type, "required": False, "default": None, "help": "some " + name, "choices": [], "group": "Options",
            "repeatable": False, "values": 1, "positional": False, **more}
if sys.argv[1:] == ["--describe"]:
    print(json.dumps({"program": "sinkcalc", "version": "9.0", "summary": "", "commands": [{"program": "sinkcalc", "command": "stands",
        "summary": "of next year", "example": "", "parameters": [
            entry("FILE", "vector", positional=True, required=True, repeatable=True, most=None), entry("--area-field", "field", of="FILE"),
            entry("--like", "raster"), entry("--hologram", "hologram"), entry("--tile", "integer"), entry("--from", "directory"),
            entry("--output", "file", output=True)]}]}))
else:
    open(sys.argv[sys.argv.index("--output") + 1], "w").write("\\n".join(sys.argv[1:]))
    print("sinkcalc: warning: as you like it", file=sys.stderr)
"""


class Inside(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="sinkcalc_qgis_"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.world = make_world(cls.folder)
        cls.before = contents(cls.world)
        cls.qgis = Qgis(cls.folder / "home", pathlib.Path(PROGRAMS["sinkcalc"]).parent)
        cls.answers = cls.qgis.session(cls.world)

    def typed(self, *arguments):
        done = subprocess.run([PROGRAMS["sinkcalc"], *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_layers_that_are_no_file_as_they_stand_are_refused(self):
        for name, words in (("memory_layer", ["ZONES", "'scratch'", "in memory", "not a file", "export it"]),
                            ("unsaved_edits", ["ZONES", "'edited'", "unsaved edits", "save them"]),
                            ("filtered_layer", ["ZONES", "'half'", "filter", "\"code\" = '1'"]),
                            ("web_raster", ["AGB", "'tiles'", "web map", "not a file"]),
                            ("raster_without_its_band", ["AGB", "'stands'", "2 bands", "choose the band"]),
                            ("year_that_is_none", ["YEAR", "'soon'", "no number"])):
            for word in words:
                with self.subTest(f"{name} {word}"):
                    self.assertIn(word, self.answers[name])
        self.assertFalse((self.world / "never").exists())

    def test_a_failing_tool_fails_with_its_own_words(self):
        self.assertIn("nowhere.toml: no such file: give the path of an inventory", self.answers["failing_tool"])
        self.assertIn("nowhere.tif: no such file", self.answers["check_that_finds"])

    def test_a_mistyped_value_is_named(self):
        self.assertIn("--resolution SIZE: cannot be '30 m'", self.answers["mistyped_size"])

    def test_a_choice_is_passed_even_where_it_is_the_default(self):
        asked, believed = self.answers["choice_that_is_the_default"]
        self.assertIn("if it is right, --volume-unit per_ha", asked)
        self.assertTrue((pathlib.Path(believed["OUTPUT"]) / "run.json").is_file(), believed)

    def test_a_number_is_passed_even_where_it_is_the_default(self):
        self.assertIn("--threads 0", self.answers["number_that_is_the_default"])
        self.assertIn("--memory 512M", self.answers["number_that_is_the_default"])

    def test_defaults_are_told_and_not_filled_in(self):
        for (label, at_first), default in zip(self.answers["defaults"], ["per_ha", "512M", "0"]):
            self.assertTrue(label.endswith(f"[blank: {default}]"), label)
            self.assertIsNone(at_first)

    def test_zones_that_are_one_band_of_a_class_raster(self):
        with_band, without, polygons = self.answers["class_raster_zones"]
        self.typed("zonal", self.world / "carbon_a.tif", "--zones", f"{self.world / 'stands.tif'}:1", "-o", self.folder / "class zones")
        self.assertEqual(contents(with_band["OUTPUT"]), contents(self.folder / "class zones"))
        self.assertIn("ZONES: 'stands' has 2 bands: choose the band, in the field below it", without)
        self.assertIn("ZONES_BAND: 'towns' is no raster and has no bands: leave the field blank", polygons)

    def test_words_in_double_quotes(self):
        self.assertEqual(list(self.answers["words_in_quotes"].values()),
                         [["a", "b c"], [r"\\server\my maps\x.tif"], ["C:\\my maps\\", "b"], ['park=a "b"'], [""]])

    def test_whole_numbers_of_a_model(self):
        self.typed("sink", "--from", self.world / "carbon_a.tif", "--to", self.world / "carbon_b.tif", "--years", "2015", "2020", "-o",
                   self.folder / "of a model")
        self.assertEqual(contents(self.answers["years_of_a_model"]["OUTPUT"]), contents(self.folder / "of a model"))

    def test_layers_of_a_project_give_what_their_files_give(self):
        out = pathlib.Path(self.answers["loaded_layers"]["OUTPUT"])
        zones = self.world / "区 县.gpkg"
        self.typed("zonal", self.world / "carbon_a.tif", self.world / "carbon_b.tif", "--zones", zones, "--zone-id", "code", "--zone-name", "name",
                   "--by", self.world / "b.tif", "-o", self.folder / "by path")
        self.assertEqual(contents(out), contents(self.folder / "by path"))
        self.assertEqual({name: contents(self.world)[name] for name in self.before}, self.before)

    def test_edits_that_were_saved_count_and_are_in_the_file_that_is_hashed(self):
        results, zones_in_file = self.answers["saved_edits"]
        lines = (pathlib.Path(results["OUTPUT"]) / "zonal.csv").read_text(encoding="utf-8").splitlines()[1:]
        self.assertEqual({line.split(",")[1] for line in lines}, {"2", "total"})
        self.assertEqual(zones_in_file, 1)

    def test_further_zone_sets(self):
        self.typed("zonal", self.world / "carbon_a.tif", "--zones", self.world / "区 县.gpkg", "--zones", self.world / "towns.gpkg",
                   "--zone-id", "code", "--zone-id", "town", "-o", self.folder / "two sets")
        self.assertEqual(contents(self.answers["two_zone_sets"]["OUTPUT"]), contents(self.folder / "two sets"))

    def test_results_open_with_their_styles(self):
        found = self.answers["opened_with_styles"]
        self.assertTrue(found["good"])
        expected = {f"{layer}_{year}": FLOAT for layer in ("agb", "carbon", "co2") for year in (2015, 2020)}
        self.assertEqual(found["layers"], {**expected, "sink_2015_2020": FLOAT, "change_2015_2020": CLASSES, "zones: county": GRADUATED})
        self.assertNotIn("my own.tif", found["sources"])
        self.assertEqual(len(found["sources"]), len(found["layers"]))
        self.typed("run", self.world / "i.toml", "-o", self.folder / "typed")
        self.assertEqual(contents(self.world / "opened"), contents(self.folder / "typed"), "opening them changed the files")

    def test_results_may_go_to_a_temporary_folder(self):
        self.assertEqual(self.answers["temporary_folder"], ["run.json", "zonal.csv"])

    def test_progress_and_warnings_are_passed_on(self):
        found = self.answers["opened_with_styles"]
        self.assertEqual(found["progress"], [0, 100])
        self.assertIn("computing", found["texts"])
        self.assertIn("unverified parameters in use", found["warnings"][0])

    def test_cancel_stops_the_program_and_leaves_nothing(self):
        found = self.answers["cancel"]
        self.assertIn("Cancelled", found["answer"])
        self.assertLess(found["seconds"], LONGEST_STOP_S)
        self.assertEqual((found["left"], found["children"]), (False, 0))

    def test_parameters_have_types(self):
        types = {name: kind for name, (kind, _, _) in self.answers["types"].items()}
        for name, kind in {"FOREST_TYPE": "raster", "FOREST_TYPE_BAND": "band", "METHOD": "enum", "ZONES": "layer", "ZONE_ID": "field",
                           "OUTPUT": "folderDestination", "THREADS": "number", "STRICT": "boolean", "DENSITIES": "file"}.items():
            self.assertEqual(types[name], kind, name)
        hidden = {name for name, (_, _, advanced) in self.answers["types"].items() if advanced}
        self.assertTrue({"THREADS", "MEMORY", "CO", "IO"} <= hidden)
        self.assertFalse({"METHOD", "ZONES", "OUTPUT", "OVERWRITE"} & hidden)

    def test_the_setting(self):
        found = self.answers["setting"]
        ids, problem, failure = found["without"]
        self.assertEqual(ids, ["sinkcalc:missing"])
        for text in (problem, failure):
            self.assertIn("Settings > Options > Processing > Providers > sinkcalc", text)
        self.assertIn("sinkcalc:run", found["with"])
        self.assertEqual(found["problem"], "")

    def test_unloading_takes_the_providers_away(self):
        self.assertEqual(self.answers["after_unload"], [])


class Programs(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sinkcalc_qgis_"))
        self.addCleanup(shutil.rmtree, self.folder)

    def test_without_programs_the_plugin_says_how_to_set_them(self):
        qgis = Qgis(self.folder / "home", None)
        qgis.environment["PATH"] = "/usr/bin:/bin"
        self.assertIn("sinkcalc:missing", qgis.process("list").stdout)
        done = qgis.run("sinkcalc:missing", {})
        self.assertNotEqual(done.returncode, 0)
        for words in ("sinkcalc is not found", "Settings > Options > Processing > Providers", "SINKCALC_PATH"):
            self.assertIn(words, done.stdout + done.stderr)

    def test_a_later_command_appears_without_an_edit(self):
        programs = self.folder / "programs"
        programs.mkdir()
        (programs / "sinkcalc").write_text(LATER_PROGRAM, encoding="utf-8")
        (programs / "sinkcalc").chmod(0o755)
        world = make_world(self.folder)
        qgis = Qgis(self.folder / "home", programs)
        out = self.folder / "out.txt"
        layers = [str(world / "towns.gpkg"), str(world / "区 县.gpkg")]
        done = qgis.run("sinkcalc:stands", {"FILE": layers, "AREA_FIELD": "name", "LIKE": world / "a.tif", "HOLOGRAM": "blue", "TILE": 4096,
                                            "FROM": world, "OUTPUT": out})
        self.assertEqual(done.returncode, 0, done.stderr + done.stdout)
        self.assertEqual(out.read_text(encoding="utf-8").split("\n"),
                         ["stands", "--area-field", "name", "--like", str(world / "a.tif"), "--hologram", "blue", "--tile", "4096",
                          "--from", str(world), "--output", str(out), "--", *layers])


class Package(unittest.TestCase):
    def test_zip_is_complete_and_the_same_every_time(self):
        with tempfile.TemporaryDirectory() as folder:
            archives = [pathlib.Path(folder) / name for name in ("a.zip", "b.zip")]
            for archive in archives:
                subprocess.run([str(ROOT / "scripts" / "make_plugin"), str(archive)], stdout=subprocess.PIPE, check=True)
            self.assertEqual(archives[0].read_bytes(), archives[1].read_bytes())
            with zipfile.ZipFile(archives[0]) as archive:
                names = set(archive.namelist())
                metadata = configparser.ConfigParser(interpolation=None)
                metadata.read_string(archive.read("sinkcalc_qgis/metadata.txt").decode("utf-8"))
        source = ROOT / "tools" / "qgis" / "sinkcalc_qgis"
        expected = {f"sinkcalc_qgis/{path.name}" for path in source.iterdir() if path.is_file()} | {"sinkcalc_qgis/LICENSE"}
        self.assertEqual(names, expected)
        general = metadata["general"]
        for key in ("name", "description", "about", "version", "author", "email", "license", "tracker", "repository", "homepage", "tags", "icon"):
            self.assertTrue(general[key].strip(), key)
        self.assertEqual((general["qgisMinimumVersion"], general["hasProcessingProvider"]), ("3.22", "yes"))
        self.assertIn(f"sinkcalc_qgis/{general['icon']}", names)


if __name__ == "__main__":
    unittest.main()
