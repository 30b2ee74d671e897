# SPDX-License-Identifier: Apache-2.0
# What submit and resume share; sourced by them. A run in tiles has a folder of work, OUT.tiles:
#   plan.jsonl  settings  tiles/parts/  logs/  missing (tiles that the last merge could not use, as --array= takes them)

die() {
  echo "${0##*/}: error: $1" >&2
  exit "${2:-2}"
}

# Where cmake --install puts both: PREFIX/share/sinkcalc/slurm and PREFIX/bin.
program_beside() {
  local installed=$scripts/../../../bin/sinkcalc
  if [[ -x $installed ]]; then echo "$installed"; else echo sinkcalc; fi
}

# Indices, one a line and in order, as ranges: 0-3,7.
ranges() {
  awk 'NR > 1 && $1 == last + 1 { last = $1; next }
       NR > 1 { printf "%s%s,", first, (last > first ? "-" last : "") }
       { first = last = $1 }
       END { if (NR) printf "%s%s\n", first, (last > first ? "-" last : "") }'
}

# The indices of ranges, one a line.
indices() {
  tr ',' '\n' <<< "$1" | awk -F- 'NF { for (i = $1; i <= $NF; i++) print i }'
}

# A plan has a line for each inventory and one for each tile.
tiles_of_plan() {
  grep -c '^{"index":' -- "$1"
}

# What the largest tile of a plan (memory_bytes) or its merge (merge_memory_bytes) may take, in MiB: sinkcalc's own estimates.
memory_of_plan() {
  grep -o "\"$2\":[0-9]*" "$1" | cut -d: -f2 | sort -n | tail -n 1 | awk '{ print int(($1 + 1048575) / 1048576) }'
}

# The first index that no array job may have here (MaxArraySize; 1001 unless the site says otherwise).
array_limit() {
  local limit
  limit=$({ scontrol show config 2> /dev/null || true; } | awk '$1 == "MaxArraySize" { print $3 }')
  echo "${limit:-1001}"
}

# Runs sbatch and sets $submitted to the job's number; with --dry-run prints the call in place of that.
submitted=
sbatch_or_print() {
  if [[ $dry_run == 1 ]]; then
    calls=$((calls + 1))
    submitted=JOB$calls
    printf '%q ' sbatch "$@"
    printf '   # %s\n' "$submitted"
  else
    # A cluster's name may follow the number.
    submitted=$(sbatch --parsable "$@") || die "sbatch refused the job, see above; when that is mended: $scripts/resume $output" 1
    submitted=${submitted%%;*}
  fi
}

# An array job for the tiles given as ranges, in chunks that MaxArraySize lets pass, and a merge after them. afterany, not
# afterok: with afterok a merge waits for ever when one tile failed. This one refuses what is missing and says how to go on.
submit_jobs() {
  local plan=$work/plan.jsonl limit memory jobs=() chunk first part array
  local logs=${work//%/%%}/logs     # sbatch replaces %A and the like in names of logs
  limit=$(array_limit)
  memory=$(memory_of_plan "$read_plan" memory_bytes)
  local common=(--requeue --open-mode=append --chdir="$work")
  if [[ -n $1 ]]; then
    for chunk in $(indices "$1" | awk -v limit="$limit" '{ print int($1 / limit) }' | sort -nu); do
      first=$((chunk * limit))
      part=$(indices "$1" | awk -v first="$first" -v limit="$limit" '$1 >= first && $1 < first + limit { print $1 - first }' | ranges)
      array=$part${at_once:+%$at_once}
      sbatch_or_print --job-name=sinkcalc-tiles --array="$array" --cpus-per-task="$threads" --mem="${memory}M" "${common[@]}" \
        --output="$logs/%A_%a.log" "$scripts/tile.sbatch" "$program" "$plan" "$work/tiles" "$first" ${budget:+"$budget"}
      jobs+=("$submitted")
      echo "array job $submitted: tiles $(indices "$part" | awk -v first="$first" '{ print $1 + first }' | ranges)"
    done
  fi
  local after=()
  if [[ ${#jobs[@]} -gt 0 ]]; then after=(--dependency="afterany:$(IFS=:; echo "${jobs[*]}")"); fi
  memory=$(memory_of_plan "$read_plan" merge_memory_bytes)
  sbatch_or_print --job-name=sinkcalc-merge "${after[@]}" --cpus-per-task="$threads" --mem="${memory}M" "${common[@]}" \
    --output="$logs/merge_%j.log" "$scripts/merge.sbatch" "$program" "$plan" "$work" "$output" "$scripts/resume" ${budget:+"$budget"}
  echo "merge job $submitted: $output"
}
