"""What was decided about the sample: every number that is not derived from another one."""

from typing import NamedTuple

SEED = 20151231
FIXED_TIME = "2026-01-01T00:00:00.000Z"
SYNTHETIC = "SYNTHETIC sample made by scripts/make_samples; no measured data"

CRS = "EPSG:4548"                  # CGCS2000, Gauss-Krueger, central meridian 117 E
OUTLINE_CRS = "EPSG:4490"          # CGCS2000 geographic: the outlines exercise reprojection
PIXEL_M = 100.0
WEST, EAST, SOUTH, NORTH = 117.0, 119.42, 26.25, 28.33   # degrees

FIRST_YEAR, LAST_YEAR = 2015, 2020
NODATA_U16, NODATA_U8 = 65535, 255


class County(NamedTuple):
    """A county: its place and size, and how fast its forest grows beside the others."""
    code: str
    name: str
    name_en: str
    lon: float
    lat: float
    area_km2: float
    growth: float
    bamboo: float
    tea: float


# Areas of Yanping, Jianyang and Shunchang: published (README of the sample). The seven others are invented, near what an
# atlas shows, so that the sum is the city's 26 280 km2. Codes are those of GB/T 2260.
COUNTIES = (
    County("350702", "延平区", "Yanping", 118.20, 26.57, 2652.86, 1.08, 0.10, 0.00),
    County("350703", "建阳区", "Jianyang", 118.02, 27.33, 3383.00, 1.12, 0.10, 0.15),
    County("350721", "顺昌县", "Shunchang", 117.74, 26.84, 1985.00, 1.20, 0.45, 0.00),
    County("350722", "浦城县", "Pucheng", 118.52, 28.03, 3376.00, 0.86, 0.00, 0.00),
    County("350723", "光泽县", "Guangze", 117.34, 27.58, 2234.00, 0.90, 0.15, 0.05),
    County("350724", "松溪县", "Songxi", 118.83, 27.60, 1039.00, 0.76, 0.00, 0.30),
    County("350725", "政和县", "Zhenghe", 119.15, 27.27, 1743.00, 0.74, 0.20, 0.40),
    County("350781", "邵武市", "Shaowu", 117.45, 27.18, 2841.00, 0.94, 0.25, 0.00),
    County("350782", "武夷山市", "Wuyishan", 117.93, 27.76, 2805.00, 0.82, 0.20, 0.70),
    County("350783", "建瓯市", "Jian'ou", 118.52, 27.02, 4221.14, 1.18, 0.40, 0.15),
)

STANDS_COUNTY = "Songxi"               # the smallest: its stands are kept as polygons too

PARK_KM2, BELT_KM2 = 1001.41, 4252.0   # the pilot park's published size; the belt's is invented
PARK_CENTRE = (117.70, 27.62)          # degrees


class LandClass(NamedTuple):
    """A row of legend.csv, with the land-cover code that goes with it."""
    key: str
    land_use: str
    name_en: str
    name_zh: str
    cover: int


FIR, MASSON, BROADLEAF, MIXED, MOSO, SHRUB, TEA, UNSTOCKED = 11, 12, 13, 14, 21, 31, 41, 51
CROPLAND, SETTLEMENT, WATER, GRASSLAND, BARE = 91, 92, 93, 94, 95

STAND_CLASSES = {
    FIR: LandClass("CHINESE_FIR", "forest", "Chinese fir", "杉木", 2),
    MASSON: LandClass("MASSON_PINE", "forest", "Masson pine", "马尾松", 2),
    BROADLEAF: LandClass("MIX_BROADLEAF", "forest", "mixed broadleaf", "阔叶混交林", 2),
    MIXED: LandClass("MIX_CONIF_BROAD", "forest", "conifer-broadleaf mixed", "针阔混交林", 2),
    MOSO: LandClass("MOSO", "forest", "Moso bamboo", "毛竹", 2),
    SHRUB: LandClass("SHRUB", "shrub_counted", "shrub counted as forest", "特灌", 3),
    TEA: LandClass("ECON_TEA_CAMELLIA", "cropland_perennial", "tea garden", "茶园", 20),
    UNSTOCKED: LandClass("NON_STOCKED", "forest_unstocked", "felled, to be replanted", "采伐迹地", 7),
    CROPLAND: LandClass("", "cropland", "cropland", "耕地", 1),
    SETTLEMENT: LandClass("", "settlement", "settlement", "建设用地", 8),
    WATER: LandClass("", "wetland", "water", "水域", 5),
    GRASSLAND: LandClass("", "grassland", "grassland", "草地", 4),
    BARE: LandClass("", "other", "bare land", "裸地", 7),
}
TREES = (FIR, MASSON, BROADLEAF, MIXED)
FOREST = TREES + (MOSO, SHRUB, UNSTOCKED)

COVER_GRASS, COVER_BARE = 4, 7
COVER_LEGEND = (
    (1, "", "cropland", "cropland", "耕地"),
    (2, "", "forest", "forest", "林地"),
    (3, "SHRUB", "shrub_counted", "shrub", "灌木林"),
    (4, "", "grassland", "grassland", "草地"),
    (5, "", "wetland", "water", "水域"),
    (7, "", "other", "bare land", "裸地"),
    (8, "", "settlement", "settlement", "建设用地"),
    (20, "ECON_TEA_CAMELLIA", "cropland_perennial", "tea garden", "茶园"),
)

# Share of the city's area; the rest of the forest is MIXED. Forest is 78 %.
SHARE = {SETTLEMENT: 0.026, CROPLAND: 0.163, WATER: 0.020, TEA: 0.016, GRASSLAND: 0.014, BARE: 0.002,
         UNSTOCKED: 0.010, SHRUB: 0.010, MOSO: 0.150, BROADLEAF: 0.155, MASSON: 0.130, FIR: 0.205}


class Growth(NamedTuple):
    """Volume against age, V = ceiling (1 - exp(-rate age))^shape, and the ages that occur."""
    ceiling_m3_ha: float
    rate_per_yr: float
    shape: float
    mean_age_yr: float
    max_age_yr: int


GROWTH = {
    FIR: Growth(240.0, 0.070, 2.2, 18.0, 40),
    MASSON: Growth(210.0, 0.045, 1.6, 24.0, 55),
    BROADLEAF: Growth(220.0, 0.032, 1.3, 36.0, 90),
    MIXED: Growth(210.0, 0.040, 1.5, 28.0, 70),
}
VOLUME_SCALE = 0.835       # brings the city's mean volume over all forest to 82 m3/ha in 2020
NET_GROWTH = 0.52         # net of thinning and of fellings smaller than a pixel
VOLUME_STEP_M3_HA = 0.1   # one count of the stored volume
CULMS_PER_HA = (2000, 4000)
CULMS_GAINED = (-60, 330)
