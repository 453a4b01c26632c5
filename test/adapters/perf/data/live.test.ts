// The recipe of the README without perf script, with a perf of this machine.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { MAIN } from '../../../cli/processes.ts'
import { root } from '../../../cli/program.ts'
import { eventsIn } from '../../../kit/convert-bytes.ts'
import { REFUSED, whyNoRecording } from '../../../kit/perf-here.ts'
import type { RecordedEvent } from './recordings.ts'

const why = whyNoRecording()
if (why !== undefined) console.log(`skipped: ${why}`)

describe.skipIf(why !== undefined)('the recipe with a recording in a pipe', () => {
  it('gives the drop of a refused connection, with its reason and task', () => {
    const [recipe = expect.fail('the README has no such recipe')] =
      /^perf record .* -o - \| tracenorm$/m.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? []
    const script = recipe
      .replace(' -o - |', () => ` -o - -- bash -c '${REFUSED}' |`)
      .replace(/tracenorm$/, () => `'${process.execPath}' '${MAIN}' --from perf:data`)
    const output = execFileSync('bash', ['-c', script], { encoding: 'latin1', stdio: ['ignore', 'pipe', 'ignore'] })
    const drops = eventsIn<RecordedEvent>(output).filter(({ process }) => process?.comm === 'bash')
    expect(drops).toContainEqual(
      expect.objectContaining({
        kind: 'drop',
        event_name: 'skb:kfree_skb',
        drop: expect.objectContaining({ reason: 'NO_SOCKET', decoded_by: 'format' }),
        process: { comm: 'bash', pid: expect.any(Number), tid: expect.any(Number) },
        host: expect.objectContaining({ kernel: expect.any(String) }),
      }),
    )
  })
})
