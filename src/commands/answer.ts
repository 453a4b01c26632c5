import { Outputs } from '../output/outputs.ts'
import { latin1 } from '../text/utf8.ts'
import { withOutputs } from './with-outputs.ts'

/** Writes what a command answers, to stdout. Throws InputError (the disk is full) and BrokenPipe, which `process.stdout` would tell too late. */
export async function answer(text: string): Promise<void> {
  await answerInto(undefined, () => text)
}

/** The same to a file; it is opened before the answer is looked for. */
export async function answerInto(path: string | undefined, textOf: () => string): Promise<void> {
  const as = path === undefined ? 'stdout' : '-o'
  const outputs = new Outputs([{ as, path }], [])
  await withOutputs(outputs, async (interruption) => {
    outputs.to(as).write(latin1(textOf()))
    await interruption.pause()
    await interruption.wait(outputs.end(as))
    await outputs.keep([as])
  })
}
