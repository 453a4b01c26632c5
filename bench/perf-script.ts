import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { bigCapture, has, place } from './inputs.ts'
import { compare, table } from './measure.ts'

const DATAGRAMS = 500_000

/**
 * `perf script` printing a recording, and tracenorm reading what it printed: an older perf refuses a newer recording,
 * so one of this machine.
 */
export async function perfScript(): Promise<void> {
  const recording = (has('perf') && (millionRecording() ?? ownRecording())) || undefined
  if (recording === undefined) {
    console.log('perf script: no perf that can read or make a recording of skb:kfree_skb here: left out\n')
    return
  }
  const text = `${recording}.txt`
  if (!existsSync(text)) print(recording, text)
  const events = Number(execFileSync('grep', ['-c', 'skb:kfree_skb:', text], { encoding: 'utf8' }))
  const figures = await compare([
    { name: 'perf script', command: ['perf', 'script', '-i', recording] },
    { name: 'tracenorm', command: ['node', 'dist/tracenorm.cjs', '-q', text] },
  ])
  console.log(
    `perf script printing ${events} events, and tracenorm reading them\n\n${table(figures, events, 'perf script')}\n`,
  )
}

function millionRecording(): string | undefined {
  const recording = bigCapture('perf6.12-million/perf.data.zst')
  return recording !== undefined && isReadable(recording) ? recording : undefined
}

/** Datagrams to a port of this host that no process listens on: NO_SOCKET each. */
function ownRecording(): string | undefined {
  mkdirSync(place, { recursive: true })
  const recording = join(place, 'own-perf.data')
  if (!existsSync(recording)) {
    const sender = ['node', 'bench/peers/datagrams.mjs', String(DATAGRAMS)]
    spawnSync('perf', ['record', '-q', '-m', '16384', '-e', 'skb:kfree_skb', '-o', recording, ...sender])
  }
  return existsSync(recording) && isReadable(recording) ? recording : undefined
}

function isReadable(recording: string): boolean {
  return spawnSync('perf', ['script', '-i', recording, '--time', '0,1'], { stdio: 'ignore' }).status === 0
}

function print(recording: string, text: string): void {
  const file = openSync(text, 'w')
  spawnSync('perf', ['script', '-i', recording], { stdio: ['ignore', file, 'ignore'] })
  closeSync(file)
}
