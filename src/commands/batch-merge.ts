import { mergeManifests } from '../batch/merge-manifests.ts'
import { tableOf } from '../batch/table.ts'
import { addFile, emptyTally, statusOf } from '../batch/tally.ts'
import { Outputs } from '../output/outputs.ts'
import { latin1 } from '../text/utf8.ts'
import type { BatchFlags } from './batch.ts'
import type { CommandContext } from './command-context.ts'
import type { Ending } from './io.ts'
import { withOutputs } from './with-outputs.ts'

const STDOUT = 'stdout'

/** Makes one manifest of those of all shards, and says what they came to. Throws InputError and EndedBySignal. */
export async function runMerge(flags: BatchFlags, context: CommandContext): Promise<Ending> {
  const outputs = new Outputs([{ as: STDOUT, path: undefined }], [], context)
  return withOutputs(outputs, context.signals, async (interruption) => {
    const tally = emptyTally()
    await mergeManifests(flags.out, interruption, (entries) => addFile(tally, entries))
    if (flags.quiet !== true) outputs.to(STDOUT).write(latin1(tableOf(tally, 0)))
    await outputs.end(STDOUT)
    return statusOf(tally, 0, flags.onReject)
  })
}
