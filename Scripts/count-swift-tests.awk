# Reads Swift Testing's event stream (JSON lines) and then the log of `swift test`, prints
# "PASSED FAILED"; with -v list=1 the names of the tests that began and never ended instead.
# Skipped tests are in neither count.

function name_in(line) {
  if (match(line, /"text":"(Test|Suite) ("[^ ]|[^"\\]|\\.)*"/) == 0) return ""
  return substr(line, RSTART + 8, RLENGTH - 9)
}

/^\{"kind":"test",/ && /"kind":"function"/ { planned++ }

/^\{"kind":"event",/ && /"kind":"testStarted"/ && /"text":"Test / {
  name = name_in($0)
  sub(/ started\.$/, "", name)
  running[name]++
}

/^\{"kind":"event",/ && /"kind":"testSkipped"/ && /"text":"Test / { skipped++ }

/^\{"kind":"event",/ && /"kind":"testEnded"/ && /"text":"Test / {
  if ($0 ~ /"symbol":"fail","text":"Test /) failed++
  else passed++
  name = name_in($0)
  sub(/( with [0-9]+ test cases?)? (passed|failed) after .*$/, "", name)
  if (name in running && --running[name] == 0) delete running[name]
}

/^Test Case '.*' started at / { xc_started++ }
/^Test Case '.*' passed \(/ { xc_passed++ }
/^Test Case '.*' failed \(/ { xc_failed++ }
/^Test Case '.*' skipped \(/ { xc_skipped++ }

END {
  if (list) {
    for (name in running) print name " began and did not end"
  } else {
    lost = planned - passed - failed - skipped
    xc_lost = xc_started - xc_passed - xc_failed - xc_skipped
    if (lost < 0) lost = 0
    if (xc_lost < 0) xc_lost = 0
    print passed + xc_passed, failed + xc_failed + lost + xc_lost
  }
}
