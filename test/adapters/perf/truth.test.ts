import { describe, expect, it } from 'vitest'
import { corpusFile, hasCorpus, type Text, type Truth, texts } from './corpus.ts'
import { type Event, read } from './reading.ts'

// Options that change nothing of what a sample shows; those with columns are in renderings.test.ts.
const PLAIN = /^(?:--ns|--header|-I|--show-\S+|-v|--verbose| )*$/

const plain = texts().filter(({ options }) => PLAIN.test(options))
/** perf printed no sample of it: it refused the recording. */
const isEmpty = ({ bytes }: Text): boolean => !/^[^#\n]/m.test(bytes.toString('latin1'))
const withTruth = plain.filter((text) => text.truth !== undefined && !isEmpty(text))
const withoutTruth = plain.filter((text) => !withTruth.includes(text)).map(({ name }) => name)

if (!hasCorpus) console.log('skipped: no corpus (TRACENORM_CORPUS)')
else console.log(`texts without a truth: ${withoutTruth.join(', ')}`)

/**
 * A message of printk that holds a line end and then a whole line as perf prints it: the text does not show the
 * difference, and it is read as a packet. This one, on purpose, in two captures.
 */
const IMITATION = '0xffff88810259c6e0'
const isImitation = (event: Event): boolean => event.drop?.reason === 'XDP' && event.skb?.addr === IMITATION

/** The packet as a text of that precision shows it. */
function shown(truth: Truth, { options, reasons }: Text): unknown {
  const ns = BigInt(truth.time_ns)
  return {
    ns: String(options.includes('--ns') ? ns : (ns / 1000n) * 1000n),
    cpu: truth.cpu,
    tid: truth.tid,
    addr: truth.skbaddr,
    rx_sk: truth.rx_sk,
    protocol: truth.protocol,
    reason: reasons.get(truth.reason),
  }
}

function read1({ clock, cpu, process, skb, drop }: Event): unknown {
  return {
    ns: clock?.ns,
    cpu,
    tid: process?.tid,
    addr: skb?.addr,
    rx_sk: skb?.rx_sk,
    protocol: skb?.protocol,
    reason: drop?.reason,
  }
}

describe.skipIf(!hasCorpus)('the default columns of perf script', () => {
  it.each(withTruth.map((text) => [text.name, text] as const))('%s equals its truth', async (_name, text) => {
    const { events, rejected } = await read(text.bytes)
    const packets = events.filter((event) => event.event_name === 'skb:kfree_skb' && !isImitation(event))
    expect(packets.map(read1)).toEqual((text.truth ?? []).map((truth) => shown(truth, text)))
    expect(packets.every(({ process }) => process?.pid === undefined)).toBe(true)
    expect(rejected).toEqual([])
    if (text.comms !== undefined)
      expect(packets.map(({ process }) => process?.comm)).toEqual(
        text.comms.map((comm) => (/^:-?\d+$/.test(comm) ? undefined : comm.trimStart())),
      )
  })

  it.each(['perf6.1-comms-weird', 'perf6.12-comms-weird'])(
    '%s: thread names are those that the traffic set',
    async (capture) => {
      const { events } = await read(corpusFile(`${capture}/script.stdout`))
      const read1 = events
        .filter(({ event_name }) => event_name === 'skb:kfree_skb')
        .map(({ process }) => process?.comm)
      // Blanks before a name are perf's padding or the name's own: the text does not say.
      expect(read1).toEqual(namesSet().map((name) => decoded(name).trimStart()))
    },
  )
})

/** Names that traffic/comms.sh sets, as bytes (latin1), cut to what the kernel keeps. */
function namesSet(): readonly string[] {
  const script = corpusFile('traffic/comms.sh').toString('latin1')
  const list = script.slice(script.indexOf("<<'LIST'\n") + 9, script.indexOf('\nLIST\n'))
  return [...list.split('\n'), ''].map((line) => unescaped(line).slice(0, 15))
}

function unescaped(text: string): string {
  const single: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', '\\': '\\' }
  return text.replaceAll(/\\(?:x([0-9a-f]{2})|(.))/g, (_all, hex: string | undefined, letter: string) =>
    hex === undefined ? (single[letter] ?? letter) : String.fromCharCode(Number.parseInt(hex, 16)),
  )
}

function decoded(bytes: string): string {
  return new TextDecoder().decode(Buffer.from(bytes, 'latin1'))
}
