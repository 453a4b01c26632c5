import { mayBePacked } from './layer.ts'
import { codes, isThere, type Magic, mayBegin } from './magic.ts'

// Inputs that people give by mistake, and that no reader reads. They are known by their first bytes or by a line. The
// message has the name of the form and the next step. When a form gets a reader, its entry here is removed.

export interface KnownForm {
  /** `trace.dat, a recording of trace-cmd,`: messages continue with `is not read`. */
  readonly name: string
  /** What to do instead. `word`: the file, quoted for a shell; undefined: it came on stdin. */
  readonly next: (word: string | undefined) => string
}

interface KnownBytes extends KnownForm, Magic {
  /** Bytes that must be there, too. */
  readonly and?: Magic
}

interface KnownLine extends KnownForm {
  /** Matches one line, without its end. */
  readonly shape: RegExp
}

/** Packed formats that are not unpacked. */
const PACKED: readonly KnownBytes[] = [
  { magic: [0x04, 0x22, 0x4d, 0x18], name: 'lz4', next: piped('lz4 -dc') },
  { magic: codes('LZIP'), name: 'lzip', next: piped('lzip -dc') },
  { magic: [0x1f, 0x9d], name: 'compress (.Z)', next: piped('zcat') },
  { magic: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], name: '7z', next: piped('7z x -so') },
]

const PCAP: readonly (readonly number[])[] = [
  [0xd4, 0xc3, 0xb2, 0xa1],
  [0xa1, 0xb2, 0xc3, 0xd4],
  [0x4d, 0x3c, 0xb2, 0xa1],
  [0xa1, 0xb2, 0x3c, 0x4d],
]
const DWDUMP = 'a recording of dwdump (pcap)'
const DROPWATCH_INSTEAD = 'give what dropwatch itself prints'
const DROPS_INSTEAD = 'its packets need not be dropped ones: perf, bpftrace and dropwatch report drops'
const WIDE_TEXT = 'text in UTF-16'

const CONTENT: readonly KnownBytes[] = [
  {
    magic: [0x17, 0x08, 0x44, ...codes('tracing')],
    name: 'trace.dat, a recording of trace-cmd,',
    next: () => 'give what trace-cmd report prints of it',
  },
  // dwdump's link type, NETLINK, distinguishes it.
  ...PCAP.map((magic) => ({
    magic,
    and: { at: 20, magic: [0xfd, 0, 0, 0] },
    name: DWDUMP,
    next: () => DROPWATCH_INSTEAD,
  })),
  ...PCAP.map((magic) => ({
    magic,
    and: { at: 20, magic: [0, 0, 0, 0xfd] },
    name: DWDUMP,
    next: () => DROPWATCH_INSTEAD,
  })),
  ...PCAP.map((magic) => ({ magic, name: 'pcap, packets as tcpdump writes them,', next: () => DROPS_INSTEAD })),
  { magic: [0x0a, 0x0d, 0x0d, 0x0a], name: 'pcapng, packets as Wireshark writes them,', next: () => DROPS_INSTEAD },
  {
    magic: [0x7f, ...codes('ELF')],
    name: 'ELF, a program, module or kernel,',
    next: () => 'for names of drop reasons give --reasons /sys/kernel/btf/vmlinux together with the capture',
  },
  { magic: [0x9f, 0xeb, 0x01], name: "BTF, a kernel's types,", next: beside('--reasons') },
  { magic: [0xeb, 0x9f, 0x01], name: "BTF, a kernel's types,", next: beside('--reasons') },
  { magic: [0xc1, 0x1f, 0xfc, 0xc1], name: 'CTF, a recording of LTTng,', next: () => DROPS_INSTEAD },
  { magic: [0xff, 0xfe], name: WIDE_TEXT, next: piped('iconv -f UTF-16 -t UTF-8') },
  { magic: [0xfe, 0xff], name: WIDE_TEXT, next: piped('iconv -f UTF-16 -t UTF-8') },
]

const PERF_SCRIPT_INSTEAD = 'give what perf script prints of the recording'
const TRACE_TOOL_INSTEAD = 'perf, bpftrace and dropwatch report such drops, too: give what one of them prints'

const LINES: readonly KnownLine[] = [
  {
    shape: /"skb-drop":\{|^\{"(?:common|startup|kernel)":\{/,
    name: 'the JSON of retis',
    next: () => TRACE_TOOL_INSTEAD,
  },
  {
    shape: /^\d{1,20} (?:\(\d{1,5}\) )?\[.{1,15}\] (?:\d{1,10}\/)?\d{1,10} \[(?:tp|k|kr|u)\] /,
    name: 'the text of retis',
    next: () => TRACE_TOOL_INSTEAD,
  },
  { shape: /^SKB {1,30}CPU {1,10}PROCESS /, name: 'the text of pwru', next: () => TRACE_TOOL_INSTEAD },
  { shape: /^\{"skb":"0x[0-9a-f]{1,16}",.{0,200}"func":"/, name: 'the JSON of pwru', next: () => TRACE_TOOL_INSTEAD },
  {
    shape: /^TIME {1,9}PID {1,9}IP {1,4}SADDR:SPORT/,
    name: "the text of bcc's tcpdrop",
    next: () => TRACE_TOOL_INSTEAD,
  },
  { shape: /"tcpflags":|\bMOUNT_NS_ID\b/, name: 'the output of Inspektor Gadget', next: () => TRACE_TOOL_INSTEAD },
  {
    shape: /^\d\d:\d\d:\d\d\.\d{6} (?:\S{1,15} {1,9}(?:In|Out|P|B|M) {1,9})?(?:IP6?|ARP),? /,
    name: 'the text of tcpdump',
    next: () => DROPS_INSTEAD,
  },
  {
    shape: /^# (?:To display the perf\.data header info|Total Lost Samples:|Overhead )/,
    name: 'the text of perf report',
    next: () => PERF_SCRIPT_INSTEAD,
  },
  {
    shape: /^ Performance counter stats for /,
    name: 'the text of perf stat',
    next: () => 'it counts events and lists none',
  },
  {
    shape: /^(?:Ip|Tcp|Udp|IpExt|TcpExt)[A-Z]\w{1,40} +\d{1,20} +\d|^ {4}[RT]X: +bytes +packets/,
    name: 'counters (nstat, ip -s link)',
    next: () => 'they say how many were dropped, not which: trace skb:kfree_skb for that',
  },
  {
    shape:
      /^#!.{0,60}\bbpftrace|^(?:tracepoint|t|kprobe|k|kfunc|fentry):[\w:.*]{1,80}(?:\s*,|\s*\/|\s*\{)|^(?:BEGIN|END)\s*\{/,
    name: 'a bpftrace program',
    next: beside('--program'),
  },
  {
    shape: /^name: kfree_skb$|^enum skb_drop_reason\b|'skb_drop_reason' encoding=/,
    name: "a kernel's list of drop reasons",
    next: beside('--reasons'),
  },
  { shape: /^\s*"taken_by": "(?:tracenorm|snapshot\.sh) /, name: 'a snapshot of a host', next: beside('--snapshot') },
  { shape: /^v,kind,ts,/, name: 'a table of tracenorm', next: () => 'give the NDJSON that it was made from' },
  { shape: /^\s{0,99}<(?:!doctype html|html)\b/i, name: 'a web page', next: () => 'save the text itself' },
]

/** A packed format that is not unpacked. */
export function packedForm(head: Uint8Array): KnownForm | undefined {
  return PACKED.find((form) => begins(form, head))
}

/** Content that no reader reads, by the first bytes of an input. */
export function contentForm(head: Uint8Array): KnownForm | undefined {
  return CONTENT.find((form) => begins(form, head)) ?? wideText(head)
}

/** A form that no reader reads, by a line of text. */
export function lineForm(line: string): KnownForm | undefined {
  const begin = line.slice(0, LONGEST_LINE)
  return LINES.find(({ shape }) => shape.test(begin))
}

/** Characters of a line that are looked at. */
const LONGEST_LINE = 1024

/** True when these bytes are too few to know a form by, or a layer other than tar, and may begin one. */
export function mayBeKnown(head: Uint8Array): boolean {
  return mayBePacked(head) || [...PACKED, ...CONTENT].some((form) => mayBegin(form, head))
}

function begins(form: KnownBytes, head: Uint8Array): boolean {
  return isThere(form, head) && (form.and === undefined || isThere(form.and, head))
}

/** UTF-16 without its byte order mark: every other byte of ASCII text is zero. */
function wideText(head: Uint8Array): KnownForm | undefined {
  if (head.length < WIDE_PROOF) return undefined
  const isText = (place: number): boolean => isPlain(head[place] ?? 0) && head[place ^ 1] === 0
  const places = Array.from({ length: WIDE_PROOF / 2 }, (_, at) => 2 * at)
  if (places.every(isText)) return { name: WIDE_TEXT, next: piped('iconv -f UTF-16LE -t UTF-8') }
  if (places.every((at) => isText(at + 1))) return { name: WIDE_TEXT, next: piped('iconv -f UTF-16BE -t UTF-8') }
  return undefined
}

const WIDE_PROOF = 16

function isPlain(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || (byte >= 9 && byte <= 13)
}

function piped(command: string): KnownForm['next'] {
  return (word) => (word === undefined ? `… | ${command} | tracenorm` : `${command} ${word} | tracenorm`)
}

function beside(flag: string): KnownForm['next'] {
  return (word) => `give it together with a capture: tracenorm ${flag} ${word ?? 'FILE'} CAPTURE`
}
