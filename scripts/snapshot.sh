#!/bin/sh
# Writes what a later conversion with tracenorm needs to know about this host, like `tracenorm snapshot`, where there is
# no Node.
#
#   sudo sh snapshot.sh > snapshot.json          later: tracenorm --snapshot snapshot.json capture.txt
#
# Plain POSIX shell with sed, awk, grep, sort, tr, od, tail, date, ls and uname. The member `missing` names what it could
# not find out. As root it makes two small trace buffers in tracefs for a moment, to read the clock that perf uses.

set -u
LC_ALL=C
export LC_ALL
version=1

missing=
miss() { # member, sentence
  missing="$missing${missing:+,
  }{ \"what\": \"$1\", \"why\": \"$2\" }"
}

has() { command -v "$1" > /dev/null 2>&1; }

# The first line of $1 as a JSON string, without control characters.
text() {
  printf '%s\n' "$1" | sed -n '1{s/[[:cntrl:]]//g;s/\\/\\\\/g;s/"/\\"/g;s/.*/"&"/;p;}'
}

# A member, with its comma, where there is a value.
member() { # indent, name, value
  [ -z "$3" ] || printf '%s"%s": %s,\n' "$1" "$2" "$(text "$3")"
}

# Lines of members on stdin, without the comma of the last one.
object() { sed '$s/,$//'; }

first_line() { [ -r "$1" ] && read -r line < "$1" && printf '%s\n' "$line"; }

# ---- clocks: lines of `id ns realtime_ns uncertainty_ns source`

clocks_by_program() {
  if has python3; then
    python3 -I -S -c '
import time
now = time.clock_gettime_ns
for name, clock in (("monotonic", 1), ("boottime", 7), ("tai", 11), ("monotonic_raw", 4)):
    best = None
    for _ in range(200):
        try:
            before, ns, after = now(0), now(clock), now(0)
        except OSError:
            break
        if after >= before and (best is None or after - before < best[0]):
            best = after - before, ns, (before + after) // 2
    if best:
        print(name, best[1], best[2], (best[0] + 1) // 2 + 1, "clock_gettime by python3")
' 2> /dev/null && return
  fi
  has perl && perl -MTime::HiRes=clock_gettime -e '
my @clocks = ([monotonic => 1], [boottime => 7], [tai => 11], [monotonic_raw => 4]);
for (@clocks) {
  my ($name, $clock) = @$_;
  my @best;
  for (1 .. 200) {
    my ($before, $ns, $after) = (clock_gettime(0), clock_gettime($clock), clock_gettime(0));
    my $width = $after - $before;
    @best = ($width, $ns, ($before + $after) / 2) if $ns > 0 && $width >= 0 && (!@best || $width < $best[0]);
  }
  # Doubles count times since 1970 in quarters of a microsecond.
  printf "%s %.0f %.0f %.0f clock_gettime by perl\n", $name, map({ $_ * 1e9 } @best[1, 2]), $best[0] * 5e8 + 750 if @best;
}' 2> /dev/null
}

# The exact offsets of the kernel. Of the first processor the first four are monotonic, realtime, boottime, tai.
clocks_by_timer_list() {
  awk '
    /^now at / { now = $3 }
    /^ clock [0-9]+:/ { clock = $2 + 0; if (clock in offset) exit }
    /^  \.get_time:/ && clock < 4 { if ($2 != name[clock]) bad = 1 }
    /^  \.offset:/ && !(clock in offset) { offset[clock] = $2 }
    BEGIN { name[0] = "ktime_get"; name[1] = "ktime_get_real"; name[2] = "ktime_get_boottime"; name[3] = "ktime_get_clocktai" }
    END { if (!bad && offset[0] == "0" && offset[3] != "") print now, offset[1], offset[2], offset[3] }
  ' /proc/timer_list 2> /dev/null | while read -r now real boot tai; do
    echo "monotonic $now $((now + real)) 1 /proc/timer_list"
    echo "boottime $((now + boot)) $((now + real)) 1 /proc/timer_list"
    echo "tai $((now + tai)) $((now + real)) 1 /proc/timer_list"
  done
}

# The boot clock in the moment in which the wall clock begins a second. Both are coarse: some 10 ms.
clocks_by_uptime() {
  [ -r /proc/uptime ] || return
  # In a container it may be another file.
  grep -q ' /proc/uptime ' /proc/self/mountinfo 2> /dev/null && return
  second=$(date +%s)
  read -r before _ < /proc/uptime
  while read -r up _ < /proc/uptime && new=$(date +%s) && [ "$new" = "$second" ]; do before=$up; done
  read -r after _ < /proc/uptime
  before=${before%.*}${before#*.} after=${after%.*}${after#*.}
  # It shows whole hundredths of a second, cut.
  echo "boottime $(((before + after) * 5000000 + 5000000)) ${new}000000000 $(((after - before) * 5000000 + 5000000)) /proc/uptime"
}

# The clock of perf, and the raw one: marks are written in turn to a buffer stamped by it and to one stamped by the
# monotonic clock.
clocks_by_trace() { # offset of the wall clock from the monotonic one, its uncertainty
  for tracefs in /sys/kernel/tracing /sys/kernel/debug/tracing; do
    one=$tracefs/instances/tracenorm-$$-one two=$tracefs/instances/tracenorm-$$-two
    mkdir "$one" 2> /dev/null || continue
    mkdir "$two" 2> /dev/null || { rmdir "$one"; continue; }
    trap 'rmdir "$one" "$two" 2> /dev/null; exit 1' HUP INT TERM
    for clock in perf:perf monotonic_raw:mono_raw; do
      { echo mono > "$one/trace_clock" && echo "${clock#*:}" > "$two/trace_clock"; } 2> /dev/null || continue
      mark=0
      while [ "$mark" -lt 30 ]; do
        echo "tracenorm-mark $mark" > "$one/trace_marker"
        echo "tracenorm-mark $mark" > "$two/trace_marker"
        mark=$((mark + 1))
      done 2> /dev/null
      # Microseconds: an awk counts in doubles.
      { sed 's/^/one /' "$one/trace"; sed 's/^/two /' "$two/trace"; } | sed -n \
        's/^\(...\) .* \([0-9][0-9]*\)\.\([0-9]\{6\}\): tracing_mark_write: tracenorm-mark \([0-9]*\)$/\1 \4 \2\3/p' |
        awk '
          { at[$1, $2] = $3 }
          END {
            for (mark = 0; mark < 29; mark++) {
              if (!(("one", mark) in at && ("two", mark) in at && ("one", mark + 1) in at)) continue
              width = at["one", mark + 1] - at["one", mark]
              if (width >= 0 && (best == "" || width < best)) {
                best = width; ns = at["two", mark]; middle = (at["one", mark + 1] + at["one", mark]) / 2
              }
            }
            if (best != "") printf "%.0f %.0f %.0f\n", ns, middle * 1000, best * 500 + 1000
          }' | while read -r us middle half; do
          echo "${clock%:*} ${us}000 $((middle + $1)) $((half + $2)) a mark in an ftrace buffer"
        done
    done
    rmdir "$one" "$two" 2> /dev/null
    trap - HUP INT TERM
    break
  done
}

clocks() {
  found=$(clocks_by_timer_list)
  [ -n "$found" ] || found=$(clocks_by_program)
  case $found in *boottime*) ;; *) found="$found
$(clocks_by_uptime)" ;; esac
  monotonic=$(printf '%s\n' "$found" | sed -n '/^monotonic /{p;q;}')
  if [ -n "$monotonic" ]; then
    # shellcheck disable=SC2086 # words on purpose
    set -- $monotonic
    found="$found
$(clocks_by_trace "$(($3 - $2))" "$4")"
  fi
  # The kernel's own offsets do not hold the raw clock.
  case $found in *monotonic_raw*) ;; *) found="$found
$(clocks_by_program)" ;; esac
  comma=
  for id in monotonic boottime tai monotonic_raw perf; do
    # The narrowest of the sources.
    pair=$(printf '%s\n' "$found" | awk -v id="$id" '$1 == id && (best == "" || $4 + 0 < best) { best = $4 + 0; pair = $0 } END { print pair }')
    if [ -n "$pair" ]; then
      printf '%s' "$pair" | {
        read -r id ns realtime uncertainty source
        printf '%s  { "id": "%s", "ns": "%s", "realtime_ns": "%s", "uncertainty_ns": %s, "source": "%s" }' \
          "$comma" "$id" "$ns" "$realtime" "$uncertainty" "$source"
      }
      comma=',
'
    fi
  done
}

# Why tracefs could not be used, to be called where it could not. It mounts nothing to find out.
why_no_tracefs() {
  uid=$(awk '/^Uid:/ { print $3 }' /proc/self/status)
  if [ -r /proc/filesystems ] && ! grep -q 'tracefs$' /proc/filesystems; then
    echo 'this kernel has no tracefs'
  elif ! grep -q ' tracefs ' /proc/self/mounts && ! [ -e /sys/kernel/tracing/README ] && ! [ -e /sys/kernel/debug/tracing/README ] &&
    { [ "$uid" -eq 0 ] || ! grep -q ' /sys/kernel/debug debugfs ' /proc/self/mounts; }; then
    echo 'tracefs is not mounted: as root \"mount -t tracefs nodev /sys/kernel/tracing\", then take the snapshot again'
  elif [ "$uid" -eq 0 ]; then
    echo 'tracefs does not let this root in: the kernel is locked down, or this is a container'
  else
    echo 'only root can use tracefs'
  fi
}

why_missing() { # clock
  programs='neither python3 nor perl is here'
  case $1 in
  monotonic) echo 'it could not be read' ;;
  boottime) echo "/proc/uptime is not that of the kernel, and $programs" ;;
  tai) echo "/proc/timer_list, which root can read, does not have it, and $programs" ;;
  monotonic_raw) echo "$(why_no_tracefs); and $programs" ;;
  *) why_no_tracefs ;;
  esac
}

clocks_missing() { # the JSON of the pairs, a sentence for all
  for id in monotonic boottime tai monotonic_raw perf; do
    case $1 in
    *"\"$id\""*) ;;
    *) miss "clocks.$id" "${2:-$(why_missing "$id")}" ;;
    esac
  done
}

# The kernel stamps events by the clocks of the first time namespace.
is_shifted() { sed 's/^[a-z]* *//' /proc/self/timens_offsets 2> /dev/null | grep -q '[1-9]'; }

# ---- drop reasons: lines of `subsystem-id subsystem-name number name`, a number of `-` for the subsystem itself

# The kernel's type information; tests have a folder of their own.
btf=${TRACENORM_BTF:-/sys/kernel/btf}

# BTF: a header of six words (magic; its length; offset and length of the types, of the strings), types, strings. Each
# type has three words (offset of its name, kind and count, size) and as many more as its kind and count say.
words() { od -A n -v -t u4 -j "$2" -N "$3" "$1" 2> /dev/null; } # file, first byte, bytes

# `offset name` of all strings that may be a name here. Offsets of a module continue those of the kernel. `cut` where the
# file ends within them.
names_in_btf() { # file, offset of its first string, the words of its header
  tail -c "+$(($4 + $7 + 1))" "$1" | tr '\000' '\n' | awk -v at="$2" -v end="$(($2 + $8))" '
    at >= end { exit }
    /_drop_reason|^[A-Z][A-Z0-9_]*$/ { print at, $0 }
    { at += length($0) + 1 }
    END { if (at < end) print "cut" }'
}

# `[ENUM name` and below it `name value` for each drop reason, `[WHOLE` at the end.
enums_in_btf() { # file, the kernel's where it is a module
  # shellcheck disable=SC2046 # words
  set -- "$1" "${2:-}" $(words "$1" 0 24) $([ -z "${2:-}" ] || words "$2" 0 24)
  # BTF begins with 0xeb9f.
  case $# in 8 | 14) [ $(($3 & 65535)) -eq 60319 ] || return ;; *) return ;; esac
  {
    if [ $# -eq 14 ]; then names_in_btf "$2" 0 "$9" "${10}" "${11}" "${12}" "${13}" "${14}"; fi
    names_in_btf "$1" "${14:-0}" "$3" "$4" "$5" "$6" "$7" "$8"
    echo types
    words "$1" $(($4 + $5)) "$6"
  } | awk '
    BEGIN {
      # Words that follow a type of each kind, and for each of its members.
      split("1 0 3 0 0 0 0 0 0 0 0 0 0 1 0 0 1 0 0", fixed)
      split("0 0 0 3 3 2 0 0 0 0 0 0 2 0 3 0 0 0 3", each)
    }
    $1 == "types" { types = 1; next }
    $1 == "cut" { is_cut = 1 }
    !types { name[$1] = $2; next }
    {
      for (i = 1; i <= NF; i++) {
        if (skip >= NF - i + 1) { skip -= NF - i + 1; break }
        i += skip; skip = 0
        if (members > 0) {
          member[++part] = $i
          if (part < size) continue
          if ((member[1] in name) && member[3] + 0 == 0) print name[member[1]], member[2]
          part = 0; members--
        } else {
          head[++filled] = $i
          if (filled < 3) continue
          filled = 0
          kind = int(head[2] / 16777216) % 32; count = head[2] % 65536
          if (kind < 1 || kind > 19) { skip = 1; exit }
          if ((kind == 6 || kind == 19) && (head[1] in name) && name[head[1]] ~ /_drop_reason/) {
            print "[ENUM", name[head[1]]
            size = each[kind]; members = count; member[3] = 0
          } else skip = fixed[kind] + each[kind] * count
        }
      }
    }
    END { if (i > 0 && skip + members + filled + part + is_cut == 0) print "[WHOLE" }'
}

reasons_by_btf() {
  has od && has tail && [ -r "$btf/vmlinux" ] || return
  {
    enums_in_btf "$btf/vmlinux"
    for module in "$btf"/*; do
      [ "$module" != "$btf/vmlinux" ] && grep -q _drop_reason "$module" 2> /dev/null &&
        { echo '[MODULE'; enums_in_btf "$module" "$btf/vmlinux"; }
    done
  } | awk '
    $1 == "[MODULE" { modules++ }
    $1 == "[WHOLE" { wholes++ }
    /^\[/ { enum = $1 == "[ENUM" ? $2 : ""; next }
    enum == "" { next }
    {
      name = $1; value = $2 + 0
      high = int(value / 65536); low = value - high * 65536
      if (enum == "skb_drop_reason") {
        if (name == "SKB_DROP_REASON_MAX" || high > 0) next
        if (!sub(/^SKB_DROP_REASON_/, "", name)) sub(/^SKB_/, "", name)
        if (!(low in core)) core[low] = name
        if (low > last) last = low
      } else if (enum == "skb_drop_reason_subsys") {
        if (value > 0 && value < 65536 && sub(/^SKB_DROP_REASON_SUBSYS_/, "", name) && name != "NUM") subsystem[value] = tolower(name)
      } else if (name !~ /^[^A-Z]|[^A-Z0-9_]/ && name !~ /_MAX$/) {
        others++; other_high[others] = high; other_low[others] = low; other_name[others] = name
      }
    }
    END {
      if (wholes != modules + 1) exit
      if (last == 0) print "none"
      for (number = 0; number <= last; number++) if (number in core) print 0, "core", number, core[number]
      for (id in subsystem) {
        print id, subsystem[id], "-", "-"
        for (i = 1; i <= others; i++)
          if (other_high[i] == id && !((id, other_low[i]) in seen)) {
            seen[id, other_low[i]] = 1
            print id, subsystem[id], other_low[i], other_name[i]
          }
      }
    }'
}

reasons_by_format() {
  for tracefs in /sys/kernel/tracing /sys/kernel/debug/tracing; do
    format=$tracefs/events/skb/kfree_skb/format
    [ -r $format ] || continue
    # A kernel without reasons has none, and that is known.
    grep -q 'reason;' $format || echo none
    sed -n 's/.*__print_symbolic(REC->reason,\(.*\)/\1/p' $format | tr '{' '\n' |
      sed -n 's/^ *\([0-9][0-9]*\), "\([A-Z0-9_]*\)" *}.*/0 core \1 \2/p' | grep -v ' MAX$'
    return
  done
}

# Those lines as JSON.
reason_table() {
  sort -n -k1,1 -k3,3 | awk '
    $1 == "none" { next }
    $1 == 0 { core = core (core == "" ? "" : ", ") "\"" $3 "\": \"" $4 "\""; next }
    !($1 in name) { name[$1] = $2; order[++count] = $1 }
    $3 != "-" { names[$1] = names[$1] (names[$1] == "" ? "" : ", ") "\"" $3 "\": \"" $4 "\"" }
    END {
      printf "{ \"core\": { %s },\n  \"subsystems\": {", core
      for (i = 1; i <= count; i++)
        printf "%s \"%s\": { \"name\": \"%s\", \"names\": { %s } }", (i > 1 ? "," : ""), order[i], name[order[i]], names[order[i]]
      print " } }"
    }'
}

# ---- zone

zone_named() { # prints the name when the database has it
  case $1 in
  '' | */../* | *[!A-Za-z0-9_+/-]*) return 1 ;;
  UTC | GMT | Etc/UTC) ;;
  *) [ -f "/usr/share/zoneinfo/$1" ] || return 1 ;;
  esac
  printf '%s\n' "$1"
}

after_zoneinfo() { printf '%s\n' "$1" | sed -n 's#.*/zoneinfo/##;s#^posix/##;/^right\//d;/^\//d;p'; }

# a file of the database, a link to one, or the system's copy of one
zone_of_file() {
  zone_named "$(after_zoneinfo "$1")" && return
  if [ -L "$1" ]; then
    # shellcheck disable=SC2012 # readlink is not in POSIX
    zone_named "$(after_zoneinfo "$(ls -l "$1" | sed 's/.* -> //')")" && return
  fi
  if [ "$1" = /etc/localtime ] && [ -e "$1" ]; then zone_named "$(first_line /etc/timezone)"; fi
}

zone() {
  if [ -n "${TZ+set}" ]; then
    zone=${TZ#:}
    case $zone in
    '') echo UTC ;;
    /*) zone_of_file "$zone" ;;
    *)
      # POSIX counts westward: IST-5:30 is +05:30.
      zone_named "$zone" || printf '%s\n' "$zone" | sed -n '
        s/^[A-Za-z]\{3,\}//
        s/^<[A-Za-z0-9+-]*>//
        s/^\([0-9]\)/+\1/
        s/^\([+-]\)\([0-9]\)\(:[0-5][0-9]\)\{0,1\}$/\10\2\3/
        s/^\([+-][01][0-9]\)$/\1:00/
        /^[+-][01][0-9]:[0-5][0-9]$/{y/+-/-+/;s/^-00:00$/+00:00/;p;}'
      ;;
    esac
    return
  fi
  if [ -e /etc/localtime ]; then zone_of_file /etc/localtime; else echo UTC; fi
}

# ---- interfaces and their namespace

interfaces() {
  count=0 lines=
  for folder in /sys/class/net/*; do
    index=$(first_line "$folder/ifindex") || continue
    case $index in '' | *[!0-9]*) continue ;; esac
    lines="$lines$index $(text "${folder##*/}")
"
    count=$((count + 1))
    # sysfs may show another namespace than this process is in.
    grep -q "^ *${folder##*/}:" /proc/self/net/dev || return 1
  done
  [ "$(grep -c : /proc/self/net/dev)" -eq "$count" ] || return 1
  printf '%s' "$lines" | sort -n | sed 's/^\([0-9]*\) \(.*\)/  "\1": \2,/' | object
}

# The inode of this namespace, and whether it is the only one: every process is in it, and no mount keeps another.
# The latter is left out when a process that cannot be looked at may be in another.
namespace() {
  # shellcheck disable=SC2012,SC2010 # names of /proc are numbers
  own=$(ls -l /proc/self/ns/net 2> /dev/null | sed -n 's/.* -> net:\[\([0-9]*\)\]$/\1/p')
  [ -n "$own" ] || return 1
  alone=true
  others=$(
    {
      ls -l /proc/[0-9]*/ns/net 2> /dev/null
      sed -n 's/.* net:\[\([0-9]*\)\] .*/ -> net:[\1]/p' /proc/self/mountinfo
    } | grep ' -> ' | grep -v -c " -> net:\[$own\]"
  )
  # shellcheck disable=SC2010 # as above
  for unseen in $(ls -l /proc/[0-9]*/ns/net 2> /dev/null | grep -v ' -> ' | sed 's#.*/proc/\([0-9]*\)/.*#\1#'); do
    # A process that has ended is in no namespace.
    stat=$(first_line "/proc/$unseen/stat") || continue
    case ${stat##*) } in [ZX]*) ;; *) alone= ;; esac
  done
  [ "$others" -eq 0 ] || alone=false
  echo "{ \"inode\": $own${alone:+, \"is_alone\": $alone} }"
}

# ---- all together

if is_shifted; then
  pairs=
  clocks_missing '' 'this process is in a time namespace: it sees other clocks than the kernel'
else
  pairs=$(clocks)
  clocks_missing "$pairs" ''
fi

table='' from=''
lines=$(reasons_by_btf)
if [ -n "$lines" ]; then
  from=btf
else
  lines=$(reasons_by_format)
  [ -z "$lines" ] || from=format
fi
if [ -n "$from" ]; then
  table=$(printf '%s\n' "$lines" | reason_table)
else
  miss reasons "there is no $btf/vmlinux, and $(why_no_tracefs)"
fi

timezone=$(zone)
if [ -n "$timezone" ]; then
  timezone="{ \"zone\": $(text "$timezone") }"
else
  miss timezone 'TZ or /etc/localtime names no zone of the IANA database; give --timezone when you convert'
  timezone=$(date +%z | sed -n 's/^\([+-][0-9][0-9]\)\([0-9][0-9]\)$/{ "utc_offset": "\1:\2" }/p')
fi

devices=$(interfaces) || miss interfaces 'sysfs shows another network namespace than this process is in'
netns=$(namespace)

case $(date +%N) in
*N) taken=$(date -u +%Y-%m-%dT%H:%M:%S.000000000Z) ;;
*) taken=$(date -u +%Y-%m-%dT%H:%M:%S.%NZ) ;;
esac

distribution=$(
  for file in /etc/os-release /usr/lib/os-release; do
    [ -r $file ] || continue
    # shellcheck disable=SC1090 # made to be read by a shell
    . $file
    member '  ' id "${ID:-}"
    member '  ' version "${VERSION_ID:-}"
    member '  ' title "${PRETTY_NAME:-}"
    break
  done | object
)

tools=$(
  {
    has perf && member '  ' perf "$(perf --version 2> /dev/null | sed -n 's/^perf version \([^ ]*\).*/\1/p')"
    has bpftrace && member '  ' bpftrace "$(bpftrace --version 2> /dev/null | sed -n 's/^bpftrace v\{0,1\}\([^ ]*\).*/\1/p')"
    # The program has no option that prints its version.
    dropwatch=
    # shellcheck disable=SC2016 # a format of dpkg-query's
    has dpkg-query && dropwatch=$(dpkg-query -W -f '${Version}' dropwatch 2> /dev/null)
    [ -n "$dropwatch" ] || ! has rpm || dropwatch=$(rpm -q --qf '%{VERSION}-%{RELEASE}' dropwatch 2> /dev/null | sed -n '/^[0-9]/p')
    member '  ' dropwatch "$dropwatch"
  } | object
)

host=$(
  {
    member '  ' name "$(uname -n)"
    member '  ' kernel "$(uname -r)"
    member '  ' arch "$(uname -m)"
    member '  ' boot_id "$(first_line /proc/sys/kernel/random/boot_id)"
  } | object
)

printf '{\n "v": 1,\n "taken": "%s",\n "taken_by": "snapshot.sh %s",\n' "$taken" "$version"
printf ' "host": {\n%s\n },\n' "$host"
[ -z "$distribution" ] || printf ' "distribution": {\n%s\n },\n' "$distribution"
[ -z "$timezone" ] || printf ' "timezone": %s,\n' "$timezone"
printf ' "clocks": [\n%s\n ],\n' "$pairs"
[ -z "$table" ] || printf ' "reasons": %s,\n "reasons_from": "%s",\n' "$table" "$from"
[ -z "$netns" ] || printf ' "network_namespace": %s,\n' "$netns"
printf ' "interfaces": {\n%s\n },\n' "$devices"
printf ' "tools": {\n%s\n },\n' "$tools"
printf ' "missing": [\n  %s\n ]\n}\n' "$missing"
