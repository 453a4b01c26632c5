// The ready programs, read as any other, and run where bpftrace is installed.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { parseProgram } from '../../../adapters/bpftrace/program/parse.ts'
import { readText } from './reading.ts'

const FOLDER = fileURLToPath(new URL('../../../adapters/bpftrace/programs/', import.meta.url))
const programs = readdirSync(FOLDER).filter((name) => name.endsWith('.bt'))

function textOf(name: string): string {
  return readFileSync(join(FOLDER, name), 'latin1')
}

/** Thread names that have broken readers. */
const NAMES = [
  'plain',
  'two words',
  'a: 3',
  'pid=1 tid=2',
  'q"uo',
  'new\nline',
  '{"a":1}',
  'café',
  'tab\there',
  '%s%d',
  'back\\sl',
  '日本',
  ' lead',
  'trail ',
  '@[x]: 1',
  'Lost 3 events',
]

/** Sends a datagram to a closed port under each name: the kernel drops it, NO_SOCKET. */
const SENDER = `import dgram from 'node:dgram'
import { readFileSync } from 'node:fs'
const names = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const socket = dgram.createSocket('udp4').on('error', () => {})
const next = () => {
  const name = names.shift()
  if (name === undefined) return socket.close()
  process.title = name
  socket.send('x', 9, '127.0.0.1', next)
}
next()
`

/** Why the programs cannot be run here; undefined when they can. */
function obstacle(): string | undefined {
  if (process.getuid?.() !== 0) return 'not root'
  const { status, stdout, error } = spawnSync('bpftrace', ['-l', 'tracepoint:skb:kfree_skb'], {
    encoding: 'utf8',
    timeout: 30_000,
  })
  if (error !== undefined) return 'no bpftrace'
  return status === 0 && stdout.includes('kfree_skb') ? undefined : 'bpftrace cannot trace here'
}

const why = obstacle()
if (why !== undefined) console.warn(`the ready programs are not run: ${why}`)

describe.each(programs)('%s', (name) => {
  it('is understood whole', () => {
    expect(parseProgram(textOf(name)).problems).toEqual([])
  })
})

describe.skipIf(why !== undefined)('run on this kernel', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'tracenorm-programs-'))
  const [names, sender] = [join(scratch, 'names.json'), join(scratch, 'sender.mjs')]
  writeFileSync(names, JSON.stringify(NAMES))
  writeFileSync(sender, SENDER)
  afterAll(() => rmSync(scratch, { recursive: true }))

  const runs = programs.flatMap((name) => (['text', 'json'] as const).map((form) => [name, form] as const))

  it.each(runs)('%s as %s decodes hostile thread names exactly', (name, form) => {
    const command = `${process.execPath} ${sender} ${names}`
    const output = execFileSync('bpftrace', ['-f', form, join(FOLDER, name), '-c', command], {
      encoding: 'latin1',
      timeout: 60_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const { drops, rejected, ambiguous } = readText(output, { program: textOf(name) })
    // Other threads' packets are dropped too.
    const own = drops.map(({ process: one }) => one?.comm ?? '').filter((comm) => NAMES.includes(comm))
    // Of two processors, in any order.
    expect(own.toSorted()).toEqual(NAMES.toSorted())
    expect([rejected, ambiguous]).toEqual([[], 0])
    expect(drops[0]?.stack !== undefined).toBe(name.includes('stack'))
  })
})
