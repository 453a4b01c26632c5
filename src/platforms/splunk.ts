import { STORED, type Stored } from './stored.ts'

/** The longest line that we write is 256 KiB. */
const LONGEST_LINE_BYTES = 256 * 1024

/**
 * What `tracenorm schema --for splunk` prints: props.conf, transforms.conf and limits.conf of an app. `ts` is looked
 * for only where a line has it: a key of `args` may have the same name.
 */
export function splunkConfiguration(): string {
  const aliases = [...STORED].flatMap(([name, stored]) => fieldsOf(name, stored)).filter((name) => /[.{]/.test(name))
  return `# default/props.conf: NDJSON of tracenorm, in files or over a forwarder. HEC gets its time and host in the envelope.
[tracenorm]
SHOULD_LINEMERGE = false
LINE_BREAKER = ([\\r\\n]+)
TRUNCATE = ${LONGEST_LINE_BYTES + 1}
CHARSET = UTF-8
TIME_PREFIX = ^\\{"v":1,"kind":"[a-z]+","ts":"
TIME_FORMAT = %Y-%m-%dT%H:%M:%S.%9N%Z
MAX_TIMESTAMP_LOOKAHEAD = 30
MAX_DAYS_AGO = 10951
TZ = UTC
KV_MODE = json
TRANSFORMS-tracenorm = tracenorm_host
# Every field by a name that needs no quotes in SPL: drop.reason is drop_reason, stack{}.symbol is stack_symbol.
${aliases.map((name) => `FIELDALIAS-${aliasOf(name)} = "${name}" ASNEW ${aliasOf(name)}`).join('\n')}

# default/transforms.conf: the host of the capture is the host of the event.
[tracenorm_host]
REGEX = ^\\{"v":1,"kind":"[a-z]+",(?:"ts":"[^"]*",)?(?:"clock":\\{[^{}]*\\},)?"host":\\{"name":"([^"\\\\]+)"
DEST_KEY = MetaData:Host
FORMAT = host::$1

# default/limits.conf: fields are found in the whole line, and not only in its first 5,000 characters.
[spath]
extraction_cutoff = ${LONGEST_LINE_BYTES}
[kv]
maxchars = ${LONGEST_LINE_BYTES}
limit = 0
`
}

/** The names that KV_MODE=json gives: `drop.reason`, `stack{}.symbol`, `flags{}`. */
function fieldsOf(name: string, stored: Stored): readonly string[] {
  if (typeof stored !== 'object') return [name]
  if ('list' in stored) return fieldsOf(`${name}{}`, stored.list)
  return [...stored.section].flatMap(([key, inner]) => fieldsOf(`${name}.${key}`, inner))
}

function aliasOf(name: string): string {
  return name.replaceAll('{}', '').replaceAll('.', '_')
}
