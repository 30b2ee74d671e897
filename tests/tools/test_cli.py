# SPDX-License-Identifier: Apache-2.0
"""The command line itself: help, versions, descriptions, and every way to misuse it without a raster."""
import json
import os
import subprocess
import unittest

from cli import SINKCALC, CliTest

COMMANDS = ["run", "stock", "sink", "zonal", "check", "explain", "tiles", "merge", "methods", "parameters"]
SCREEN_LINES = 40

# Arguments that are wrong, and words that the error must have.
USAGE_ERRORS = [
    ("", ["no command", "sinkcalc --help"]),
    ("stok", ["unknown command 'stok'", "'stock'"]),
    ("--bogus", ["unknown option '--bogus'"]),
    ("stock --volme v.tif", ["unknown option '--volme'", "'--volume'", "sinkcalc stock --help"]),
    ("stock --year=2020 --memry=1G -o d", ["'--memry'", "'--memory'"]),
    ("stock --volume v.tif -o d", ["--year", "missing"]),
    ("stock --volume v.tif --year 2020", ["-o DIR", "missing"]),
    ("stock --year 2020 -o d", ["no map", "--volume"]),
    ("stock --year 15 -o d", ["--year", "'15'", "2015"]),
    ("stock --year 2020 --method beff -o d", ["'beff'", "'bef'", "regression"]),
    ("stock --year 2020 --pools agb,sol -o d", ["'sol'", "'soil'"]),
    ("stock --year 2020 --of PNG -o d", ["'PNG'", "COG,GTiff"]),
    ("stock --year 2020 -co LEVEL -o d", ["'LEVEL'", "KEY=VALUE"]),
    ("stock --year 2020 --volume v.tif --zone-id code -o d", ["--zone-id", "--zones"]),
    ("stock --year 2020 --volume v.tif --zones a.gpkg b/a.gpkg --zone-id code -o d", ["two zone sets", "'a'"]),
    ("run", ["INVENTORY", "missing"]),
    ("run i.toml", ["-o DIR", "missing"]),
    ("run i.toml -o", ["-o DIR"]),
    ("run i.toml extra -o d", ["'extra'"]),
    ("run missing.toml -o d", ["missing.toml", "no such file"]),
    ("run i.toml -o d --memory abc", ["--memory", "'abc'", "512M"]),
    ("run i.toml -o d --memory -1G", ["--memory"]),
    ("run i.toml -o d --memory 1K", ["--memory", "16M"]),
    ("run i.toml -o d --memory nan", ["--memory"]),
    ("run i.toml -o d --threads x", ["--threads", "'x'"]),
    ("run i.toml -o d --threads -1", ["--threads", "'-1'"]),
    ("run i.toml -o d --threads 99999999999", ["--threads"]),
    ("run i.toml -o d --progress maybe", ["--progress", "'maybe'", "auto,bar,json,none"]),
    ("run i.toml -o d --config missing.cfg", ["--config", "missing.cfg"]),
    ("sink --from a.tif --to b.tif --years 2020 2015 -o d", ["2020 2015", "ascending"]),
    ("sink --from a.tif --to b.tif --years 2015 2015 -o d", ["2015 2015", "ascending"]),
    ("sink --from a.tif --to b.tif --years 2015 -o d", ["--years"]),
    ("sink --from a.tif --to b.tif --years 2015 2020 --quantity co3 -o d", ["'co3'", "'co2'"]),
    ("zonal r.tif -o d", ["--zones", "missing"]),
    ("zonal --zones z.gpkg -o d", ["RASTER", "missing"]),
    ("explain", ["INVENTORY", "missing"]),
    ("explain i.toml", ["no pixel", "X Y", "--lonlat LON LAT"]),
    ("explain i.toml 5", ["X without Y"]),
    ("explain i.toml 5 east", ["Y", "'east'"]),
    ("explain i.toml 5 6 7", ["'7'"]),
    ("explain i.toml 5 6 --lonlat 117 26", ["--lonlat", "both"]),
    ("explain i.toml --lonlat 117", ["--lonlat"]),
    ("explain i.toml 5 6 --lonlta 117 26", ["'--lonlta'", "'--lonlat'"]),
    ("explain i.toml 5 6 --progress none", ["unknown option '--progress': 'explain' has none: leave it out", "sinkcalc explain --help"]),
    ("explain missing.toml 5 6", ["missing.toml", "no such file"]),
    ("methods beff", ["'beff'", "bef"]),
    ("parameters FIR", ["'FIR'", "'CHINESE_FIR'"]),
    ("parameters --status guessed", ["'guessed'", "verified,unverified"]),
    ("parameters --parameter beff", ["'beff'", "'bef'"]),
    ("parameters --legend nosuch", ["nosuch", "clcd"]),
    ("parameters --parameters missing.csv", ["missing.csv"]),
]


class Misuse(CliTest):
    def test_usage_errors(self):
        for arguments, words in USAGE_ERRORS:
            with self.subTest(arguments):
                self.assert_fails(2, words, *arguments.split())

    def test_the_mark_before_arguments_hides_no_mistake(self):
        """`--` is right wherever it stands: what is wrong is said as without it."""
        for typed, words in [(["stands", "--year", "2020", "--resolution", "30 m", "-o", "x", "--", "f.shp"], ["--resolution SIZE", "'30 m'"]),
                             (["stands", "--year", "2020.5", "-o", "x", "--", "f.shp"], ["--year", "'2020.5'", "is not a year"]),
                             (["run", "--threads", "abc", "-o", "x", "--", "i.toml"], ["--threads", "'abc'"]),
                             (["run", "--", "i.toml"], ["-o DIR", "missing"]),
                             (["run", "-o", "x", "--"], ["INVENTORY", "missing"]),
                             (["run", "--thraeds", "1", "-o", "x", "--", "i.toml"], ["'--thraeds'", "'--threads'"]),
                             (["run", "-o", "x", "--", "i.toml", "more"], ["'more' is one argument too many"]),
                             (["run", "-o", "x", "--", "i.toml", "--more"], ["'--more' is one argument too many"])]:
            with self.subTest(" ".join(typed)):
                self.assert_fails(2, words, *typed)

    def test_a_config_file_is_read_strictly(self):
        self.write("good.cfg", 'output = "d"\nthreads = 1\n')
        self.write("bad.cfg", "thredas = 1\n")
        self.write("value.cfg", "threads = -3\n")
        self.assert_fails(2, ["missing.toml"], "run", "missing.toml", "--config", "good.cfg")
        self.assert_fails(2, ["'thredas'", "'threads'"], "run", "missing.toml", "-o", "d", "--config", "bad.cfg")
        self.assert_fails(2, ["--threads"], "run", "missing.toml", "-o", "d", "--config", "value.cfg")

    def test_an_inventory_is_read_strictly(self):
        self.write("i.toml", '[[date]]\nyear = 2015\nvolme = "v.tif"\n')
        for command in (["run", "-o", "d"], ["check"]):
            self.assert_fails(2, ["i.toml:3:", "'volme'", "'volume'"], command[0], "i.toml", *command[1:])

    def test_control_characters_do_not_reach_the_terminal(self):
        done = self.run_sinkcalc("run", "a\x1b[31m\nb.toml", "-o", "d")
        self.assertEqual(done.returncode, 2)
        self.assertNotIn("\x1b", done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1)

    def test_a_full_disk_under_stdout_is_an_output_error(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([SINKCALC, "parameters"], stdout=full, stderr=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, 3)
        self.assertIn(b"sinkcalc: error: standard output: ", done.stderr)

    def test_a_reader_that_stops_is_no_error(self):
        with subprocess.Popen([SINKCALC, "parameters"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            process.stdout.close()
            self.assertEqual(process.stderr.read(), b"")
        self.assertEqual(process.returncode, 0)


class Help(CliTest):
    def test_of_the_program(self):
        for option in ("--help", "-h", "help"):
            text = self.output_of(option)
            for command in COMMANDS:
                self.assertRegex(text, rf"(?m)^  {command} ")
        self.assertLessEqual(len(text.splitlines()), SCREEN_LINES)

    def test_of_each_command_fits_a_screen_and_ends_with_an_example(self):
        for command in COMMANDS:
            with self.subTest(command):
                lines = self.output_of(command, "--help").splitlines()
                self.assertLessEqual(len(lines), SCREEN_LINES)
                example = [line for line in lines[-2:] if line.startswith("Example: ")]
                self.assertEqual(len(example), 1, lines[-2:])
                self.assertIn(f"sinkcalc {command}", example[0])

    def test_wins_over_what_is_missing_or_unknown(self):
        self.assertIn("Usage: sinkcalc stock", self.output_of("stock", "--bogus", "--help"))

    def test_version(self):
        for arguments in (["--version"], ["run", "--version"]):
            self.assertRegex(self.output_of(*arguments), r"\Asinkcalc \d+\.\d+\.\d+\nGDAL 3\.\S+, PROJ 9\.\S+\n\Z")


class Describe(CliTest):
    def parameters(self, command):
        """The options of a command by name."""
        description = json.loads(self.output_of(command, "--describe"))
        self.assertEqual((description["program"], description["command"]), ("sinkcalc", command))
        return {entry["name"]: entry for entry in description["parameters"]}

    def test_every_command_describes_its_options(self):
        keys = ["name", "aliases", "type", "value", "required", "default", "help", "choices", "group", "repeatable", "values",
                "positional", "most", "unit", "minimum", "maximum", "of", "output", "advanced"]
        for command in COMMANDS:
            for name, entry in self.parameters(command).items():
                with self.subTest(f"{command} {name}"):
                    self.assertEqual(list(entry), keys)
                    self.assertTrue(entry["help"])
                    self.assertTrue(entry["positional"] or name.startswith("--"))

    def test_a_program_describes_all_its_commands(self):
        for program in (SINKCALC, os.environ["SINKCHANGE"]):
            whole = json.loads(subprocess.run([program, "--describe"], stdout=subprocess.PIPE, check=True).stdout)
            self.assertEqual(list(whole), ["program", "version", "summary", "commands"])
            for command in whole["commands"]:
                alone = subprocess.run([program, command["command"], "--describe"], stdout=subprocess.PIPE, check=True)
                self.assertEqual(command, json.loads(alone.stdout))
        self.assertEqual(whole["program"], "sinkchange")

    def test_facts_beyond_the_help(self):
        stock, explain, run = (self.parameters(command) for command in ("stock", "explain", "run"))
        self.assertEqual((stock["--volume"]["unit"], run["--threads"]["unit"]), ("m3/ha", None))
        self.assertEqual((stock["--year"]["minimum"], stock["--year"]["maximum"]), (1000, 2999))
        self.assertEqual((run["--threads"]["minimum"], run["--threads"]["maximum"]), (0, 1024))
        self.assertEqual((stock["--zone-id"]["of"], stock["--zone-id"]["type"]), ("--zones", "field"))
        self.assertEqual((stock["--densities"]["type"], explain["X"]["type"]), ("table", "number"))
        self.assertEqual((stock["--method"]["most"], explain["--lonlat"]["most"], stock["--year"]["most"]), (None, 2, 1))
        self.assertEqual([name for name, entry in run.items() if entry["output"]], ["--output"])
        self.assertEqual([name for name in ("--memory", "--co", "--overwrite", "--zones") if run[name]["advanced"]], ["--memory", "--co"])

    def test_options_as_a_plugin_reads_them(self):
        stock, sink, zonal = self.parameters("stock"), self.parameters("sink"), self.parameters("zonal")
        self.assertEqual(stock["--forest-type"]["type"], "raster")
        self.assertFalse(stock["--forest-type"]["required"])
        self.assertEqual(stock["--method"]["type"], "choice")
        self.assertIn("lookup", stock["--method"]["choices"])
        self.assertTrue(stock["--method"]["repeatable"])
        self.assertEqual(stock["--memory"]["default"], "512M")
        self.assertEqual(stock["--output"]["aliases"], ["-o"])
        self.assertEqual((stock["--output"]["type"], stock["--output"]["required"]), ("directory", True))
        self.assertEqual((stock["--strict"]["type"], stock["--strict"]["values"]), ("flag", 0))
        self.assertEqual((sink["--years"]["values"], sink["--years"]["repeatable"]), (2, False))
        self.assertTrue(zonal["--zones"]["required"])
        self.assertEqual((zonal["RASTER"]["positional"], zonal["RASTER"]["repeatable"]), (True, True))


class Lists(CliTest):
    def test_methods(self):
        self.assertRegex(self.output_of("methods"), r"(?m)^bef .*volume")
        self.assertRegex(self.output_of("methods", "lookup"), r"(?s)lookup: .*landcover.*source")
        names = [method["name"] for method in json.loads(self.output_of("methods", "--json"))["methods"]]
        self.assertTrue({"bef", "regression", "bcef", "agb", "lookup"} <= set(names), names)

    def test_parameters(self):
        self.assertRegex(self.output_of("parameters", "CHINESE_FIR"), r"(?m)^CHINESE_FIR +wood_density +0\.307 +t/m3 ")
        rows = json.loads(self.output_of("parameters", "--status", "unverified", "--json"))["parameters"]
        self.assertEqual({row["status"] for row in rows}, {"unverified"})
        self.assertTrue(all(isinstance(row["value"], float | int) for row in rows))
        self.assertIn("CHINESE_FIR,wood_density,0.3067,", self.output_of("parameters", "--alternates", "--csv"))

    def test_the_printed_table_is_a_template(self):
        template = self.output_of("parameters", "CHINESE_FIR", "--parameter", "wood_density", "--csv")
        self.write("own.csv", template.replace("0.307", "0.31", 1))
        self.assertIn(",0.31,t/m3,", self.output_of("parameters", "CHINESE_FIR", "--csv", "--parameters", "own.csv"))

    def test_a_printed_legend_is_a_legend(self):
        legend = self.output_of("parameters", "--legend", "clcd", "--csv")
        self.assertTrue(legend.startswith("code,key,land_use,name_en,name_zh\n1,,cropland,"))
        self.write("own.csv", legend)
        self.assertEqual(self.output_of("parameters", "--legend", "own.csv", "--csv"), legend)


if __name__ == "__main__":
    unittest.main()
