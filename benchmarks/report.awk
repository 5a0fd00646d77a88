# Rows of benchmarks/run as a page for people, and as JSON into the file `json`.
BEGIN {
  words["texts"] = "attributes by name"
  words["handles"] = "attributes by handle"
  words["mixed"] = "by name, a quarter of requests ending at each rule"
  words["view"] = "through a view"
  words["batch"] = "each of 1,000 units in one call; the baseline one by one"
  words["threads"] = "by name, two threads at once, the slower"
  words["segment"] = "a segment of 1,000,000 units, from a file"
  words["lookup"] = "a lookup of 100,000 values"
  words["clusters"] = "5,000 clusters and 5,000 model versions"
  words["rules"] = "64 rules"
  met["segment"] = "a unit in the segment of 1,000,000; 1,024 units again and again"
  met["segment-absent"] = "one that is not in it"
  met["segment-cold"] = "a unit in it; all of them, without a pattern"
  met["segment-cold-absent"] = "units that are not in it, without a pattern"
  met["lookup"] = "a value of the lookup of 100,000; 1,024 values again and again"
  met["lookup-cold"] = "a value of it; all of them, without a pattern"
  met["clusters"] = "one of 5,000 clusters"
  met["rules"] = "64 rules, of which the last decides"
  words["abi"] = "an empty call (`turnout_abi_version`)"
}
$1 == "machine" { machine[$2] = $3 }
$1 == "time" { times[++timeCount] = $0 }
$1 == "store" { stores[++storeCount] = $0 }
$1 == "large" { larges[++largeCount] = $0 }
$1 == "sort" { sorted = $2 }
$1 == "met" { mets[++metCount] = $0 }
$1 == "count" { counts[++countCount] = $2; count[$2] = $3 }
function thousands(n) {
  n = sprintf("%d", n)
  while (n ~ /[0-9][0-9][0-9][0-9]/) sub(/[0-9][0-9][0-9]($|,)/, ",&", n)
  sub(/^,/, "", n)
  return n
}
function instructions(line) {
  if (line == "texts") return "engine"
  if (line == "handles" || line == "mixed") return "engine-" line
  return line
}
END {
  print "# Benchmarks of " date
  print ""
  print "Commit " machine["commit"] ". " machine["cpu"] " (family " machine["family"] "), " \
    machine["cores"] " cores, load " machine["load"] ", " machine["kernel"] ". Swift " \
    machine["swift"] "; " machine["gcc"] "; " machine["clang"] "."
  print ""
  print "Every use case has three rules of two conditions over two string attributes, then a split" \
    " among three model versions; unless said otherwise all six conditions are tested and the split" \
    " decides. Units are 23 bytes. All texts of the decision are copied out, by engine and baseline" \
    " alike; the run ends if any of their decisions differ. ns are the minimum (and median) over" \
    " rounds taken in turn; ratios travel, absolute figures do not."
  print ""
  print "## Resolve through the C API"
  print ""
  print "| use cases | | engine ns | C baseline ns | ratio | instructions | the baseline's |"
  print "|---|---|---|---|---|---|---|"
  for (i = 1; i <= timeCount; i++) {
    split(times[i], f, "\t")
    line = f[3]
    ours = theirs = ""
    if (line != "abi" && line != "threads" && f[2] == 100) {
      ours = count[instructions(line)]
      theirs = line == "mixed" ? count["baseline-mixed"] : line == "texts" ? count["baseline"] : count["baseline-handles"]
    }
    if (f[6] != "")
      printf "| %s | %s | %.1f (%.1f) | %.1f (%.1f) | %.2f | %s | %s |\n", thousands(f[2]), \
        words[line], f[4], f[5], f[6], f[7], f[4] / f[6], ours, theirs
    else
      printf "| | %s | %.1f (%.1f) | | | | |\n", words[line], f[4], f[5]
  }
  print ""
  print "## Compile and publish"
  print ""
  print "| use cases | document bytes | table bytes | compile s | compile and publish s |"
  print "|---|---|---|---|---|"
  for (i = 1; i <= storeCount; i++) {
    split(stores[i], f, "\t")
    printf "| %s | %s | %s | %.2f | %.2f |\n", thousands(f[2]), thousands(f[3]), thousands(f[4]), \
      f[5], f[6]
  }

  print ""
  print "## One large thing"
  print ""
  print "`sort -u` takes " sprintf("%.2f", sorted) " s for the million units."
  print ""
  print "| | document bytes | table bytes | compile s |"
  print "|---|---|---|---|"
  for (i = 1; i <= largeCount; i++) {
    split(larges[i], f, "\t")
    printf "| %s | %s | %s | %.2f |\n", words[f[2]], thousands(f[3]), thousands(f[4]), f[5]
  }
  print ""
  print "Keys are 23 bytes. What a large thing costs is the difference to a resolve that does not meet" \
    " it; the reference is what a hash set of the same keys costs beside that one, in C. Without a" \
    " pattern nearly every search goes to memory: what that takes is the machine\047s."
  print ""
  print "| | resolve ns | without it | difference | C ns | ratio |"
  print "|---|---|---|---|---|---|"
  for (i = 1; i <= metCount; i++) {
    split(mets[i], f, "\t")
    printf "| %s | %.1f | %.1f | %.1f |", met[f[2]], f[3], f[4], f[3] - f[4]
    if (f[5] != "") printf " %.1f | %.2f |\n", f[5] - f[4], (f[3] - f[4]) / (f[5] - f[4])
    else print " | |"
  }

  printf "{\"date\":\"%s\",\"machine\":{", date > json
  split("commit cpu family cores kernel load swift gcc clang", keys, " ")
  for (i = 1; i in keys; i++)
    printf "%s\"%s\":\"%s\"", (i > 1 ? "," : ""), keys[i], machine[keys[i]] > json
  printf "},\n\"resolve\":[" > json
  for (i = 1; i <= timeCount; i++) {
    split(times[i], f, "\t")
    printf "%s\n {\"use_cases\":%d,\"line\":\"%s\",\"engine_ns_min\":%s,\"engine_ns_median\":%s", \
      (i > 1 ? "," : ""), f[2], f[3], f[4], f[5] > json
    if (f[6] != "")
      printf ",\"baseline_ns_min\":%s,\"baseline_ns_median\":%s,\"baseline_compiler\":\"%s\",\"ratio\":%.3f", \
        f[6], f[7], f[8], f[4] / f[6] > json
    printf "}" > json
  }
  printf "],\n\"instructions\":{" > json
  for (i = 1; i <= countCount; i++)
    printf "%s\"%s\":%s", (i > 1 ? "," : ""), counts[i], count[counts[i]] > json
  printf "},\n\"stores\":[" > json
  for (i = 1; i <= storeCount; i++) {
    split(stores[i], f, "\t")
    printf "%s\n {\"use_cases\":%d,\"document_bytes\":%d,\"table_bytes\":%d,\"compile_s\":%.3f,\"compile_and_publish_s\":%.3f}", \
      (i > 1 ? "," : ""), f[2], f[3], f[4], f[5], f[6] > json
  }
  printf "],\n\"large\":[" > json
  for (i = 1; i <= largeCount; i++) {
    split(larges[i], f, "\t")
    printf "%s\n {\"line\":\"%s\",\"document_bytes\":%d,\"table_bytes\":%d,\"compile_s\":%.3f}", \
      (i > 1 ? "," : ""), f[2], f[3], f[4], f[5] > json
  }
  printf "],\n\"sort_s\":%.3f,\"met\":[", sorted > json
  for (i = 1; i <= metCount; i++) {
    split(mets[i], f, "\t")
    printf "%s\n {\"line\":\"%s\",\"with_ns_min\":%s,\"without_ns_min\":%s", \
      (i > 1 ? "," : ""), f[2], f[3], f[4] > json
    if (f[5] != "") printf ",\"baseline_beside_ns_min\":%s", f[5] > json
    printf "}" > json
  }
  print "]}" > json
}
