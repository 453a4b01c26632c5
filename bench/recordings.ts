import { spawnSync } from 'node:child_process'
import { capture, drops, fill, has, type Input, kept } from './captures.ts'

/** A recording of perf, and the text that perf prints of it. */
export interface Recording {
  readonly data: string
  readonly text: Input
}

const FULL = 500_000
const QUICK = 100_000
const WITH_CHAINS = 5

/**
 * The big recording of the corpus; an older perf cannot read it, and then, as for a quick run, one that is made here.
 * Undefined, with a note on stdout, where perf is not there or must not record.
 */
export function recordingOfDrops(isQuick: boolean): Recording | undefined {
  if (!isQuick && has('perf')) {
    const big = capture('corpus-big', 'perf6.12-million/perf.data.zst')
    if (big !== undefined && isReadable(big)) return printed(big)
  }
  return ownRecording(`drops-${isQuick ? QUICK : FULL}`, isQuick ? QUICK : FULL, [])
}

/** A fifth of the drops, each with the kernel's part of its call chain. */
export function recordingWithChains(isQuick: boolean): Recording | undefined {
  const datagrams = (isQuick ? QUICK : FULL) / WITH_CHAINS
  return ownRecording(`chains-${datagrams}`, datagrams, ['-g', '--kernel-callchains'])
}

/** Datagrams to a port of this host that no process listens on: the kernel drops each with NO_SOCKET. */
function ownRecording(name: string, datagrams: number, flags: readonly string[]): Recording | undefined {
  if (!has('perf')) {
    console.log('no perf here: what perf script prints is left out\n')
    return undefined
  }
  const sender = ['node', 'bench/peers/datagrams.mjs', String(datagrams)]
  const make = (file: string): void => {
    spawnSync('perf', ['record', '-q', ...flags, '-m', '16384', '-e', 'skb:kfree_skb', '-o', file, ...sender])
    if (!isReadable(file)) throw new Error('perf made no recording')
  }
  try {
    return printed(kept(`${name}.perf-data`, make))
  } catch {
    console.log('perf must not record skb:kfree_skb here (it needs root and a mounted tracefs): left out\n')
    return undefined
  }
}

function isReadable(data: string): boolean {
  return spawnSync('perf', ['script', '-i', data, '--time', '0,1'], { stdio: 'ignore' }).status === 0
}

function printed(data: string): Recording {
  const name = `${data.slice(data.lastIndexOf('/') + 1)}.txt`
  return { data, text: drops(kept(name, (file) => fill(file, ['perf', 'script', '-i', data]))) }
}
