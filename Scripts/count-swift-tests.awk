# Reads Swift Testing's event stream (JSON lines) and then the log of `swift test`, prints
# "PASSED FAILED"; with -v list=1 the names of the tests that began and never ended instead.
# Skipped tests are in neither count.

function id_in(line) {
  if (!match(line, /"testID":"[^"]*/)) return ""
  return substr(line, RSTART + 10, RLENGTH - 10)
}

/^\{"kind":"test",/ && /"kind":"function"/ { planned++ }

/^\{"kind":"event",/ && /"kind":"testStarted"/ && /"text":"Test / {
  running[id_in($0)] = 1
}

/^\{"kind":"event",/ && /"kind":"testSkipped"/ && /"text":"Test / { skipped++ }

/^\{"kind":"event",/ && /"kind":"testEnded"/ && /"text":"Test / {
  if ($0 ~ /"symbol":"fail","text":"Test /) failed++
  else passed++
  delete running[id_in($0)]
}

/^Test Case '.*' started at / { xc_started++ }
/^Test Case '.*' passed \(/ { xc_passed++ }
/^Test Case '.*' failed \(/ { xc_failed++ }
/^Test Case '.*' skipped \(/ { xc_skipped++ }

END {
  if (list) {
    for (id in running) {
      gsub(/\\\//, "/", id)
      print id " began and did not end"
    }
  } else {
    lost = planned - passed - failed - skipped
    xc_lost = xc_started - xc_passed - xc_failed - xc_skipped
    if (lost < 0) lost = 0
    if (xc_lost < 0) xc_lost = 0
    print passed + xc_passed, failed + xc_failed + lost + xc_lost
  }
}
