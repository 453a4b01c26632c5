import type { Ending } from './commands/io.ts'
import { ioOfProcess, leave, wallClock } from './commands/this-process.ts'
import { typedWords } from './commands/words.ts'
import { main, workAlong } from './program.ts'

/** Where the program is. */
export interface Places {
  /** The folder of the package. */
  readonly home: URL
  /** The script of its threads, made of coworker-launcher.ts. Undefined: it has none. */
  readonly coworker?: URL
}

/** The program, on the descriptors and signals of the process that it runs in. */
export interface ProgramOfProcess {
  /** Runs a command line. */
  run(words: readonly string[], version: string, places: Places): Promise<Ending>
  leave(ending: Ending): never
  /** What a thread of the program does. */
  workAlong(): Promise<void>
}

export const program: ProgramOfProcess = {
  run: (words, version, places) => main(typedWords(words), ioOfProcess(version, places)),
  leave,
  workAlong: () => workAlong(wallClock),
}
