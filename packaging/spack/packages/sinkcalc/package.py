# Spack recipe. Not run: Spack is not in Debian 12. Use it from a clone:
#   spack repo add packaging/spack && spack dev-build sinkcalc@0.1.0
from spack.package import *


class Sinkcalc(CMakePackage):
    """Forest biomass, carbon sink and land-use change from raster maps."""

    version("0.1.0")
    license("Apache-2.0")

    depends_on("cxx", type="build")
    depends_on("cmake@3.25:", type="build")
    depends_on("ninja", type="build")
    depends_on("gdal@3.6:")
    depends_on("proj@9.1:")
    depends_on("libtiff@4.5:")
    depends_on("zstd")
    depends_on("libdeflate")
    depends_on("intel-oneapi-tbb@2021.8:")
    depends_on("eigen@3.4:")
    depends_on("cli11@2.1:")
    depends_on("nlohmann-json@3.11:")
    depends_on("tomlplusplus@3.3:")
    depends_on("openssl@3:")
    depends_on("libcsv")

    conflicts("%gcc@:11", msg="C++20 as of GCC 12")

    def cmake_args(self):
        return [self.define("SINK_TESTS", False)]
