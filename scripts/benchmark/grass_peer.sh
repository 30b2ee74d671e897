#!/bin/bash
# The bench's jobs in GRASS, as its manual has them: maps linked by r.external, computed, written by r.out.gdal.
# Usage (inside grass --exec): grass_peer.sh JOB OUT DATA ZONES SINK FACTORS YEAR_1 YEAR_2
set -euo pipefail
# FACTORS: 1,2,…,f1,f2,…: t CO2 per m3 by forest type, as r.mapcalc's graph2 takes them.
job=$1 out=$2 data=$3 zones=$4 sink=$5 factors=$6 years=("$7" "$8")
stored="COMPRESS=ZSTD,ZSTD_LEVEL=1,TILED=YES,BLOCKXSIZE=512,BLOCKYSIZE=512,BIGTIFF=IF_SAFER,NUM_THREADS=ALL_CPUS"

link() { r.external --quiet -o input="$1" output="$2"; }
write() { r.out.gdal --quiet -c -f input="$1" output="$out/$2" type="$3" nodata="$4" createopt="$stored,PREDICTOR=$5"; }
# Stock of one year, t CO2/ha.
stock() {
  link "$data/forest_type_$1.tif" "type_$1"
  link "$data/volume_$1.tif" "volume_$1"
  [[ $1 != "${years[0]}" ]] || g.region --quiet raster="type_$1"
  r.mapcalc --quiet "stock_$1 = float(graph2(type_$1, $factors) * volume_$1)"
}

case $job in
  j1 | j2)
    stock "${years[0]}"
    write "stock_${years[0]}" "stock_${years[0]}.tif" Float32 -9999 3
    [[ $job == j2 ]] || exit 0
    stock "${years[1]}"
    write "stock_${years[1]}" "stock_${years[1]}.tif" Float32 -9999 3
    rate="float((stock_${years[1]} - stock_${years[0]}) / ($((years[1] - years[0]))))"
    r.mapcalc --quiet "sink = if(type_${years[0]} <= 4 || type_${years[1]} <= 4, $rate, null())"
    write sink sink.tif Float32 -9999 3 ;;
  j3)
    link "$zones" zones
    link "$sink" sink
    g.region --quiet raster=sink
    # r.univar's table: zone|label|non_null_cells|...|mean|...; planar sums by cell.
    r.univar --quiet -t map=sink zones=zones separator=comma |
      awk -F, 'NR == 1 {for (i = 1; i <= NF; i++) if ($i == "sum") s = i; print "zone,sum"; next}
               {printf "%s,%.17g\n", $1, $s * 0.01}' > "$out/zones.csv" ;;
  j4)
    link "$data/landcover_${years[0]}.tif" first
    link "$data/landcover_${years[1]}.tif" second
    g.region --quiet raster=first
    r.mapcalc --quiet "change = 9 * first + second - 9"
    write change change.tif UInt16 65535 2
    r.coin --quiet first=first second=second units=c > "$out/matrix.txt" ;;
esac
