// The kernel under this test: tracefs, BTF and the bundled table must agree.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { release } from 'node:os'
import { describe, expect, it } from 'vitest'
import { loadBundle } from '../../../src/kernel/reasons/bundle.ts'
import { pickTable } from '../../../src/kernel/reasons/pick.ts'
import { readReasons } from '../../../src/kernel/reasons/read.ts'
import { tableIn } from './files.ts'

const FORMAT = '/sys/kernel/tracing/events/skb/kfree_skb/format'
const BTF = '/sys/kernel/btf/vmlinux'

describe('the kernel of this machine', () => {
  it('has the same core reasons in tracefs and BTF', () => {
    const format = formatOfThisKernel()
    const btf = readIfThere(BTF)
    if (format === undefined || btf === undefined) return
    const { core } = tableIn(readReasons(btf))
    const printed = tableIn(readReasons(format)).core
    // The format file has no names for what is no reason.
    expect(
      Object.fromEntries(
        Object.entries(core).filter(
          ([number, name]) => number in printed || !/^(NOT_DROPPED_YET|CONSUMED)$/.test(name),
        ),
      ),
    ).toEqual(printed)
  })

  // A build of somebody's own may have reasons more: none is named otherwise.
  it('names no reason otherwise than the bundled table that its release picks', async () => {
    const btf = readIfThere(BTF)
    if (btf === undefined) return
    const pick = pickTable(await loadBundle(), release())
    if (pick.kind === 'unknown') return console.log(`skipped: ${release()}: ${pick.why}`)
    const { core, subsystems } = tableIn(readReasons(btf))
    if (pick.sure === 'exact') expect(pick.table.core).toEqual(core)
    else expect(core).toMatchObject(pick.table.core)
    for (const [id, { name, names }] of Object.entries(subsystems))
      expect(pick.table.subsystems[id]).toMatchObject({ name, names })
  })

  it.each([['-j'], [], ['format', 'c']].map((words) => [words.join(' ') || 'as text', words] as const))(
    'has the same reasons as bpftool prints, %s',
    (_, words) => {
      const btf = readIfThere(BTF)
      if (btf === undefined) return
      const { status, stdout } = spawnSync('bpftool', ['btf', 'dump', 'file', BTF, ...words], { maxBuffer: 1 << 28 })
      if (status !== 0) return console.log('skipped: no bpftool')
      expect(tableIn(readReasons(stdout))).toEqual(tableIn(readReasons(btf)))
    },
  )
})

function formatOfThisKernel(): Uint8Array | undefined {
  // Only root can mount it, and only once: where it fails the file is there already, or the test is skipped.
  if (process.getuid?.() === 0) spawnSync('mount', ['-t', 'tracefs', 'nodev', '/sys/kernel/tracing'])
  return readIfThere(FORMAT)
}

function readIfThere(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path)
  } catch {
    console.log(`skipped: cannot read ${path}`)
    return undefined
  }
}
