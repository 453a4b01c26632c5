import { Outputs } from '../output/outputs.ts'
import { latin1 } from '../text/utf8.ts'
import type { Io } from './io.ts'
import { withOutputs } from './with-outputs.ts'

/** Writes what a command answers to stdout. Throws InputError (the disk is full), BrokenPipe and EndedBySignal. */
export async function answer(io: Io, text: string): Promise<void> {
  await answerInto(io, undefined, () => text)
}

/** Writes it to a file, which is opened before the answer is looked for. Throws as `answer` does. */
export async function answerInto(io: Io, path: string | undefined, textOf: () => string): Promise<void> {
  const as = path === undefined ? 'stdout' : '-o'
  const outputs = new Outputs([{ as, path }], [], io)
  await withOutputs(outputs, io.signals, async (interruption) => {
    outputs.to(as).write(latin1(textOf()))
    await interruption.pause()
    await interruption.wait(outputs.end(as))
    await outputs.keep([as])
  })
}
