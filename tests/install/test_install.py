# SPDX-License-Identifier: Apache-2.0
"""cmake --install, packages, man pages, completion, and a program built against the installed library."""
import gzip
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import tempfile
import unittest

BUILD = pathlib.Path(os.environ["SINK_BUILD"])
HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CARBON = 100 * 0.307 * 1.634 * 1.246 * 0.52       # of the consumer: V x D x BEF x (1 + R) x CF, defaults of the table
PROGRAMS = ("sinkcalc", "sinkchange")


def run(*command, **options):
    done = subprocess.run([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          encoding="utf-8", check=False, timeout=900, **options)
    assert done.returncode == 0, (command, done.stdout[-3000:])
    return done.stdout


class InstallTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="sinkcalc_install_"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.prefix = cls.folder / "prefix with space"
        run("cmake", "--install", BUILD, "--prefix", cls.prefix)

    def described(self, program):
        return json.loads(run(self.prefix / "bin" / program, "--describe"))

    def test_programs_run_from_where_they_were_installed(self):
        for program in PROGRAMS:
            self.assertIn(program, run(self.prefix / "bin" / program, "--version"))
        out = self.folder / "out"
        run(self.prefix / "bin" / "sinkcalc", "run", ROOT / "raster_samples" / "inventory.toml", "-o", out, "-q", "--layers", "sink")
        self.assertTrue((out / "run.json").is_file())

    def test_a_program_is_built_by_find_package(self):
        build = self.folder / "consumer"
        run("cmake", "-S", HERE, "-B", build, f"-DCMAKE_PREFIX_PATH={self.prefix}", "-DCMAKE_BUILD_TYPE=Release")
        run("cmake", "--build", build)
        self.assertAlmostEqual(float(run(build / "consumer")), CARBON, delta=1e-6)
        exported = "".join(path.read_text() for path in (self.prefix / "lib/cmake/sink").glob("*.cmake"))
        for place in (str(BUILD), str(ROOT), "-Werror", "-march"):
            self.assertNotIn(place, exported)

    def test_a_program_is_built_by_pkg_config(self):
        if shutil.which("pkg-config") is None:
            self.skipTest("pkg-config is not installed")
        prefix = self.folder / "plain"                     # pkg-config itself does not take spaces
        run("cmake", "--install", BUILD, "--prefix", prefix, "--component", "dev")
        environment = {**os.environ, "PKG_CONFIG_PATH": str(prefix / "lib/pkgconfig")}
        flags = run("pkg-config", "--cflags", "--libs", "sink", env=environment).split()
        program = self.folder / "by_pkg_config"
        run("g++", "-O1", HERE / "consumer.cpp", *flags, "-o", program)
        self.assertAlmostEqual(float(run(program)), CARBON, delta=1e-6)

    def test_every_command_has_a_man_page_with_its_options(self):
        for program in PROGRAMS:
            told = self.described(program)
            whole = (self.prefix / "share/man/man1" / f"{program}.1").read_text(encoding="utf-8")
            for command in told["commands"]:
                page = (self.prefix / "share/man/man1" / f"{program}-{command['command']}.1").read_text(encoding="utf-8")
                text = page.replace("\\-", "-")
                self.assertIn(command["command"], whole)
                for parameter in command["parameters"]:
                    self.assertIn(parameter["name"], text)
                # Values are called as in --help.
                shown = re.findall(r"--[a-z-]+ [A-Z]\S*", run(self.prefix / "bin" / program, command["command"], "--help"))
                text = re.sub(", -[a-z] ", " ", text)
                self.assertEqual([words for words in shown if words not in text and words != "--config FILE"], [])

    def complete(self, program, *words):
        script = (f'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _{program}; '
                  'printf "%s\\n" "${COMPREPLY[@]}"')
        file = self.prefix / "share/bash-completion/completions" / program
        return run("bash", "-c", script, "bash", file, program, *words, cwd=ROOT).split("\n")[:-1]

    def test_bash_completes_commands_options_choices_and_files(self):
        self.assertEqual(self.complete("sinkcalc", "zo"), ["zonal"])
        self.assertEqual(self.complete("sinkcalc", "run", "--progr"), ["--progress"])
        self.assertEqual(self.complete("sinkcalc", "run", "--of", ""), ["COG", "GTiff"])
        self.assertEqual(self.complete("sinkchange", "sample", "--allocation", "ney"), ["neyman"])
        self.assertEqual(self.complete("sinkcalc", "run", "raster_samples/inv"), ["raster_samples/inventory.toml"])
        self.assertEqual(self.complete("sinkcalc", "run", "-o", "raster_sam"), ["raster_samples"])

    def test_two_packages(self):
        if shutil.which("dpkg-shlibdeps") is None:
            self.skipTest("dpkg-dev is not installed")
        debs = self.folder / "debs"
        run("cpack", "--config", BUILD / "CPackConfig.cmake", "-B", debs)
        packages = {run("dpkg-deb", "-f", deb, "Package").strip(): deb for deb in debs.glob("*.deb")}
        self.assertEqual(set(packages), {"sinkcalc", "libsink-dev"})
        files = {name: run("dpkg-deb", "-c", deb) for name, deb in packages.items()}
        for program in PROGRAMS:
            self.assertRegex(files["sinkcalc"], rf"/bin/{program}\n")
            self.assertRegex(files["sinkcalc"], rf"/man1/{program}\.1")
            self.assertNotRegex(files["libsink-dev"], rf"/bin/{program}\n")
        self.assertRegex(files["libsink-dev"], r"/include/sink/core/grid\.hpp\n")
        self.assertNotIn(".hpp", files["sinkcalc"])
        for name, listed in files.items():
            self.assertRegex(listed, rf"/usr/share/doc/{name}/copyright\n")
        self.assertIn("/usr/share/sinkcalc/slurm/submit\n", files["sinkcalc"])
        unpacked = self.folder / "unpacked"
        run("dpkg-deb", "-x", packages["sinkcalc"], unpacked)
        pages = list((unpacked / "usr/share/man/man1").iterdir())
        self.assertEqual({page.suffix for page in pages}, {".gz"})
        self.assertIn(".TH", gzip.decompress((unpacked / "usr/share/man/man1/sinkcalc-run.1.gz").read_bytes()).decode())
        self.assertIn("Apache-2.0", (unpacked / "usr/share/doc/sinkcalc/copyright").read_text(encoding="utf-8"))
        self.assertIn("libgdal", run("dpkg-deb", "-f", packages["sinkcalc"], "Depends"))
        self.assertEqual(run("dpkg-deb", "-f", packages["sinkcalc"], "Section").strip(), "science")

    def test_configures_without_a_network(self):
        if subprocess.run(["unshare", "-n", "true"], stderr=subprocess.DEVNULL, check=False).returncode != 0:
            self.skipTest("unshare -n is not allowed here")
        run("unshare", "-n", "cmake", "-S", ROOT, "-B", self.folder / "no_network", "-DSINK_TESTS=OFF", "-DCMAKE_INSTALL_PREFIX=/usr")
        commands = json.loads((self.folder / "no_network/compile_commands.json").read_text())
        self.assertFalse([c["command"] for c in commands if "-march" in c["command"] or "-mtune" in c["command"]])
        # Below /usr a Debian wants libraries by architecture.
        if shutil.which("dpkg-architecture"):
            libraries = "/lib/" + run("dpkg-architecture", "-qDEB_HOST_MULTIARCH").strip()
            self.assertIn(f'"${{CMAKE_INSTALL_PREFIX}}{libraries}"', (self.folder / "no_network/cmake_install.cmake").read_text())

    def test_the_scripts_for_clusters(self):
        scripts, out = self.prefix / "share/sinkcalc/slurm", self.folder / "county"
        env = {name: value for name, value in os.environ.items() if name != "SINKCALC"}
        inventory = ROOT / "raster_samples" / "inventory.toml"
        printed = run(scripts / "submit", inventory, "-o", out, "--tile", 1024, "--dry-run", env=env)
        calls = [line for line in printed.split("\n") if line.startswith("sbatch")]
        self.assertEqual(len(calls), 2, printed)
        # With the program that was installed beside them, by whatever path they were called.
        for call, job in zip(calls, ("tile", "merge")):
            words = shlex.split(call)
            self.assertIn(str(scripts / f"{job}.sbatch"), words)
            self.assertIn(str(self.prefix / "bin" / "sinkcalc"), words)
        self.assertFalse(pathlib.Path(f"{out}.tiles").exists())
        self.assertIn(str(scripts / "submit"), run(scripts / "submit", "--help", env=env))
        self.assertIn(str(scripts / "resume"), run(scripts / "resume", "--help", env=env))
        # What the jobs do, without Slurm.
        work = self.folder / "by_hand.tiles"
        (work / "tiles").mkdir(parents=True)
        plan, program = work / "plan.jsonl", self.prefix / "bin" / "sinkcalc"
        run(program, "tiles", inventory, "--tile", 4096, "--layers", "sink", "-o", plan)
        task = {**env, "SLURM_ARRAY_TASK_ID": "0", "SLURM_ARRAY_JOB_ID": "1", "SLURMD_NODENAME": "n1"}
        run("bash", scripts / "tile.sbatch", program, plan, work / "tiles", 0, env=task)
        run("bash", scripts / "merge.sbatch", program, plan, work, self.folder / "by_hand", scripts / "resume", env=env)
        self.assertTrue((self.folder / "by_hand" / "run.json").is_file())
        examples = self.prefix / "share/sinkcalc/examples"
        self.assertEqual({path.name for path in examples.iterdir()}, {"Snakefile", "tiles_with_parallel"})
        self.assertTrue(os.access(examples / "tiles_with_parallel", os.X_OK))


if __name__ == "__main__":
    unittest.main()
